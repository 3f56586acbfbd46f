/** How long the next engine read will take, from those before it (SLO-2). */
import type { Micros } from "../model/time.ts";

/** A rolling picture of a namespace's reads. All 0 while there was none. */
export type ReadLatency = {
  /** Mean time of a read. */
  readonly mean: Micros;
  /** Mean distance from that mean. */
  readonly deviation: Micros;
  /** Mean number of rows that a read asked for. */
  readonly rows: number;
};

/** No read yet. */
export const NO_LATENCY: ReadLatency = { mean: 0, deviation: 0, rows: 0 };

/** What is known when the next read of a call is planned. */
export type ReadPlan = {
  /** Of this namespace at this server. */
  readonly latency: ReadLatency;
  /** The slowest read of this call so far; 0 before the first. */
  readonly slowestRead: Micros;
  /** What is left until the call's deadline. */
  readonly timeLeft: Micros;
};

/** Means move by an eighth of the difference, deviations by a quarter: the smoothing of TCP's time-outs (RFC 6298). */
const MEAN_SHARE = 1 / 8;
const DEVIATION_SHARE = 1 / 4;
/** A read later than the mean by so many deviations is rare. */
const DEVIATIONS = 4;

/** The picture after one more read. One that failed by its deadline took at least so long, and counts as that. */
export function observeRead(
  latency: ReadLatency,
  read: { readonly micros: Micros; readonly rows: number },
): ReadLatency {
  // One read says nothing of the spread.
  if (latency.rows === 0) return { mean: read.micros, deviation: 0, rows: read.rows };
  const { mean, deviation, rows } = latency;
  return {
    mean: mean + (read.micros - mean) * MEAN_SHARE,
    deviation: deviation + (Math.abs(read.micros - mean) - deviation) * DEVIATION_SHARE,
    rows: rows + (read.rows - rows) * MEAN_SHARE,
  };
}

/**
 * How long a read of so many rows takes, unless it is exceptionally slow. Half of a usual read's time is taken to
 * grow with the rows. Never less than the slowest read of this call: what slowed that one down is likely still there.
 */
export function projectRead({ latency, slowestRead }: ReadPlan, rows: number): Micros {
  const usual = usualRead(latency);
  const grown = rows > latency.rows && usual > 0 ? (usual * (1 + rows / latency.rows)) / 2 : usual;
  return Math.max(slowestRead, grown);
}

/** The most rows that a read can ask for and still be projected to end in time; 1 at least, Infinity if unknown. */
export function rowsInTime({ latency, timeLeft }: ReadPlan): number {
  const usual = usualRead(latency);
  if (usual === 0) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(latency.rows * ((2 * timeLeft) / usual - 1)));
}

function usualRead({ mean, deviation }: ReadLatency): Micros {
  return mean + DEVIATIONS * deviation;
}
