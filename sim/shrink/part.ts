/** Parts that a plan can do without, one by one: what a failure is cut down by, and what is proven necessary. */
import type { FaultKind } from "../faults/kinds.ts";
import { withoutKind } from "../faults/only.ts";
import type { RegionFault } from "../faults/regions.ts";
import type { Plan } from "../workload/plan.ts";

/**
 * What a part is. Operations and faults are what a failure is told by; settings are how the world is set up; details
 * are what an operation could be simpler in.
 */
export type PartKind = "operation" | "fault" | "setting" | "detail";

/** A part of one plan. */
export type Part = {
  readonly kind: PartKind;
  /** Of a whole operation: its number. */
  readonly operation?: number;
  /** Of a detail: it is when an operation begins, and nothing of what it asks. */
  readonly isWhen?: true;
  /** What it is, within a sentence: `the crash of server 3 from 12 ms to 40 ms`. */
  readonly says: string;
  /** The plan without it. May be applied to a plan that lacks other parts already, in any order. */
  readonly without: (plan: Plan) => Plan;
};

/** A kind of fault as one part, where there is so much of it; nothing where there is none. */
export function kindPart(
  kind: FaultKind | RegionFault,
  much: number,
  says: string,
): readonly Part[] {
  return much === 0 ? [] : [{ kind: "fault", says, without: (plan) => withoutKind(plan, kind) }];
}

/** The plan without all of these. */
export function withoutAll(plan: Plan, parts: readonly Part[]): Plan {
  return parts.reduce((rest, part) => part.without(rest), plan);
}
