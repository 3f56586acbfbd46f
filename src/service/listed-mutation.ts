/** A mutation of a list as both ends of the log see it: checked when it is handed in, and again when it is applied. */
import type { CodecParts } from "../codec/codec-parts.ts";
import { PLAIN_CLIENT } from "../model/capabilities.ts";
import { KvError } from "../model/error.ts";
import { checkId } from "../model/limits.ts";
import type { LoggedMutation } from "../model/mutation-list.ts";
import type { PutItem } from "../model/request.ts";
import type { Micros } from "../model/time.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { isChunked } from "../policy/plan-chunks.ts";
import type { Mutation } from "../ports/storage-engine.ts";
import { checkedExpiry, checkItems } from "./check-put.ts";
import { toDeletions } from "./delete-items.ts";
import { toMutation } from "./put-items.ts";

/**
 * What the engine is to do; nothing for an empty range. Throws INVALID_ARGUMENT, TOO_LARGE or UNSUPPORTED for what the
 * namespace, as it is now, does not take. Expiries are as they were fixed when the list was accepted (TTL-2).
 */
export function engineMutations(
  { mutation, token }: LoggedMutation,
  namespace: Namespace,
  codec: CodecParts,
  now: Micros,
): readonly Mutation[] {
  checkId(mutation.id);
  if (mutation.kind === "delete") {
    return toDeletions({ predicate: mutation.predicate, token }, namespace);
  }
  const { items } = mutation;
  for (const item of items) checkInline(item, namespace);
  const capabilities = { ...PLAIN_CLIENT, chunking: true };
  const { namespace: named, id } = mutation;
  const put = { kind: "put_items", namespace: named, id, items, token, capabilities } as const;
  checkItems(put, namespace, codec);
  return items.map((item) =>
    toMutation(item, put, checkedExpiry(item.expiresAt, token, namespace, now)),
  );
}

/** Values of a list are stored inline: nobody would be there to stage chunks when it is applied. */
function checkInline({ value, chunk }: PutItem, { limits }: Namespace): void {
  const most = limits.chunkAboveBytes;
  if (chunk === undefined && !isChunked(value.length, most)) return;
  const found = chunk === undefined ? `${value.length} bytes` : "in chunks";
  throw new KvError(
    "TOO_LARGE",
    `value of a list is ${found}, wanted at most ${most} bytes inline`,
  );
}
