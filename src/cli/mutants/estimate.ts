/** How many worlds it takes to find a planted bug, from trials some of which may have been given up. */
import { COST_FACTOR } from "kvdal/sim";

/** Worlds, and how many of them found the bug. */
export type Tally = { readonly worlds: number; readonly found: number };

/** Worlds until the bug is found, on average: the estimate, and between what it lies with 95 % certainty. */
export type Estimate = {
  /** Null where no world found it. */
  readonly mean: number | null;
  readonly low: number;
  /** Null where there is no bound. */
  readonly high: number | null;
};

/** The normal distribution has 95 % within so many standard deviations. */
const DEVIATIONS = 1.96;

/** What trials came to together. */
export function tallyOf(
  trials: readonly { readonly worlds: number; readonly found: boolean }[],
): Tally {
  return {
    worlds: trials.reduce((sum, { worlds }) => sum + worlds, 0),
    found: trials.filter(({ found }) => found).length,
  };
}

/**
 * Each world finds the bug with the same probability, so that the number of worlds is geometric; the estimate that is
 * most likely is all worlds over those that found it, whether or not trials were given up. The interval is Wilson's, of
 * that probability, turned over.
 */
export function estimate({ worlds, found }: Tally): Estimate {
  if (worlds === 0) return { mean: null, low: 1, high: null };
  const square = DEVIATIONS ** 2;
  const middle = found + square / 2;
  const half = DEVIATIONS * Math.sqrt((found * (worlds - found)) / worlds + square / 4);
  return {
    mean: found === 0 ? null : worlds / found,
    low: Math.max(1, (worlds + square) / (middle + half)),
    high: found === 0 ? null : (worlds + square) / (middle - half),
  };
}

/** Whether what was left out is needed: without it the bug is lost, or costs so many times the worlds. */
export function isNeeded(without: Tally, meanWith: number): boolean {
  return without.found === 0 || without.worlds / without.found >= COST_FACTOR * meanWith;
}

/** The value in the middle, of two their mean; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
