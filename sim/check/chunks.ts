/** Oracle for CHUNK-4: once everything has settled, no chunk is left that no item refers to. */
import type { ChunkedValue, Oracle } from "./history.ts";

/** Judges what the last clean-up left; abandoned chunks (CHUNK-3) are nobody's, too. */
export const chunksOracle: Oracle<"CHUNK-4"> = {
  name: "chunks",
  rules: ["CHUNK-4"],
  check: ({ chunks, writes }) => {
    const referred = new Set(chunks.referred.map(nameOf));
    const left = chunks.stored.find((value) => !referred.has(nameOf(value)));
    if (left === undefined) return undefined;
    const what =
      `chunks written at ${left.writeTime} for key 0x${left.key} of ${left.id} are left, ` +
      "though no item refers to them";
    const own = writes.filter(
      ({ order, chunked }) => order.time === left.writeTime && chunked !== 0,
    );
    return { rule: "CHUNK-4", what, operations: own.map(({ operation }) => operation) };
  },
};

function nameOf({ id, key, writeTime, staging }: ChunkedValue): string {
  return `${id} ${key} ${writeTime} ${staging}`;
}
