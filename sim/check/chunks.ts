/** Oracle for CHUNK-3 and CHUNK-4: once everything has settled, no chunk is left that no item refers to. */
import type { Micros } from "kvdal";
import type { Violation } from "./history.ts";

/** A value in chunks, by the item that it is, or was, the value of. */
export type ChunkedValue = {
  readonly id: string;
  /** Hexadecimal. */
  readonly key: string;
  /** When the write that staged it was dated. */
  readonly writeTime: Micros;
};

/** The first chunks that are nobody's, or undefined. `stored` may name a value once a chunk. */
export function checkChunks(
  stored: readonly ChunkedValue[],
  items: readonly ChunkedValue[],
): Violation | undefined {
  const live = new Set(items.map(nameOf));
  const left = stored.find((value) => !live.has(nameOf(value)));
  if (left === undefined) return undefined;
  const what =
    `chunks written at ${left.writeTime} for key 0x${left.key} of ${left.id} are left, ` +
    "though no item refers to them";
  return { rule: "CHUNK-4", what, operations: [] };
}

function nameOf({ id, key, writeTime }: ChunkedValue): string {
  return `${id} ${key} ${writeTime}`;
}
