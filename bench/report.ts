/** Figures with their spread: medians, and the quarter and three quarter marks beside them. */
import type { BenchPlace } from "./named-bench.ts";

/** Of samples of one figure. */
export type Spread = {
  readonly median: number;
  /** A quarter of the samples is below `p25`, a quarter above `p75`. */
  readonly p25: number;
  readonly p75: number;
  readonly min: number;
  readonly max: number;
  readonly samples: number;
};

/** One micro bench's figures, in units a second. */
export type BenchResult = Spread & {
  readonly name: string;
  readonly unit: "operations per second" | "events per CPU-second";
};

/** A run of micro benches, and where it ran. */
export type BenchReport = BenchPlace & { readonly benches: readonly BenchResult[] };

/** Median, quarters and ends of at least one sample. */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return {
    median: at(0.5),
    p25: at(0.25),
    p75: at(0.75),
    min: at(0),
    max: at(1),
    samples: sorted.length,
  };
}

/** A line for people. */
export function benchLine(result: BenchResult): string {
  const [median, p25, p75] = [result.median, result.p25, result.p75].map((rate) =>
    Math.round(rate)
      .toString()
      .replace(/\B(?=(\d{3})+$)/g, ","),
  );
  const unit = result.unit === "operations per second" ? "ops/s" : "events/CPU-s";
  const spread = `${p25} to ${p75}, ${result.samples} samples`;
  return `${result.name.padEnd(40)} ${(median ?? "").padStart(12)} ${unit.padEnd(12)}  (${spread})`;
}
