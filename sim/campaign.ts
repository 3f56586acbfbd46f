/** A campaign: many seeds, one after another, and what they came to together. */
import type { CacheCounters } from "./backends/cache/create.ts";
import type { RealCacheFactory } from "./backends/cache/real-entries.ts";
import type { BackendFactory } from "./backends/backend.ts";
import type { PlanResult } from "./plan-result.ts";
import { runPlan } from "./run-plan.ts";
import { Fingerprint } from "./world/fingerprint.ts";
import { drawPlan } from "./workload/plan.ts";

/** What a campaign is asked to do. */
export type CampaignOptions = {
  readonly factory: BackendFactory;
  /**
   * What stands in front of the engine of every world, whatever its plan: a real cache, or a simulated one. By default
   * some worlds have a simulated one.
   */
  readonly cache?: RealCacheFactory | "simulated" | undefined;
  /** First seed; seeds are consecutive. */
  readonly firstSeed: number;
  readonly seeds: number;
  /** Run every world a second time and compare fingerprints. */
  readonly twice: boolean;
  /** Asked of each failing world: whether it is the last to run. */
  readonly stopAt: (failure: Failure) => boolean;
  /** Called now and then with the worlds done so far. */
  readonly onProgress?: (done: number) => void;
  /** CPU time of this process so far, microseconds. */
  readonly cpuMicros: () => number;
};

/** A world that failed, with the line that repeats it. */
export type Failure = {
  readonly seed: number;
  readonly rule: string;
  readonly what: string;
  readonly operations: readonly number[];
  /** Rules that other oracles see broken in it, too. */
  readonly also: readonly string[];
  /** Of the run that failed. */
  readonly fingerprint: string;
};

/** What a campaign came to. All counts are sums over its worlds. */
export type CampaignResult = {
  readonly engine: string;
  /** What is in front of it in all worlds; undefined where some have a simulated cache. */
  readonly cacheEngine: string | undefined;
  readonly firstSeed: number;
  readonly worlds: number;
  /** Worlds with a cache, and what it did there. */
  readonly cachedWorlds: number;
  readonly cache: CacheCounters;
  readonly operations: number;
  readonly succeeded: number;
  readonly unknown: number;
  readonly events: number;
  readonly virtualMicros: number;
  readonly cpuMicros: number;
  readonly messages: number;
  readonly lost: number;
  readonly cut: number;
  readonly duplicated: number;
  readonly delayed: number;
  readonly crashes: number;
  /** Worlds that prove nothing, run again where possible; only over real engines. */
  readonly inconclusive: number;
  /** Worlds run a second time with an equal fingerprint. */
  readonly repeated: number;
  readonly failures: readonly Failure[];
  /** Over the fingerprints of all worlds, in order. */
  readonly fingerprint: string;
};

/** Worlds between two calls of `onProgress`. */
const PROGRESS_EVERY = 100;
/** How often a world over a real engine is run again when it proved nothing. */
const TRIES_MAX = 3;

/** Runs the campaign. Failing worlds are results; it rejects only for faults of the simulator itself. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const total = new Totals(options);
  const begun = options.cpuMicros();
  for (let i = 0; i < options.seeds; i += 1) {
    await runSeed(options, options.firstSeed + i, total);
    const done = i + 1;
    if (done % PROGRESS_EVERY === 0 || done === options.seeds) options.onProgress?.(done);
    const last = total.failures.at(-1);
    if (last?.seed === options.firstSeed + i && options.stopAt(last)) break;
  }
  return total.result(options.cpuMicros() - begun);
}

async function runSeed(options: CampaignOptions, seed: number, total: Totals): Promise<void> {
  const { factory, cache } = options;
  const plan = drawPlan(seed, factory.topology, cache !== undefined);
  const real = cache === "simulated" ? undefined : cache;
  const run = () => runPlan(plan, factory, real);
  const first = await conclusive(run, total);
  total.add(first, plan.cache !== undefined);
  if (!options.twice || first.inconclusive !== undefined) return;
  const second = await conclusive(run, total);
  if (second.inconclusive === undefined) total.compare(first, second);
}

/** Runs again what a real engine's own failure spoilt; every such run is counted. */
async function conclusive(run: () => Promise<PlanResult>, total: Totals): Promise<PlanResult> {
  for (let tries = 1; ; tries += 1) {
    const result = await run();
    if (result.inconclusive === undefined) return result;
    total.inconclusive += 1;
    if (tries === TRIES_MAX) return result;
  }
}

const NO_CACHE: CacheCounters = {
  hits: 0,
  misses: 0,
  stale: 0,
  markers: 0,
  shared: 0,
  failures: 0,
  refusedWrites: 0,
};

/** Sums in the making. */
class Totals {
  readonly failures: Failure[] = [];
  inconclusive = 0;
  readonly #sums = {
    worlds: 0,
    operations: 0,
    succeeded: 0,
    unknown: 0,
    events: 0,
    virtualMicros: 0,
    messages: 0,
    lost: 0,
    cut: 0,
    duplicated: 0,
    delayed: 0,
    crashes: 0,
    repeated: 0,
    cachedWorlds: 0,
  };
  readonly #cache: { -readonly [C in keyof CacheCounters]: number } = { ...NO_CACHE };
  readonly #fingerprint = new Fingerprint();
  readonly #options: CampaignOptions;

  constructor(options: CampaignOptions) {
    this.#options = options;
  }

  add(result: PlanResult, isCached: boolean): void {
    const sums = this.#sums;
    sums.worlds += 1;
    sums.operations += result.operations;
    sums.succeeded += result.outcomes.succeeded;
    sums.unknown += result.outcomes.unknown;
    sums.events += result.events;
    sums.virtualMicros += result.virtualMicros;
    sums.messages += result.network.sent;
    sums.lost += result.network.lost;
    sums.cut += result.network.cut;
    sums.duplicated += result.network.duplicated;
    sums.delayed += result.network.delayed;
    sums.crashes += result.crashes;
    if (isCached) this.#addCache(result.cache);
    for (let i = 0; i < result.fingerprint.length; i += 8) {
      this.#fingerprint.add(Number.parseInt(result.fingerprint.slice(i, i + 8), 16));
    }
    if (result.violation !== undefined) {
      const { seed, fingerprint } = result;
      this.failures.push({ seed, ...result.violation, fingerprint });
    }
  }

  #addCache(counters: CacheCounters): void {
    this.#sums.cachedWorlds += 1;
    for (const name of Object.keys(NO_CACHE) as (keyof CacheCounters)[]) {
      this.#cache[name] += counters[name];
    }
  }

  compare(first: PlanResult, second: PlanResult): void {
    if (first.fingerprint === second.fingerprint) {
      this.#sums.repeated += 1;
      return;
    }
    const what = `two runs of one plan differ: ${first.fingerprint} and ${second.fingerprint}`;
    const { seed, fingerprint } = first;
    const rule = "DETERMINISM";
    this.failures.push({ seed, rule, what, operations: [], also: [], fingerprint });
  }

  result(cpuMicros: number): CampaignResult {
    const { cache } = this.#options;
    return {
      engine: this.#options.factory.name,
      cacheEngine: cache === "simulated" ? cache : cache?.name,
      firstSeed: this.#options.firstSeed,
      ...this.#sums,
      cache: this.#cache,
      cpuMicros,
      inconclusive: this.inconclusive,
      failures: this.failures,
      fingerprint: this.#fingerprint.digest(),
    };
  }
}
