/** A plan without one kind of fault, by the name that the registry has for it: all else in it stays as it was drawn. */
import type { Plan } from "../workload/plan.ts";
import { FAULT_SWITCHES, onlyFaults } from "./only.ts";
import { type FaultName, SPARED_NAMES } from "./registry/names.ts";

/** Cuts of which a plan has some that pass one way. */
const ONE_WAY: FaultName = "partition_one_way";

/** The plan without that kind, whether it is one by itself or comes with others. */
export function withoutFault(plan: Plan, kind: FaultName): Plan {
  if (kind === ONE_WAY) {
    return { ...plan, cuts: plan.cuts.filter(({ direction }) => direction === "both") };
  }
  const spared = SPARED_NAMES.find((one) => one === kind);
  if (spared !== undefined) return { ...plan, spared: [...(plan.spared ?? []), spared] };
  return onlyFaults(
    plan,
    FAULT_SWITCHES.filter((other) => other !== kind),
  );
}
