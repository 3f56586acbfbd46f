import type { Micros } from "../model/time.ts";

/** Takes a timer back. Harmless when it has fired already. */
export type CancelTimer = () => void;

/** Waiting. Whoever starts a timer sees to it that it fires or is cancelled (RES-1). */
export type Timers = {
  /** Calls `fire` once, `delay` microseconds from now at the earliest, never before this call returns. */
  readonly after: (delay: Micros, fire: () => void) => CancelTimer;
};

/** Resolves after `delay` microseconds. For waits that nothing needs to cut short. */
export function sleep(timers: Timers, delay: Micros): Promise<void> {
  return new Promise((resolve) => {
    timers.after(delay, resolve);
  });
}
