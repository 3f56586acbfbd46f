/** Telemetry kept in memory, for tests, reports and an exporter to read. */
import type { CounterName, HistogramName, Telemetry } from "../ports/telemetry.ts";

/** A histogram as it is now. */
export type RecordedHistogram = {
  readonly count: number;
  readonly sum: number;
  readonly max: number;
  /** How many values were at most 2^i and above 2^(i-1), by i; values up to 1 are in the first. */
  readonly buckets: readonly number[];
};

/** Telemetry that can be read. */
export type RecordedTelemetry = Telemetry & {
  /** A counter's value; 0 when nothing was counted. */
  readonly counter: (name: CounterName) => number;
  /** All counters that something was counted of, by name. */
  readonly counters: () => ReadonlyMap<CounterName, number>;
  /** A histogram; undefined when nothing was measured. */
  readonly histogram: (name: HistogramName) => RecordedHistogram | undefined;
};

/** New telemetry in which nothing is recorded yet. */
export function recordedTelemetry(): RecordedTelemetry {
  const counters = new Map<CounterName, Counter>();
  const histograms = new Map<HistogramName, Histogram>();
  return {
    count: (name, by = 1) => {
      const counter = counters.get(name);
      if (counter === undefined) counters.set(name, { value: by });
      else counter.value += by;
    },
    observe: (name, value) => {
      const histogram = histograms.get(name) ?? new Histogram();
      histograms.set(name, histogram);
      histogram.add(value);
    },
    counter: (name) => counters.get(name)?.value ?? 0,
    counters: () => new Map([...counters].map(([name, { value }]) => [name, value])),
    histogram: (name) => histograms.get(name)?.recorded(),
  };
}

type Counter = { value: number };

class Histogram {
  #count = 0;
  #sum = 0;
  #max = 0;
  readonly #buckets: number[] = [];

  add(value: number): void {
    const bucket = value <= 1 ? 0 : Math.ceil(Math.log2(value));
    while (this.#buckets.length <= bucket) this.#buckets.push(0);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#sum += value;
    this.#max = Math.max(this.#max, value);
  }

  recorded(): RecordedHistogram {
    return {
      count: this.#count,
      sum: this.#sum,
      max: this.#max,
      buckets: this.#buckets.slice(),
    };
  }
}
