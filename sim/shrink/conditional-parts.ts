/** What a conditional engine does to requests, each as a part that the plan can do without. */
import { type ConditionalPlan, PAGE_BYTES } from "../faults/conditional.ts";
import { duration, share } from "../explain/words.ts";
import type { Plan } from "../workload/plan.ts";
import type { Part } from "./part.ts";

/** Its faults: requests that are refused, or fail. */
export function conditionalFaults({ conditional }: Plan): readonly Part[] {
  if (conditional === undefined) return [];
  const never = (name: keyof ConditionalPlan & `${string}Ppm`, says: string): readonly Part[] =>
    conditional[name] === 0
      ? []
      : [part("fault", `${says} ${share(conditional[name])} requests`, { [name]: 0 })];
  return [
    ...never("throttlePpm", "the throttling of"),
    ...never("unprocessedPpm", "the answering in part of"),
    ...never("conflictPpm", "conflicts with other transactions at"),
    ...never("failurePpm", "failures inside the engine at"),
  ];
}

/** What else of it could be plainer. */
export function conditionalSettings({ conditional }: Plan): readonly Part[] {
  if (conditional === undefined) return [];
  const { pageBytes, lagMax, removal } = conditional;
  const small = part("setting", `pages of ${pageBytes} bytes`, { pageBytes: PAGE_BYTES });
  const lag = part("setting", `the lag of reads by up to ${duration(lagMax)}`, { lagMax: 0 });
  const removes = part("setting", "the removal of what has expired", { removal: undefined });
  return [
    ...(pageBytes < PAGE_BYTES ? [small] : []),
    ...(lagMax > 0 ? [lag] : []),
    ...(removal === undefined ? [] : [removes]),
  ];
}

function part(kind: Part["kind"], says: string, plain: Partial<ConditionalPlan>): Part {
  return {
    kind,
    says,
    without: (plan) =>
      plan.conditional === undefined
        ? plan
        : { ...plan, conditional: { ...plan.conditional, ...plain } },
  };
}
