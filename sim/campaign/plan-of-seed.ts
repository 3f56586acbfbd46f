/** The plan of a campaign's world: what runs it, keeps it, draws it or looks for it has one and the same. */
import { type FaultSwitch, onlyFaults } from "../faults/only.ts";
import type { WorkloadName } from "../workload/consumers/consumer.ts";
import { consumerOf } from "../workload/consumers/list.ts";
import type { BackendFactory } from "../backends/backend.ts";
import { drawPlan, type Plan } from "../workload/plan.ts";

/** Of so many worlds one is long, where worlds are short. */
const LONG_EVERY = 10;

/** What decides over it beside the seed. */
export type SeedFacts = {
  readonly factory: Pick<BackendFactory, "topology" | "shortOperations">;
  /** Whether every world has a cache, whatever its seed says. */
  readonly isCached: boolean;
  /** No other kinds of fault than those; all of them where it is undefined. */
  readonly faults?: readonly FaultSwitch[] | undefined;
  /** Whose workloads the worlds have, by turns; no consumer's where it is undefined. */
  readonly workloads?: readonly WorkloadName[] | undefined;
};

/** The plan of that seed. */
export function planOfSeed(
  seed: number,
  { factory, isCached, faults, workloads }: SeedFacts,
): Plan {
  const { topology, shortOperations } = factory;
  // A consumer's workload has a length of its own.
  const mayBeShort = shortOperations !== undefined && workloads === undefined;
  const drawn =
    mayBeShort && seed % LONG_EVERY !== 0
      ? { ...topology, operationsPerClient: shortOperations }
      : topology;
  const plan = drawPlan(seed, drawn, isCached, consumerOf(seed, workloads));
  return faults === undefined ? plan : onlyFaults(plan, faults);
}
