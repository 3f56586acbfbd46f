/** Two dated versions of a dataset behind one alias: who loads them, and when the alias goes from one to the other. */
import type { Micros } from "kvdal";

/** Done once all that the loader did since the last step was acknowledged; else neither this step nor a later one. */
export type VersionStep = {
  /** The last operation of the loader before it. */
  readonly after: number;
  /** The alias flips, or the namespace that it does not point at is gone. */
  readonly kind: "flip" | "drop";
  /** One a server: how long until it hears of it. */
  readonly delays: readonly Micros[];
};

/**
 * The old version is in the namespace that the alias points at first, records 0 to `records` of the plan; the new one
 * has the same ids in the other, numbered after them.
 */
export type VersionsPlan = {
  /** The client that loads. */
  readonly loader: number;
  /** Records beside both versions, in a namespace of their own, numbered after them. */
  readonly others: number;
  /** In order. */
  readonly steps: readonly VersionStep[];
};
