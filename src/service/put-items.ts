/** PutItems: upsert of items of one record under one token (PUT-1 to PUT-4). */
import { encodeMetadata } from "../codec/item-metadata.ts";
import { KvError } from "../model/error.ts";
import { checkId, checkKey, ITEMS_PER_REQUEST_MAX, TTL_MAX } from "../model/limits.ts";
import { sortedUniqueKeys } from "../model/predicate.ts";
import type { MutationResponse, PutItem, PutItemsRequest } from "../model/request.ts";
import { isMicros, type Micros } from "../model/time.ts";
import { putVersion } from "../model/version.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { Mutation } from "../ports/storage-engine.ts";
import { checkToken, writeMutations } from "./mutation.ts";
import { engineCall, type ServiceCall, type ServiceParts } from "./service-parts.ts";

/**
 * Carries a put out. Everything is checked before the engine is called, so that a refusal wrote nothing
 * (DATA-4). Expiries are absolute or follow from the token's time: a retry, at any server, writes the same (TTL-2).
 */
export async function putItems(
  request: PutItemsRequest,
  namespace: Namespace,
  parts: ServiceParts,
  call: ServiceCall,
): Promise<MutationResponse> {
  const now = parts.env.clock.wall();
  checkToken(request.token, namespace, now);
  checkId(request.id);
  checkItems(request.items, namespace);
  const mutations = request.items.map((item) => toMutation(item, request, namespace, now));
  return writeMutations(
    request.id,
    mutations,
    namespace,
    engineCall(call, namespace.consistency, now),
  );
}

function checkItems(items: readonly PutItem[], namespace: Namespace): void {
  const most = Math.min(ITEMS_PER_REQUEST_MAX, namespace.engine.capabilities.mutationsPerWriteMax);
  if (items.length === 0 || items.length > most) {
    throw new KvError("INVALID_ARGUMENT", `put of ${items.length} items, wanted 1 to ${most}`);
  }
  for (const { key, value } of items) {
    checkKey(key);
    if (value.length > namespace.maxValueBytes) {
      throw new KvError(
        "TOO_LARGE",
        `value is ${value.length} bytes, wanted at most ${namespace.maxValueBytes}`,
      );
    }
  }
  if (items.length > 1 && sortedUniqueKeys(items.map((item) => item.key)).length < items.length) {
    throw new KvError("INVALID_ARGUMENT", "a key stands twice in one put, wanted each key once");
  }
}

function toMutation(
  item: PutItem,
  request: PutItemsRequest,
  namespace: Namespace,
  now: Micros,
): Mutation {
  const expiry = expiryOf(item, request.token.generationTime, namespace, now);
  return {
    kind: "put",
    row: {
      key: item.key,
      value: item.value,
      metadata: encodeMetadata({ content: item.content }),
      version: putVersion(request.token, expiry),
    },
  };
}

/** Absolute expiry, 0 for none. One that has passed is legal: a late retry still orders against other writes. */
function expiryOf(item: PutItem, writeTime: Micros, namespace: Namespace, now: Micros): Micros {
  const expiry =
    item.expiresAt ?? (namespace.defaultTtl === undefined ? 0 : writeTime + namespace.defaultTtl);
  if (expiry === 0 && item.expiresAt === undefined) return 0;
  if (!isMicros(expiry) || expiry <= writeTime) {
    throw new KvError(
      "INVALID_ARGUMENT",
      `expiry is ${expiry}, wanted an instant after the write time ${writeTime}`,
    );
  }
  const most = Math.min(TTL_MAX, namespace.engine.capabilities.ttl.max);
  if (expiry - now > most) {
    throw new KvError(
      "INVALID_ARGUMENT",
      `expiry is ${expiry - now} µs ahead, wanted at most ${most} on ${namespace.engine.capabilities.engine}`,
    );
  }
  return expiry;
}
