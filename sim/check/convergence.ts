/**
 * Oracle for CONS-2: once faults have healed, every replica shows the same write under every key. Whether it is the right
 * one it leaves to the oracle of reads, which judges everything read back.
 */
import { toHex } from "kvdal";
import type { History, Oracle, View, Violation, WriteRecord } from "./history.ts";

/** The first difference between the views of any record, or undefined. */
export const convergenceOracle: Oracle<"CONS-2"> = {
  name: "convergence",
  rules: ["CONS-2"],
  check: ({ views, writes }: History) => {
    for (const [record, ofRecord] of views.entries()) {
      const violation = checkRecord(record, ofRecord, writes);
      if (violation !== undefined) return violation;
    }
    return undefined;
  },
};

function checkRecord(
  record: number,
  views: readonly View[],
  writes: readonly WriteRecord[],
): Violation<"CONS-2"> | undefined {
  const [first, ...others] = views;
  if (first === undefined) return undefined;
  for (const [i, other] of others.entries()) {
    const length = Math.max(first.length, other.length);
    for (let at = 0; at < length; at += 1) {
      if (sameEntry(first[at], other[at])) continue;
      const what =
        `record ${record} differs after healing: ${describe(first[at])} at replica 0, ` +
        `${describe(other[at])} at replica ${i + 1}`;
      const shown = [first[at], other[at]].flatMap((entry) => writesOf(entry, writes));
      return { rule: "CONS-2", what, operations: [...new Set(shown)] };
    }
  }
  return undefined;
}

/** The operation whose write an entry is. */
function writesOf(
  entry: View[number] | undefined,
  writes: readonly WriteRecord[],
): readonly number[] {
  if (entry === undefined) return [];
  const nonce = toHex(entry.nonce);
  return writes
    .filter(({ order }) => order.time === entry.time && order.nonce === nonce)
    .map(({ operation }) => operation);
}

function sameEntry(a: View[number] | undefined, b: View[number] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.time === b.time && sameBytes(a.key, b.key) && sameBytes(a.nonce, b.nonce);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

function describe(entry: View[number] | undefined): string {
  if (entry === undefined) return "nothing more";
  return `key 0x${toHex(entry.key)} written at ${entry.time} by ${toHex(entry.nonce)}`;
}
