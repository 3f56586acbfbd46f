/** A plan without one kind of fault, by the name that the registry has for it: all else in it stays as it was drawn. */
import type { Plan } from "../workload/plan.ts";
import { FAULT_SWITCHES, onlyFaults } from "./only.ts";
import type { FaultName } from "./registry/names.ts";

/** Kinds that come with others, and cannot be left out by themselves. */
const BOUND: ReadonlySet<FaultName> = new Set<FaultName>(["unsynced_loss", "double_delivery"]);

/** Whether plans can be without it. */
export function canBeWithout(kind: FaultName): boolean {
  return !BOUND.has(kind);
}

/** The plan without that kind. Throws for one that cannot be left out by itself. */
export function withoutFault(plan: Plan, kind: FaultName): Plan {
  if (kind === "partition_one_way") {
    return { ...plan, cuts: plan.cuts.filter(({ direction }) => direction === "both") };
  }
  const others = FAULT_SWITCHES.filter((other) => other !== kind);
  if (others.length === FAULT_SWITCHES.length) {
    throw new Error(`${kind} cannot be left out by itself`);
  }
  return onlyFaults(plan, others);
}
