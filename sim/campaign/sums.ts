/** What worlds come to together: plain data that can be added up in any order, by any process, and kept in a file. */
import { POINT_NAMES } from "../amplify/list.ts";
import type { CacheCounters } from "../backends/cache/create.ts";
import { FAULTS } from "../faults/registry/index.ts";
import type { PlanResult } from "../plan-result.ts";
import { noRegions, type RegionCounters } from "../regions-run.ts";
import { hash32 } from "../world/keyed-random.ts";
import { CELLS } from "../world/touches.ts";
import { type Failure, failureOf } from "./failure.ts";
import { SKEW_BOUNDS, skewRow } from "./skew-rows.ts";

/** Counts that are added up over worlds. */
export type Counts = {
  worlds: number;
  operations: number;
  succeeded: number;
  unknown: number;
  events: number;
  virtualMicros: number;
  /** CPU time of the processes that ran them. */
  cpuMicros: number;
  messages: number;
  lost: number;
  cut: number;
  duplicated: number;
  delayed: number;
  crashes: number;
  /** Worlds run a second time with an equal fingerprint. */
  repeated: number;
  /** Runs that prove nothing, repeated where possible; only over real engines. */
  inconclusive: number;
  /** Worlds with a cache. */
  cachedWorlds: number;
  /** Worlds of two regions. */
  regionWorlds: number;
};

/** The sums over some worlds. */
export type Sums = {
  readonly counts: Counts;
  /** What caches did in the worlds that have one. */
  readonly cache: { -readonly [C in keyof CacheCounters]: number };
  /** What failovers cost in the worlds of two regions. */
  readonly regions: RegionCounters;
  /** Sums, modulo 2^32, of two hashes of each world's seed and fingerprint. */
  readonly print: [number, number];
  /** Calls that a fault touched, by cell of the matrix of fault, verb and outcome. */
  readonly touches: number[];
  /** How often each kind of fault fired, and mattered: by place in the registry. */
  readonly faults: { readonly fired: number[]; readonly mattered: number[] };
  /** Worlds that had each amplification point, how often it was come by, and fired: by its place in the list. */
  readonly amplified: {
    readonly worlds: number[];
    readonly reached: number[];
    readonly fired: number[];
  };
  /** How often writes lost by skew: a row for each bound, of worlds, writes and those that lost. */
  readonly skew: number[][];
  readonly failures: Failure[];
};

/** The sums over no world. */
export function noSums(): Sums {
  return {
    counts: {
      worlds: 0,
      operations: 0,
      succeeded: 0,
      unknown: 0,
      events: 0,
      virtualMicros: 0,
      cpuMicros: 0,
      messages: 0,
      lost: 0,
      cut: 0,
      duplicated: 0,
      delayed: 0,
      crashes: 0,
      repeated: 0,
      inconclusive: 0,
      cachedWorlds: 0,
      regionWorlds: 0,
    },
    regions: noRegions(),
    cache: {
      hits: 0,
      misses: 0,
      stale: 0,
      markers: 0,
      shared: 0,
      failures: 0,
      refusedWrites: 0,
    },
    print: [0, 0],
    touches: zeros(CELLS),
    faults: { fired: zeros(FAULTS.length), mattered: zeros(FAULTS.length) },
    amplified: {
      worlds: zeros(POINT_NAMES.length),
      reached: zeros(POINT_NAMES.length),
      fired: zeros(POINT_NAMES.length),
    },
    skew: SKEW_BOUNDS.map(() => zeros(3)),
    failures: [],
  };
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}

/** Adds what a world came to; that there was one more is counted where it begins. */
export function addWorld(sums: Sums, result: PlanResult, isCached: boolean): void {
  const { counts } = sums;
  counts.operations += result.operations;
  counts.succeeded += result.outcomes.succeeded;
  counts.unknown += result.outcomes.unknown;
  counts.events += result.events;
  counts.virtualMicros += result.virtualMicros;
  counts.messages += result.network.sent;
  counts.lost += result.network.lost;
  counts.cut += result.network.cut;
  counts.duplicated += result.network.duplicated;
  counts.delayed += result.network.delayed;
  counts.crashes += result.crashes;
  if (isCached) {
    counts.cachedWorlds += 1;
    addEach(sums.cache, result.cache);
  }
  if (result.regions !== undefined) {
    counts.regionWorlds += 1;
    addEach(sums.regions, result.regions);
  }
  addPrint(sums, result);
  addList(sums.touches, result.touches);
  addList(sums.faults.fired, result.faults.fired);
  addList(sums.faults.mattered, result.faults.mattered);
  addList(sums.amplified.worlds, result.amplified.active);
  addList(sums.amplified.reached, result.amplified.reached);
  addList(sums.amplified.fired, result.amplified.fired);
  const { skew, writes, overtaken } = result.skew;
  addList(sums.skew[skewRow(skew)] as number[], [1, writes, overtaken]);
  const failure = failureOf(result);
  if (failure !== undefined) sums.failures.push(failure);
}

/** With the seed in it, two worlds that changed places show; in a sum, the order in which worlds came does not. */
function addPrint({ print }: Sums, { seed, fingerprint }: PlanResult): void {
  const a = Number.parseInt(fingerprint.slice(0, 8), 16);
  const b = Number.parseInt(fingerprint.slice(8, 16), 16);
  print[0] = (print[0] + hash32(seed, a, b)) >>> 0;
  print[1] = (print[1] + hash32(b, a, seed)) >>> 0;
}

/** Adds other sums, which are not changed. */
export function addSums(sums: Sums, other: Sums): void {
  addEach(sums.counts, other.counts);
  addEach(sums.cache, other.cache);
  addEach(sums.regions, other.regions);
  sums.print[0] = (sums.print[0] + other.print[0]) >>> 0;
  sums.print[1] = (sums.print[1] + other.print[1]) >>> 0;
  addList(sums.touches, other.touches);
  addList(sums.faults.fired, other.faults.fired);
  addList(sums.faults.mattered, other.faults.mattered);
  addList(sums.amplified.worlds, other.amplified.worlds);
  addList(sums.amplified.reached, other.amplified.reached);
  addList(sums.amplified.fired, other.amplified.fired);
  for (const [row, more] of other.skew.entries()) addList(sums.skew[row] as number[], more);
  sums.failures.push(...other.failures);
}

function addList(counts: number[], more: ArrayLike<number>): void {
  for (let place = 0; place < counts.length; place += 1) counts[place]! += more[place]!;
}

function addEach<N extends string>(counts: Record<N, number>, more: Readonly<Record<N, number>>) {
  for (const name of Object.keys(counts) as N[]) counts[name] += more[name];
}

/** 16 hexadecimal digits over the fingerprints of all worlds, whatever their order. */
export function printOf({ print }: Sums): string {
  return print.map((lane) => lane.toString(16).padStart(8, "0")).join("");
}
