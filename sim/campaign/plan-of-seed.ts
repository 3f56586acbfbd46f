/** The plan of a campaign's world: what runs it, keeps it, draws it or looks for it has one and the same. */
import { type FaultSwitch, onlyFaults } from "../faults/only.ts";
import type { WorkloadName } from "../workload/consumers/consumer.ts";
import { consumerOf } from "../workload/consumers/list.ts";
import { drawPlan, type Plan, type Topology } from "../workload/plan.ts";

/** What decides over it beside the seed. */
export type SeedFacts = {
  readonly topology: Topology;
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
  { topology, isCached, faults, workloads }: SeedFacts,
): Plan {
  const plan = drawPlan(seed, topology, isCached, consumerOf(seed, workloads));
  return faults === undefined ? plan : onlyFaults(plan, faults);
}
