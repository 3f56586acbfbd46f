/**
 * Door to the benches. Goal: ratios and orders of magnitude, side by side in one run, with their spread. Not a goal:
 * absolute figures that hold on another machine, or under another load; no test asserts one.
 */
import type { NamedBench } from "./named-bench.ts";

export type { BenchOptions, BenchPlace, NamedBench } from "./named-bench.ts";

/** In the order of the help; the first is run when none is named. A new bench is a folder and a line here. */
export const BENCHES: readonly NamedBench[] = [
  {
    name: "micro",
    summary: "single pieces: the engine port, the model, the simulator's run loop",
    load: async () => (await import("./micro/bench.ts")).runMicroBenches,
  },
  {
    name: "compression",
    summary: "bytes and time of none, lz4, zstd, and zstd with a dictionary on small JSON",
    load: async () => (await import("./compression/bench.ts")).runCompressionBench,
  },
  {
    name: "large-values",
    summary: "memory while 256 MiB stream, and time from 1 to 64 MiB beside the bare driver",
    load: async () => (await import("./large-values/bench.ts")).runLargeValuesBench,
  },
  {
    name: "pages",
    summary:
      "what pages read of an engine in vain, how many come early, how long a large one takes",
    load: async () => (await import("./pages/bench.ts")).runPagesBench,
  },
  {
    name: "deletes",
    summary: "how evenly a mass delete's markers go; a record's deletion by its size; tombstones",
    engines: ["memory", "rocksdb", "cassandra", "dynamodb"],
    load: async () => (await import("./deletes/bench.ts")).runDeletesBench,
  },
  {
    name: "hedging",
    summary: "p99 with one slow replica of three, with and without hedges, and what they cost",
    engines: ["simulated", "cassandra"],
    load: async () => (await import("./hedging/bench.ts")).runHedgingBench,
  },
  {
    name: "scan",
    summary: "rows a second of a whole namespace, beside the bare driver over the same rows",
    engines: ["memory", "rocksdb", "cassandra", "dynamodb"],
    load: async () => (await import("./scan/bench.ts")).runScanBench,
  },
  {
    name: "cache",
    summary:
      "the memcached adapter beside bare memjs; gets and puts on Cassandra with a cache in front",
    engines: ["memcached", "cassandra"],
    load: async () => (await import("./cache/bench.ts")).runCacheBench,
  },
  {
    name: "druid-cache",
    summary: "an interval cache of dashboard queries beside its published figures, in virtual time",
    load: async () => (await import("./druid-cache/bench.ts")).runDruidCacheBench,
  },
  {
    name: "compare",
    summary:
      "put and get of 256 bytes beside keyv, the bare cassandra-driver and the bare AWS client",
    engines: ["memory", "cassandra", "dynamodb"],
    load: async () => (await import("./compare/bench.ts")).runCompareBench,
  },
];
