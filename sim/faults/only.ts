/** A plan without some kinds of fault: all else in it stays as it was drawn. */
import type { Plan } from "../workload/plan.ts";
import { withChanged } from "../workload/with-changed.ts";
import { FAULT_KINDS, type FaultKind } from "./kinds.ts";
import { REGION_FAULTS, type RegionFault } from "./regions.ts";
import { TROUBLE_NAMES, type TroubleName } from "./registry/index.ts";

/** All amplification points together: no fault of anybody's, and switched as one. */
const AMPLIFICATION = "amplification";

/** What can be switched on and off: kinds that calls are counted by, troubles, what is between regions, what amplifies. */
export type FaultSwitch = FaultKind | TroubleName | RegionFault | typeof AMPLIFICATION;

/** All of them. */
export const FAULT_SWITCHES: readonly FaultSwitch[] = [
  ...FAULT_KINDS,
  ...TROUBLE_NAMES,
  ...REGION_FAULTS,
  AMPLIFICATION,
];

type Without = (plan: Plan) => Plan;

/** More than a world has of what is limited. */
const UNLIMITED = 1_000;

/** The plan without any of a kind. Regions stay two. */
const WITHOUT: Readonly<Record<FaultKind | RegionFault, Without>> = {
  loss: (plan) => withChanged(plan, "network", () => ({ lossPpm: 0 })),
  duplicate: (plan) => withChanged(plan, "network", () => ({ duplicatePpm: 0 })),
  tails: (plan) => withChanged(plan, "network", () => ({ tailPpm: 0 })),
  partition: (plan) => ({ ...plan, cuts: [] }),
  server_crash: (plan) => withoutCrashes(plan, (node) => node < replicasFrom(plan)),
  replica_crash: (plan) => withoutCrashes(plan, (node) => node >= replicasFrom(plan)),
  applier_crash: (plan) => withChanged(plan, "lists", () => ({ crashes: [] })),
  slow_engine: (plan) => withChanged(plan, "slowEngine", () => ({ ppm: 0 })),
  throttle: (plan) => withChanged(plan, "conditional", () => ({ throttlePpm: 0 })),
  unprocessed: (plan) => withChanged(plan, "conditional", () => ({ unprocessedPpm: 0 })),
  conflict: (plan) => withChanged(plan, "conditional", () => ({ conflictPpm: 0 })),
  engine_failure: (plan) => withChanged(plan, "conditional", () => ({ failurePpm: 0 })),
  clock_offset: (plan) => withClocks(plan, { offset: 0 }),
  clock_drift: (plan) => withClocks(plan, { driftPpm: 0 }),
  clock_coarse: (plan) => withClocks(plan, { resolution: 1 }),
  cache_evict: (plan) => withChanged(plan, "cache", () => ({ evictPpm: 0 })),
  cache_silent: (plan) => withChanged(plan, "cache", () => ({ silentPpm: 0 })),
  cache_late: (plan) => withChanged(plan, "cache", () => ({ latePpm: 0 })),
  cache_slow_write: (plan) => withChanged(plan, "cache", () => ({ slowWritePpm: 0 })),
  cache_flush: (plan) => withChanged(plan, "cache", () => ({ flushes: [] })),
  cache_away: (plan) => withChanged(plan, "cache", () => ({ away: [] })),
  cache_cut_off: (plan) => withChanged(plan, "cache", () => ({ cutOff: [] })),
  alias_flip: (plan) => ({ ...plan, flips: [] }),
  levels_change: (plan) =>
    withChanged(plan, "slowEngine", ({ levels, change }) => ({ change: { ...change, levels } })),
  overload: (plan) => ({
    ...withChanged(plan, "lists", ({ log }) => ({ log: { ...log, pendingMax: UNLIMITED } })),
    requestsMax: UNLIMITED,
  }),
  give_up: (plan) => {
    const patient = plan.operations.map((list) => list.map((each) => ({ ...each, giveUp: 0 })));
    return { ...plan, operations: patient };
  },
  region_lag: (plan) => withChanged(plan, "regions", () => ({ lag: 0, spread: 0 })),
  region_loss: (plan) => withChanged(plan, "regions", () => ({ lossPpm: 0 })),
  region_duplicate: (plan) => withChanged(plan, "regions", () => ({ duplicatePpm: 0 })),
  region_cut: (plan) => withChanged(plan, "regions", () => ({ cuts: [] })),
  region_failover: (plan) => withChanged(plan, "regions", () => ({ failovers: [] })),
};

/** The plan without any fault of a kind; what it does not have it still has not. */
export function withoutKind(plan: Plan, kind: FaultKind | RegionFault): Plan {
  return WITHOUT[kind](plan);
}

/** The plan with no other kinds of fault than those; what it does not have of them it still has not. */
export function onlyFaults(plan: Plan, kinds: readonly FaultSwitch[]): Plan {
  const off = [...FAULT_KINDS, ...REGION_FAULTS].filter((kind) => !kinds.includes(kind));
  const troubles = plan.troubles.filter(({ kind }) => kinds.includes(kind));
  const amplified = kinds.includes(AMPLIFICATION) ? plan.amplified : [];
  return off.reduce<Plan>(withoutKind, { ...plan, troubles, amplified });
}

function replicasFrom({ topology: { clients, servers } }: Plan): number {
  return clients + servers;
}

function withoutCrashes(plan: Plan, isGone: (node: number) => boolean): Plan {
  return { ...plan, crashes: plan.crashes.filter(({ node }) => !isGone(node)) };
}

function withClocks(plan: Plan, right: Partial<Plan["clocks"][number]>): Plan {
  return { ...plan, clocks: plan.clocks.map((clock) => ({ ...clock, ...right })) };
}
