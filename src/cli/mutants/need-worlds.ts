/** Measures what the kinds of fault that a planted bug is said to need are to it, in the process that it is planted in. */
import {
  type BackendFactory,
  FAULT_SWITCHES,
  onlyFaults,
  type Plan,
  planOfSeed,
  runPlan,
  withoutFault,
} from "kvdal/sim";
import { breaks } from "kvdal/sim/check";
import type { Mutant } from "kvdal/sim/mutants";
import { estimate } from "./estimate.ts";
import { faultsOf } from "./faults-of.ts";
import type { MeasuredNeed, NeedTask } from "./hunt.ts";

/** Worlds of one bug, one after another. */
export class NeedMeter {
  readonly #mutant: Mutant;
  readonly #factory: BackendFactory;
  readonly #cpuMicros: () => number;

  constructor(mutant: Mutant, factory: BackendFactory, cpuMicros: () => number) {
    this.#mutant = mutant;
    this.#factory = factory;
    this.#cpuMicros = cpuMicros;
  }

  /** Worlds until the bug is found often enough, or there is no more time; each also without each kind that it has. */
  async measure({ trials, seeds, cpuSeconds }: NeedTask): Promise<readonly MeasuredNeed[]> {
    const { faults: kinds = [] } = this.#mutant;
    const [without, alone] = [kinds.map(() => 0), kinds.map(() => 0)];
    const end = this.#cpuMicros() + cpuSeconds * 1_000_000;
    let [worlds, found] = [0, 0];
    for (let seed = 1; seed <= seeds && found < trials; seed += 1) {
      if (this.#cpuMicros() > end) break;
      const plan = this.#planOf(seed);
      const isFound = await this.#finds(plan);
      worlds += 1;
      found += isFound ? 1 : 0;
      for (const [i, kind] of kinds.entries()) {
        const less = withoutFault(plan, kind);
        const isOther = kind === "give_up" || textOf(less) !== textOf(plan);
        without[i] = (without[i] ?? 0) + ((isOther ? await this.#finds(less) : isFound) ? 1 : 0);
        const only = onlyFaults(
          plan,
          FAULT_SWITCHES.filter((one) => one === kind),
        );
        if (isFound && (await this.#finds(only))) alone[i] = (alone[i] ?? 0) + 1;
      }
    }
    if (found === 0) return [];
    return kinds.map((kind, i) => {
      const missed = without[i] ?? 0;
      const { mean, low } = estimate({ worlds, found: missed });
      return {
        mutant: this.#mutant.name,
        kind,
        worlds,
        trials: found,
        meanSeeds: tenths(worlds / found),
        without: {
          found: missed,
          meanSeeds: mean === null ? null : tenths(mean),
          atLeast: tenths(low),
        },
        factor: missed === 0 ? null : tenths(found / missed),
        alone: alone[i] ?? 0,
        amid: this.#mutant.without ?? [],
      };
    });
  }

  #planOf(seed: number): Plan {
    const { cached, workload } = this.#mutant;
    return planOfSeed(seed, {
      factory: this.#factory,
      isCached: cached === true,
      faults: faultsOf(this.#mutant),
      workloads: workload && [workload],
    });
  }

  async #finds(plan: Plan): Promise<boolean> {
    try {
      return breaks(this.#mutant.rule, await runPlan(plan, this.#factory));
    } catch {
      // What crashes a world is not what is looked for.
      return false;
    }
  }
}

/** A plan but for its operations, which are most of it: one kind alone changes any. */
function textOf(plan: Plan): string {
  return JSON.stringify({ ...plan, operations: undefined });
}

function tenths(value: number): number {
  return Math.round(10 * value) / 10;
}
