/** By how much skew worlds are told apart, where it is counted what skew costs. */
import { type Micros, MILLISECOND, SECOND } from "kvdal";

/** A row is of worlds whose clients' clocks differ by less than that, and by no less than the row before. */
export const SKEW_BOUNDS: readonly (readonly [Micros, string])[] = [
  [2 * MILLISECOND, "2 ms"],
  [20 * MILLISECOND, "20 ms"],
  [200 * MILLISECOND, "200 ms"],
  [2_200 * MILLISECOND, "2.2 s"],
  [3_600 * SECOND, "1 h"],
  [Number.POSITIVE_INFINITY, "days"],
];

/** The row of a world. */
export function skewRow(skew: Micros): number {
  return SKEW_BOUNDS.findIndex(([below]) => skew < below);
}
