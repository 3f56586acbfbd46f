/** DeleteItems: a record, a range or single keys under one token (DEL-1 to DEL-4). */
import { KvError } from "../model/error.ts";
import {
  checkFields,
  checkId,
  checkKey,
  checkList,
  checkRange,
  ITEMS_PER_REQUEST_MAX,
} from "../model/limits.ts";
import { sortedUniqueKeys, unknownPredicate } from "../model/predicate.ts";
import { isEmptyRange } from "../model/range.ts";
import type { DeleteItemsRequest, MutationResponse } from "../model/request.ts";
import { deleteVersion } from "../model/version.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { markerRemovalTime } from "../policy/spread-delete.ts";
import type { Mutation } from "../ports/storage-engine.ts";
import { checkToken, writeMutations } from "./mutation.ts";
import { engineCall, type ServiceCall, type ServiceParts } from "./service-parts.ts";

/**
 * Carries a delete out. It hides every write with a token at or below its own, whenever that write arrives, and
 * nothing newer (DEL-4). An empty range deletes nothing and never reaches the engine.
 */
export async function deleteItems(
  request: DeleteItemsRequest,
  namespace: Namespace,
  parts: ServiceParts,
  call: ServiceCall,
): Promise<MutationResponse> {
  const now = parts.env.clock.wall();
  checkToken(request.token, namespace, now);
  checkId(request.id);
  const mutations = toDeletions(request, namespace);
  if (mutations.length === 0) return { outcomes: [] };
  const engine = engineCall(call, namespace.consistency, now);
  return await writeMutations(request.id, mutations, namespace, engine);
}

/** The deletion as the engine is to carry it out; none for an empty range. Throws for what is past a limit. */
export function toDeletions(
  request: Pick<DeleteItemsRequest, "predicate" | "token">,
  namespace: Namespace,
): readonly Mutation[] {
  const { predicate } = request;
  checkFields("predicate", predicate);
  const version = deleteVersion(request.token);
  switch (predicate.kind) {
    case "match_all":
      return [{ kind: "delete_record", version }];
    case "match_range":
      checkRange(predicate.range);
      if (isEmptyRange(predicate.range)) return [];
      return [{ kind: "delete_range", range: predicate.range, version }];
    case "match_keys":
      return checkedKeys(predicate.keys, namespace).map((key) => ({
        kind: "delete_key",
        key,
        version,
        removeAt: markerRemovalTime(
          request.token,
          key,
          namespace.retention,
          namespace.deleteJitter,
        ),
      }));
    default:
      throw unknownPredicate(predicate);
  }
}

function checkedKeys(keys: readonly Uint8Array[], namespace: Namespace): readonly Uint8Array[] {
  checkList("keys", keys);
  const most = Math.min(ITEMS_PER_REQUEST_MAX, namespace.engine.capabilities.mutationsPerWriteMax);
  if (keys.length === 0 || keys.length > most) {
    throw new KvError("INVALID_ARGUMENT", `delete of ${keys.length} keys, wanted 1 to ${most}`);
  }
  for (const key of keys) checkKey(key);
  return sortedUniqueKeys(keys);
}
