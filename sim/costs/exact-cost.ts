/**
 * What a call costs, counted: with one client and one server of their own, nobody beside them and a history that is
 * known, the reads, questions, requests and counts that a call causes are known exactly.
 */
import type { ExactRule } from "../check/exact.ts";
import type { Stage } from "./stage.ts";

/** One such count, or a few that belong together, on a stage of its own. */
export type ExactCost = {
  readonly rule: ExactRule;
  readonly says: string;
  /** How what was counted differs from what is known, in words; undefined where it does not. */
  readonly ask: (stage: Stage) => Promise<string | undefined>;
};
