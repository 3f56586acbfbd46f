/** A plan without one kind of fault, by the name that the registry has for it: all else in it stays as it was drawn. */
import type { Plan } from "../workload/plan.ts";
import { FAULT_SWITCHES, onlyFaults } from "./only.ts";
import type { FaultName } from "./registry/names.ts";

/** Cuts of which a plan has some that pass one way. */
const ONE_WAY: FaultName = "partition_one_way";

/** Whether plans can be without it: some come with others, and cannot be left out by themselves. */
export function canBeWithout(kind: FaultName): boolean {
  return kind === ONE_WAY || FAULT_SWITCHES.some((one) => one === kind);
}

/** The plan without that kind. Throws for one that cannot be left out by itself. */
export function withoutFault(plan: Plan, kind: FaultName): Plan {
  if (!canBeWithout(kind)) throw new Error(`${kind} cannot be left out by itself`);
  if (kind === ONE_WAY) {
    return { ...plan, cuts: plan.cuts.filter(({ direction }) => direction === "both") };
  }
  return onlyFaults(
    plan,
    FAULT_SWITCHES.filter((other) => other !== kind),
  );
}
