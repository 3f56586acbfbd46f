/** A campaign: many seeds, one after another, and what they came to together. */
import type { BackendFactory } from "./backends/backend.ts";
import { type PlanResult, runPlan } from "./run-plan.ts";
import { Fingerprint } from "./world/fingerprint.ts";
import { drawPlan } from "./workload/plan.ts";

/** What a campaign is asked to do. */
export type CampaignOptions = {
  readonly factory: BackendFactory;
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
};

/** What a campaign came to. All counts are sums over its worlds. */
export type CampaignResult = {
  readonly engine: string;
  readonly firstSeed: number;
  readonly worlds: number;
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
  const total = new Totals(options.factory.name, options.firstSeed);
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
  const plan = drawPlan(seed, options.factory.topology);
  const first = await conclusive(() => runPlan(plan, options.factory), total);
  total.add(first);
  if (!options.twice || first.inconclusive !== undefined) return;
  const second = await conclusive(() => runPlan(plan, options.factory), total);
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
  };
  readonly #fingerprint = new Fingerprint();
  readonly #engine: string;
  readonly #firstSeed: number;

  constructor(engine: string, firstSeed: number) {
    this.#engine = engine;
    this.#firstSeed = firstSeed;
  }

  add(result: PlanResult): void {
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
    for (let i = 0; i < result.fingerprint.length; i += 8) {
      this.#fingerprint.add(Number.parseInt(result.fingerprint.slice(i, i + 8), 16));
    }
    if (result.violation !== undefined) {
      this.failures.push({ seed: result.seed, ...result.violation });
    }
  }

  compare(first: PlanResult, second: PlanResult): void {
    if (first.fingerprint === second.fingerprint) {
      this.#sums.repeated += 1;
      return;
    }
    const what = `two runs of one plan differ: ${first.fingerprint} and ${second.fingerprint}`;
    this.failures.push({ seed: first.seed, rule: "DETERMINISM", what, operations: [] });
  }

  result(cpuMicros: number): CampaignResult {
    return {
      engine: this.#engine,
      firstSeed: this.#firstSeed,
      ...this.#sums,
      cpuMicros,
      inconclusive: this.inconclusive,
      failures: this.failures,
      fingerprint: this.#fingerprint.digest(),
    };
  }
}
