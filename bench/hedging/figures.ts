/** What a run with or without hedges came to. */

/** Latencies in milliseconds. */
export type HedgingFigures = {
  /** Most hedges, as a share of the calls; 0 for none. */
  readonly cap: number;
  readonly calls: number;
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** Second attempts that were sent, and those of them that answered first. */
  readonly hedges: number;
  readonly hedgesWon: number;
  /** Requests beyond one a call: hedges, retries and handshakes. */
  readonly extraRequests: number;
};

/** The figures of these calls. */
export function figuresOf(
  micros: readonly number[],
  counts: Omit<HedgingFigures, "p50" | "p99" | "p999">,
): HedgingFigures {
  const sorted = micros.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN) / 1000;
  return { ...counts, p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}

/** A line for people. */
export function figuresLine(what: string, figures: HedgingFigures): string {
  const { cap, calls, failed, p50, p99, p999, hedges, hedgesWon, extraRequests } = figures;
  const how = cap === 0 ? "no hedges" : `at most ${(cap * 100).toFixed(0)} %`;
  const times = [p50, p99, p999].map((millis) => millis.toFixed(1).padStart(6));
  const share = ((100 * hedges) / calls).toFixed(2);
  const extra = `${hedges} hedges (${share} %), ${hedgesWon} won; ${extraRequests} extra requests`;
  const bad = failed === 0 ? "" : `, ${failed} failed`;
  return `${what}: ${how.padEnd(12)} p50 ${times[0]} ms, p99 ${times[1]} ms, p99.9 ${times[2]} ms; ${extra}, of ${calls} calls${bad}`;
}
