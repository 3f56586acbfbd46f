/** A plan without some kinds of fault: all else in it stays as it was drawn. */
import type { Plan } from "../workload/plan.ts";
import { FAULT_KINDS, type FaultKind } from "./kinds.ts";
import { REGION_FAULTS, type RegionFault, type RegionsPlan } from "./regions.ts";
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

const WITHOUT: Readonly<Record<FaultKind, Without>> = {
  loss: (plan) => ({ ...plan, network: { ...plan.network, lossPpm: 0 } }),
  duplicate: (plan) => ({ ...plan, network: { ...plan.network, duplicatePpm: 0 } }),
  tails: (plan) => ({ ...plan, network: { ...plan.network, tailPpm: 0 } }),
  partition: (plan) => ({ ...plan, cuts: [] }),
  server_crash: (plan) => withoutCrashes(plan, (node) => node < replicasFrom(plan)),
  replica_crash: (plan) => withoutCrashes(plan, (node) => node >= replicasFrom(plan)),
  applier_crash: (plan) => withLists(plan, { crashes: [] }),
  slow_engine: (plan) => ({ ...plan, slowEngine: { ...plan.slowEngine, ppm: 0 } }),
  throttle: (plan) => withConditional(plan, { throttlePpm: 0 }),
  unprocessed: (plan) => withConditional(plan, { unprocessedPpm: 0 }),
  conflict: (plan) => withConditional(plan, { conflictPpm: 0 }),
  engine_failure: (plan) => withConditional(plan, { failurePpm: 0 }),
  clock_offset: (plan) => withClocks(plan, { offset: 0 }),
  clock_drift: (plan) => withClocks(plan, { driftPpm: 0 }),
  clock_coarse: (plan) => withClocks(plan, { resolution: 1 }),
  cache_evict: (plan) => withCache(plan, { evictPpm: 0 }),
  cache_silent: (plan) => withCache(plan, { silentPpm: 0 }),
  cache_late: (plan) => withCache(plan, { latePpm: 0 }),
  cache_slow_write: (plan) => withCache(plan, { slowWritePpm: 0 }),
  cache_flush: (plan) => withCache(plan, { flushes: [] }),
  cache_away: (plan) => withCache(plan, { away: [] }),
  cache_cut_off: (plan) => withCache(plan, { cutOff: [] }),
  alias_flip: (plan) => ({ ...plan, flips: [] }),
  levels_change: ({ slowEngine, ...plan }) => {
    const change = { ...slowEngine.change, levels: slowEngine.levels };
    return { ...plan, slowEngine: { ...slowEngine, change } };
  },
  overload: (plan) => {
    const { lists } = plan;
    const log = lists && { ...lists.log, pendingMax: UNLIMITED };
    return { ...(log ? withLists(plan, { log }) : plan), requestsMax: UNLIMITED };
  },
  give_up: (plan) => {
    const patient = plan.operations.map((list) => list.map((each) => ({ ...each, giveUp: 0 })));
    return { ...plan, operations: patient };
  },
};

/** Regions without a kind of fault: they stay two regions. */
const CALM: Readonly<Record<RegionFault, Partial<RegionsPlan>>> = {
  region_lag: { lag: 0, spread: 0 },
  region_loss: { lossPpm: 0 },
  region_duplicate: { duplicatePpm: 0 },
  region_cut: { cuts: [] },
  region_failover: { failovers: [] },
};

/** The plan with no other kinds of fault than those; what it does not have of them it still has not. */
export function onlyFaults(plan: Plan, kinds: readonly FaultSwitch[]): Plan {
  const off = FAULT_KINDS.filter((kind) => !kinds.includes(kind));
  const troubles = plan.troubles.filter(({ kind }) => kinds.includes(kind));
  const amplified = kinds.includes(AMPLIFICATION) ? plan.amplified : [];
  const bare = { ...plan, troubles, amplified };
  const left = off.reduce<Plan>((rest, kind) => WITHOUT[kind](rest), bare);
  if (plan.regions === undefined) return left;
  const calm = REGION_FAULTS.filter((kind) => !kinds.includes(kind)).map((kind) => CALM[kind]);
  return { ...left, regions: Object.assign({ ...plan.regions }, ...calm) as RegionsPlan };
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

function withCache(plan: Plan, change: Partial<NonNullable<Plan["cache"]>>): Plan {
  return plan.cache === undefined ? plan : { ...plan, cache: { ...plan.cache, ...change } };
}

function withConditional(plan: Plan, change: Partial<NonNullable<Plan["conditional"]>>): Plan {
  const { conditional } = plan;
  return conditional === undefined ? plan : { ...plan, conditional: { ...conditional, ...change } };
}

function withLists(plan: Plan, change: Partial<NonNullable<Plan["lists"]>>): Plan {
  return plan.lists === undefined ? plan : { ...plan, lists: { ...plan.lists, ...change } };
}
