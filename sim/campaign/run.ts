/** Seeds, one after another in this process, and what they came to together. */
import type { RealCacheFactory } from "../backends/cache/real-entries.ts";
import type { BackendFactory } from "../backends/backend.ts";
import type { FaultSwitch } from "../faults/only.ts";
import type { Judge } from "../check/index.ts";
import { divergenceLine } from "../divergence/lines.ts";
import { loggedRuns, type RunLogged } from "../divergence/locate.ts";
import { searchDivergence } from "../divergence/search.ts";
import { runPlan } from "../run-plan.ts";
import type { WorkloadName } from "../workload/consumers/consumer.ts";
import type { Plan } from "../workload/plan.ts";
import { conclusive } from "./conclusive.ts";
import { crashOf, differenceOf, type Failure } from "./failure.ts";
import { planOfSeed } from "./plan-of-seed.ts";
import { addWorld, noSums, type Sums } from "./sums.ts";

/** How every world of a campaign is run. */
export type WorldOptions = {
  readonly factory: BackendFactory;
  /**
   * What stands in front of the engine of every world, whatever its plan: a real cache, or a simulated one. By default
   * some worlds have a simulated one.
   */
  readonly cache?: RealCacheFactory | "simulated" | undefined;
  /** Run every world a second time and compare fingerprints. */
  readonly twice: boolean;
  /** No other kinds of fault than those; all of them by default. */
  readonly faults?: readonly FaultSwitch[] | undefined;
  /** Whose workloads they have, by turns; no consumer's by default. */
  readonly workloads?: readonly WorkloadName[] | undefined;
  /** Says what is wrong with a world; all oracles by default. */
  readonly judgedBy?: Judge | undefined;
};

/** What to run. */
export type SeedsOptions = WorldOptions & {
  readonly seeds: Iterable<number>;
  /** Asked after each world, with its failure if it has one: whether it was the last. */
  readonly stopAt: (failure: Failure | undefined) => boolean;
  /** CPU time of this process so far, microseconds. */
  readonly cpuMicros: () => number;
};

/** Runs the seeds in their order, until they are all done or one of them is to be the last. */
export async function runSeeds(options: SeedsOptions): Promise<Sums> {
  const sums = noSums();
  const begun = options.cpuMicros();
  for (const seed of options.seeds) {
    const known = sums.failures.length;
    sums.counts.worlds += 1;
    try {
      await runSeed(options, seed, sums);
    } catch (error) {
      sums.failures.push(crashOf(seed, error));
    }
    if (options.stopAt(sums.failures[known])) break;
  }
  sums.counts.cpuMicros = options.cpuMicros() - begun;
  return sums;
}

async function runSeed(options: WorldOptions, seed: number, sums: Sums): Promise<void> {
  const { factory, cache } = options;
  const plan = planOfSeed(seed, { ...options, isCached: cache !== undefined });
  const real = cache === "simulated" ? undefined : cache;
  const run = () => runPlan(plan, factory, real, options.judgedBy);
  const onSpoilt = (): void => {
    sums.counts.inconclusive += 1;
  };
  const first = await conclusive(run, onSpoilt);
  addWorld(sums, first, plan.cache !== undefined);
  if (!options.twice || first.inconclusive !== undefined) return;
  const second = await conclusive(run, onSpoilt);
  if (second.inconclusive !== undefined) return;
  if (first.fingerprint === second.fingerprint) sums.counts.repeated += 1;
  else {
    const isFirst = sums.failures.every(({ kind }) => kind !== "determinism");
    const where = isFirst ? await located(plan, loggedRuns(factory, real)) : LOCATE;
    sums.failures.push(differenceOf(first, second.fingerprint, where));
  }
}

const LOCATE = "kvdal divergence says where they part";

/** Where two more runs part: that of the first world that differs is located at once, it takes no longer than they do. */
async function located(plan: Plan, run: RunLogged): Promise<string> {
  const { divergence, error } = await searchDivergence(plan, run, 2);
  if (divergence !== undefined) return divergenceLine(divergence);
  if (error !== undefined) return `a third run throws: ${crashOf(plan.seed, error).what}`;
  return `a third and a fourth are alike, so it is what earlier worlds left: ${LOCATE}`;
}
