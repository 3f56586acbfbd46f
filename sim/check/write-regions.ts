/** A write as regions have it. */
import type { Micros } from "kvdal";

/** What regions have of an acknowledged write. */
export type WriteRegions = {
  readonly acknowledgedIn: number;
  /** By region: from when on a majority of its copies has it; Infinity for never. */
  readonly arrived: readonly Micros[];
  /** By region: from when on its readers are owed it (CONS-3). */
  readonly owed: readonly Micros[];
};
