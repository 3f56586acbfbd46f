/** When a cache that fails is left alone (CACHE-3): facts in, decision out. */
import type { Micros } from "../model/time.ts";

/** How patient a breaker is. */
export type BreakerRules = {
  /** Failures in a row that open it. */
  readonly failuresMax: number;
  /** How long it stays open after the last failure, microseconds. */
  readonly openFor: Micros;
};

/** What it remembers. Instants of the steady clock. */
export type BreakerState = {
  /** Failures in a row. */
  readonly failures: number;
  readonly openUntil: Micros;
};

/** Closed, and nothing has failed. */
export const BREAKER_CLOSED: BreakerState = { failures: 0, openUntil: 0 };

/** After a call that failed. */
export function afterFailure(
  { failures }: BreakerState,
  now: Micros,
  { failuresMax, openFor }: BreakerRules,
): BreakerState {
  const more = failures + 1;
  return { failures: more, openUntil: more >= failuresMax ? now + openFor : 0 };
}

/** Whether it is open: nothing is asked but by a probe. */
export function isOpen({ failures }: BreakerState, { failuresMax }: BreakerRules): boolean {
  return failures >= failuresMax;
}

/**
 * Whether a read may ask the cache, and what is remembered of that: once the time is over one read tries, and the
 * others wait for what becomes of it.
 */
export function admitRead(
  state: BreakerState,
  now: Micros,
  rules: BreakerRules,
): { readonly admitted: boolean; readonly state: BreakerState } {
  if (!isOpen(state, rules)) return { admitted: true, state };
  if (now < state.openUntil) return { admitted: false, state };
  return { admitted: true, state: { ...state, openUntil: now + rules.openFor } };
}
