import type { Micros } from "../model/time.ts";
import type { Clock } from "../ports/clock.ts";

/**
 * The machine's own clocks. `wall` always lies in the millisecond that the system clock shows, and steps with it;
 * within that millisecond the steady clock supplies the microseconds, which the system clock does not give.
 */
export function systemClock(): Clock {
  return { wall: interpolated(systemMillis, monotonic), monotonic };
}

/**
 * A wall clock in microseconds from one in whole milliseconds and a steady one in microseconds. Exported for its
 * test: the rule is worth seeing with clocks that do as told.
 */
export function interpolated(millis: () => number, steady: () => Micros): () => Micros {
  let ahead = millis() * 1000 - steady();
  return () => {
    const floor = millis() * 1000;
    const guess = steady() + ahead;
    const wall = Math.min(Math.max(guess, floor), floor + 999);
    ahead += wall - guess;
    return wall;
  };
}

function systemMillis(): number {
  return Date.now();
}

/** Microseconds since this thread started. Not `hrtime.bigint`, whose BigInts cost more than the clock does. */
function monotonic(): Micros {
  return Math.floor(performance.now() * 1000);
}
