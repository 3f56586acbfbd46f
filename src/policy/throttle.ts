/** Whether a call is sent, held back for a moment, or not sent at all, by what servers said of their load (SIG-3). */
import type { LoadAdvice, Priority } from "../model/signals.ts";

/** What is known before a call. */
export type ThrottleFacts = {
  /** What a server asked for lately; `go_on` when it said nothing, or too long ago. */
  readonly advice: LoadAdvice;
  readonly priority: Priority;
  /** Attempts of the last while, and those of them that a server refused as too much, or that were not even sent. */
  readonly attempts: number;
  readonly refused: number;
  /** A uniform draw, 0 to 65,535. */
  readonly draw: number;
};

/** The decision. */
export type ThrottleDecision =
  | { readonly kind: "send" }
  | { readonly kind: "wait" }
  | { readonly kind: "drop"; readonly why: "advice" | "refusals" };

/** Attempts for each one that is taken, before any is held back: servers are to notice when they may take more. */
const SENT_FOR_TAKEN = 2;
const SEND: ThrottleDecision = { kind: "send" };

/**
 * Drops what servers would refuse anyway: with half of the calls refused none yet, with all of them nearly all, so
 * that a refusal, which is work too, does not become all that a server does. What servers advise is for calls that
 * are not critical: held back when it is to be slower, every other one dropped when it is to be less; of those that
 * can wait for another day all are dropped.
 */
export function throttle(facts: ThrottleFacts): ThrottleDecision {
  const { advice, priority, draw } = facts;
  if (draw < dropChance(facts)) return { kind: "drop", why: "refusals" };
  if (advice === "go_on" || priority === "critical") return SEND;
  const isDropped = priority === "bulk" || (advice === "shed" && draw % 2 === 0);
  return isDropped ? { kind: "drop", why: "advice" } : { kind: "wait" };
}

/** Of 65,536. Never all: without a call that gets through nobody would learn that things are well again. */
function dropChance({ attempts, refused }: ThrottleFacts): number {
  const tooMany = attempts - SENT_FOR_TAKEN * (attempts - refused);
  return Math.floor((0x1_0000 * Math.max(0, tooMany)) / (attempts + 1));
}
