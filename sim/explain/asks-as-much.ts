/** Whether a plan still asks what another asked. */
import { keysOf } from "../workload/operation.ts";
import type { Plan } from "../workload/plan.ts";

/** Whether each of these operations is there, and about the keys of the same record, or the mutations, that it was about. */
export function asksAsMuch(plan: Plan, without: Plan, named: ReadonlySet<number>): boolean {
  const left = new Map(without.operations.flat().map((each) => [each.index, each]));
  return plan.operations.flat().every((operation) => {
    if (!named.has(operation.index)) return true;
    const other = left.get(operation.index);
    if (other === undefined || other.record !== operation.record) return false;
    if (operation.kind === "list") {
      return other.kind === "list" && other.mutations.length === operation.mutations.length;
    }
    const [keys, otherKeys] = [operation, other].map((each) => keysOf(each, plan.keys.length));
    return ((keys ?? 0) & ~(otherKeys ?? 0)) === 0;
  });
}
