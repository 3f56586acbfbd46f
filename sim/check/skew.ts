/** What skew costs: writes that lose against one that was acknowledged before they began, as TOK-9 allows. */
import type { Micros } from "kvdal";
import type { History, WriteRecord } from "./history.ts";

/** How often the allowance was used in a world. */
export type SkewUse = {
  /** Most that the clocks of its clients differ, by what they show and by how finely. */
  readonly skew: Micros;
  readonly writes: number;
  /** Writes that lost a key to a write that was acknowledged before they began. */
  readonly overtaken: number;
};

/** How often it was used in this history. */
export function skewUse({ writes, clientSkew }: History): SkewUse {
  const byRecord = new Map<number, WriteRecord[]>();
  let overtaken = 0;
  for (const write of writes) {
    const before = byRecord.get(write.record) ?? [];
    if (before.length === 0) byRecord.set(write.record, before);
    if (before.some((earlier) => overtakes(earlier, write))) overtaken += 1;
    before.push(write);
  }
  return { skew: clientSkew, writes: writes.length, overtaken };
}

/** Writes stand in the history in the order in which they ended: what was acknowledged before stands before. */
function overtakes(earlier: WriteRecord, { begun, order, keys }: WriteRecord): boolean {
  return (
    earlier.order.time > order.time && earlier.acknowledged < begun && (earlier.keys & keys) !== 0
  );
}
