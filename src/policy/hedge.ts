/** How long an attempt gets, and when another one starts beside it (RETRY-3, SIG-3). */
import type { LatencyObjective } from "../model/signals.ts";
import type { Micros } from "../model/time.ts";

/** What is known before an attempt. */
export type AttemptFacts = {
  /** Most time that the client gives any attempt. */
  readonly limit: Micros;
  /** What is left of the call. */
  readonly timeLeft: Micros;
  /** What the server told of this kind of call; undefined where it told nothing. */
  readonly objective: LatencyObjective | undefined;
  /** Whether there is credit for a second attempt, and no server that asks for less. */
  readonly mayHedge: boolean;
};

/** The decision. */
export type AttemptPlan = {
  readonly budget: Micros;
  /** How long to wait for the answer before another attempt is made beside; undefined for never. */
  readonly hedgeAfter: Micros | undefined;
};

/** An attempt ends at the longest latency, and is hedged at the target, unless it would be over by then. */
export function planAttempt({ limit, timeLeft, objective, mayHedge }: AttemptFacts): AttemptPlan {
  const within = Math.min(limit, timeLeft);
  if (objective === undefined) return { budget: within, hedgeAfter: undefined };
  const { target, max } = objective;
  const budget = Math.min(within, max);
  return { budget, hedgeAfter: mayHedge && target < budget ? target : undefined };
}
