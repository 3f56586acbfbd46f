/** What became of a kept failure: it repeats, it differs, or it passes now. */
import { breaks } from "../check/breaks.ts";
import type { Verdict } from "../check/index.ts";
import type { PlanResult } from "../plan-result.ts";
import type { KeptPlan } from "./kept-plan.ts";

/** The outcome of running a kept plan again. */
export type Replay =
  /** By the same rule, event by event the same where that could be compared. */
  | { readonly kind: "repeats"; readonly verdict: Verdict }
  /** It fails, but by another rule, or by other events. */
  | { readonly kind: "differs"; readonly verdict: Verdict; readonly why: string }
  | { readonly kind: "passes" }
  /** The engine failed by itself: the run proves nothing. */
  | { readonly kind: "inconclusive"; readonly why: string };

/**
 * Compares a run with what its file says. Where it ran over another engine, or other code, than the one that failed,
 * its events are not compared.
 */
export function replayOf(
  { failure, fingerprint, code }: KeptPlan,
  result: PlanResult,
  overTheSame: boolean,
): Replay {
  const { violation } = result;
  if (result.inconclusive !== undefined) {
    return { kind: "inconclusive", why: result.inconclusive };
  }
  if (violation === undefined) return { kind: "passes" };
  if (!breaks(failure.rule, result)) {
    const why = `it broke ${failure.rule} and breaks ${violation.rule} now`;
    return { kind: "differs", verdict: violation, why };
  }
  if (overTheSame && result.fingerprint !== fingerprint) {
    const why = `the same rule by other events: ${result.fingerprint} now, ${fingerprint} then, by code ${code}`;
    return { kind: "differs", verdict: violation, why };
  }
  return { kind: "repeats", verdict: violation };
}
