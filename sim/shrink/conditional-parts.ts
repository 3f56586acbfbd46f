/** What a conditional engine does to requests, each as a part that the plan can do without. */
import { type ConditionalPlan, PAGE_BYTES } from "../faults/conditional.ts";
import { duration, share } from "../words/measures.ts";
import type { Plan } from "../workload/plan.ts";
import { withChanged } from "../workload/with-changed.ts";
import { kindPart, type Part } from "./part.ts";

/** Its faults: requests that are refused, or fail. */
export function conditionalFaults({ conditional }: Plan): readonly Part[] {
  if (conditional === undefined) return [];
  const { throttlePpm, unprocessedPpm, conflictPpm, failurePpm } = conditional;
  const each = (ppm: number, says: string): string => `${says} ${share(ppm)} requests`;
  return [
    ...kindPart("throttle", throttlePpm, each(throttlePpm, "the throttling of")),
    ...kindPart("unprocessed", unprocessedPpm, each(unprocessedPpm, "the answering in part of")),
    ...kindPart("conflict", conflictPpm, each(conflictPpm, "conflicts with other transactions at")),
    ...kindPart("engine_failure", failurePpm, each(failurePpm, "failures inside the engine at")),
  ];
}

/** What else of it could be plainer. */
export function conditionalSettings({ conditional }: Plan): readonly Part[] {
  if (conditional === undefined) return [];
  const { pageBytes, lagMax, removal } = conditional;
  const small = setting(`pages of ${pageBytes} bytes`, { pageBytes: PAGE_BYTES });
  const lag = setting(`the lag of reads by up to ${duration(lagMax)}`, { lagMax: 0 });
  const removes = setting("the removal of what has expired", { removal: undefined });
  return [
    ...(pageBytes < PAGE_BYTES ? [small] : []),
    ...(lagMax > 0 ? [lag] : []),
    ...(removal === undefined ? [] : [removes]),
  ];
}

function setting(says: string, plain: Partial<ConditionalPlan>): Part {
  return {
    kind: "setting",
    says,
    without: (plan) => withChanged(plan, "conditional", () => plain),
  };
}
