/** Whether a failed attempt is followed by another, and when (RETRY-1, RETRY-2). */
import type { Retry } from "../model/error.ts";
import type { Micros } from "../model/time.ts";

/** The bounds of one logical call's attempts. */
export type RetryLimits = {
  /** Most attempts, the first included. */
  readonly attemptsMax: number;
  /** Wait before the second attempt, microseconds; doubled each time. */
  readonly backoffBase: Micros;
  /** Longest wait, microseconds. */
  readonly backoffMax: Micros;
};

/** What is known after a failure. */
export type RetryFacts = {
  /** Attempts made so far, >= 1. */
  readonly attempts: number;
  readonly retry: Retry;
  /** Whether another attempt carries the same token, or nothing was to be changed. */
  readonly repeatable: boolean;
  readonly timeLeft: Micros;
  /** Whether the budget has another attempt left (`policy/extra-budget.ts`). */
  readonly isAffordable: boolean;
  /** A uniform draw, 0 to 65,535, for the jitter. */
  readonly draw: number;
};

/** The decision. */
export type RetryDecision =
  | { readonly kind: "give_up"; readonly why: "final" | "attempts" | "time" | "budget" }
  | { readonly kind: "retry"; readonly after: Micros };

/** Decides by the error's own word, the attempts, the time and the budget that are left; waits grow, with jitter. */
export function decideRetry(facts: RetryFacts, limits: RetryLimits): RetryDecision {
  if (facts.retry === "never") return { kind: "give_up", why: "final" };
  if (facts.retry === "with-token" && !facts.repeatable) return { kind: "give_up", why: "final" };
  if (facts.attempts >= limits.attemptsMax) return { kind: "give_up", why: "attempts" };
  const after = backoff(facts.attempts, facts.draw, limits);
  if (after >= facts.timeLeft) return { kind: "give_up", why: "time" };
  if (!facts.isAffordable) return { kind: "give_up", why: "budget" };
  return { kind: "retry", after };
}

/** Past this many, doubling leaves what a number holds, and no wait, doubled, would still be a number. */
const DOUBLINGS_MAX = 52;

/** Half of the exponential wait for certain, the other half by the draw. Whole microseconds, integer maths. */
function backoff(attempts: number, draw: number, limits: RetryLimits): Micros {
  const full = Math.min(
    limits.backoffBase * 2 ** Math.min(attempts - 1, DOUBLINGS_MAX),
    limits.backoffMax,
  );
  const half = Math.floor(full / 2);
  return half + Math.floor((half * draw) / 0x1_0000);
}
