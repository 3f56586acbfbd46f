/** Since when a reader is owed a write: of one region at once, of several by where it was acknowledged and read (CONS-3). */
import type { Micros } from "kvdal";
import type { ReadRecord, WriteRecord } from "./history.ts";

/** From then on reads that begin are to show the write, or a newer one; Infinity for never. */
export function owedFrom(
  { acknowledged, regions }: WriteRecord,
  { answeredIn }: Pick<ReadRecord, "answeredIn">,
): Micros {
  if (regions === undefined || answeredIn === undefined) return acknowledged;
  return Math.max(...answeredIn.map((region) => regions.owed[region] ?? Number.POSITIVE_INFINITY));
}

/** Whether some of the read came of another region than the one that acknowledged the write. */
export function isOfElsewhere(
  { regions }: WriteRecord,
  { answeredIn = [] }: Pick<ReadRecord, "answeredIn">,
): boolean {
  return regions !== undefined && answeredIn.some((region) => region !== regions.acknowledgedIn);
}
