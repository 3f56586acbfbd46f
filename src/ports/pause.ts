import type { Micros } from "../model/time.ts";
import type { Timers } from "./timers.ts";

/** Waits `delay` microseconds, or until the signal is aborted if that is sooner. Leaves no timer and no listener. */
export async function pause(timers: Timers, delay: Micros, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  const cancelTimer = timers.after(delay, end);
  signal.addEventListener("abort", end, { once: true });
  try {
    await promise;
  } finally {
    cancelTimer();
    signal.removeEventListener("abort", end);
  }
}
