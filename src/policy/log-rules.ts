/** Decisions about logged lists: when one is too late, tried again, or given up (MUT-1, DEL-5). */
import type { KvErrorCode, Retry } from "../model/error.ts";
import type { Micros } from "../model/time.ts";
import type { TokenWindow } from "./admit-token.ts";

/**
 * Until when a mutation of that time may be applied: deletions that are newer are remembered for longer than that, so
 * that it does not come back after them. What is retained beyond is for clocks that differ.
 */
export function applyUntil(
  generationTime: Micros,
  bounds: { readonly tokens: TokenWindow; readonly applyMax: Micros },
): Micros {
  return generationTime + bounds.tokens.maxAge + bounds.applyMax;
}

/** What is known after an attempt at a mutation failed. */
export type ApplyFailure = {
  readonly code: KvErrorCode;
  readonly retry: Retry;
  /** Attempts that ended with its refusal, this one included: an engine that was away has refused nothing. */
  readonly refusals: number;
};

/**
 * Refusals that may pass: a server may not have heard of a namespace yet, and a fault may be another server's alone. So
 * may damage: another applier's end of a list that has reached one copy only is seen by one read and not by the next.
 */
const MAY_PASS: ReadonlySet<KvErrorCode> = new Set([
  "NAMESPACE_NOT_FOUND",
  "INTERNAL",
  "DATA_LOSS",
]);

/**
 * Whether the mutation is tried again. What an engine could not do now is tried for as long as it is not too late;
 * what is refused is tried a bounded number of times where that may pass, and not at all where it cannot.
 */
export function isTriedAgain(
  { code, retry, refusals }: ApplyFailure,
  refusalsMax: number,
): boolean {
  if (retry !== "never") return true;
  return MAY_PASS.has(code) && refusals < refusalsMax;
}

/** The wait after so many attempts, microseconds: doubled each time, up to the longest. */
export function waitAfter(
  attempts: number,
  {
    backoffMicros,
    backoffMicrosMax,
  }: { readonly backoffMicros: Micros; readonly backoffMicrosMax: Micros },
): Micros {
  // Far fewer doublings than a number has room for reach any longest wait.
  return Math.min(backoffMicros * 2 ** Math.min(attempts - 1, 30), backoffMicrosMax);
}

/**
 * Whether it is time to try a list again. An instant that is further off than the longest wait was noted by a clock that
 * ran ahead.
 */
export function isDue(
  { notBefore }: { readonly notBefore: Micros },
  now: Micros,
  { backoffMicrosMax }: { readonly backoffMicrosMax: Micros },
): boolean {
  return notBefore <= now || notBefore > now + backoffMicrosMax;
}

/** What is known of the lists that wait. */
export type LogPressure = { readonly pending: number; readonly lag: Micros };

/** Why no further list is accepted now; undefined when one is. */
export function refusalOf(
  { pending, lag }: LogPressure,
  { pendingMax, lagMicrosMax }: { readonly pendingMax: number; readonly lagMicrosMax: Micros },
): string | undefined {
  if (pending >= pendingMax) {
    return `${pending} lists wait to be applied, wanted fewer than ${pendingMax}`;
  }
  if (lag <= lagMicrosMax) return undefined;
  return `a list has waited for ${lag} µs, wanted at most ${lagMicrosMax}`;
}

/** Whether no list can come into a bucket any more, by whatever server's clock. */
export function isPast(
  bucket: number,
  now: Micros,
  { bucketMicros, settleMicros }: { readonly bucketMicros: Micros; readonly settleMicros: Micros },
): boolean {
  return now >= (bucket + 1) * bucketMicros + 2 * settleMicros;
}

/** The first bucket that a list may still come into, by whatever server's clock. */
export function firstOpen(
  now: Micros,
  { bucketMicros, settleMicros }: { readonly bucketMicros: Micros; readonly settleMicros: Micros },
): number {
  return Math.max(0, Math.floor((now - 2 * settleMicros) / bucketMicros));
}
