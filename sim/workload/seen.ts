/** What the history keeps of an item that a reader was given. */
import { type Item, toHex } from "kvdal";
import type { SeenItem } from "../check/history.ts";
import { operationIn, wholeValue } from "./values.ts";

/** What an item says of itself. */
export function seen(item: Item, keys: readonly Uint8Array[]): SeenItem {
  const { lifecycle, content, chunk } = item.metadata;
  return {
    key: indexOf(item.key, keys),
    valueFrom: operationIn(item.value),
    contentFrom: content?.note === undefined ? 0 : operationIn(content.note),
    writeTime: lifecycle.writeTime,
    expiresAt: lifecycle.expiresAt ?? 0,
    whole: wholeValue(item.value),
    chunked: chunk !== undefined,
    staging: chunk === undefined ? "" : toHex(chunk.staging),
  };
}

/** Index of a key in the world's list; past all keys when it is none of them. */
function indexOf(key: Uint8Array, keys: readonly Uint8Array[]): number {
  // Simulated replicas hand out the very bytes that were put: found without comparing any.
  const same = keys.indexOf(key);
  if (same !== -1) return same;
  const at = keys.findIndex((known) => Buffer.compare(known, key) === 0);
  return at === -1 ? keys.length : at;
}
