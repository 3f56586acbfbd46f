import type { Micros } from "../model/time.ts";
import { neverAborted } from "./never-aborted.ts";
import type { Timers } from "./timers.ts";

/** Waits `delay` microseconds, or until the signal is aborted if that is sooner. Leaves no timer and no listener. */
export async function pause(timers: Timers, delay: Micros, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  const cancelTimer = timers.after(delay, end);
  // Most callers never give up; listening costs more than all the rest.
  const isHeard = signal !== neverAborted;
  if (isHeard) signal.addEventListener("abort", end, { once: true });
  try {
    await promise;
  } finally {
    cancelTimer();
    if (isHeard) signal.removeEventListener("abort", end);
  }
}
