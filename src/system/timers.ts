import type { Micros } from "../model/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { CancelTimer, Timers } from "../ports/timers.ts";

/** Longest wait the platform knows, milliseconds; one more and it would fire at once. */
const TIMEOUT_MILLIS_MAX = 0x7fff_ffff;

/**
 * The platform's timers, to the letter of the port: never early by `clock`, though the platform may wake a
 * fraction of a millisecond too soon; and as late as asked, though it counts only 24 days ahead. A timer keeps
 * the process alive until it has fired or is cancelled. Throws `RangeError` for a delay that is not a number.
 */
export function systemTimers(clock: Clock): Timers {
  return { after: (delay, fire) => startTimer(clock, delay, fire) };
}

function startTimer(clock: Clock, delay: Micros, fire: () => void): CancelTimer {
  if (Number.isNaN(delay)) throw new RangeError("delay is NaN, wanted microseconds");
  const due = clock.monotonic() + delay;
  // The first wait goes through the platform even when nothing is left: never before this call returns.
  let cancel: CancelTimer = delay > 0 ? wakeIn(delay, check) : wakeSoon(fire);
  function check(): void {
    const left = due - clock.monotonic();
    if (left > 0) cancel = wakeIn(left, check);
    else fire();
  }
  return () => cancel();
}

function wakeIn(left: Micros, wake: () => void): CancelTimer {
  const timeout = setTimeout(wake, Math.min(Math.ceil(left / 1000), TIMEOUT_MILLIS_MAX));
  return () => clearTimeout(timeout);
}

function wakeSoon(wake: () => void): CancelTimer {
  const immediate = setImmediate(wake);
  return () => clearImmediate(immediate);
}
