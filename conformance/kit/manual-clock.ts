/** A wall clock that only the case moves, so that nobody sleeps for an expiry. */
import type { Micros } from "kvdal";
import type { Env } from "kvdal/client";

/** The clock as the case holds it. */
export type ManualClock = {
  /** Microseconds since 1970. */
  readonly now: () => Micros;
  /** Moves it, backwards too. */
  readonly advance: (by: Micros) => void;
};

/**
 * `env` with a wall clock that stands at its present reading until it is moved. Starting near the real time keeps
 * engines content that look at theirs; steady time, timers and chance stay those of `env`.
 */
export function manualClock(env: Env): { readonly clock: ManualClock; readonly env: Env } {
  let now = env.clock.wall();
  const wall = (): Micros => now;
  return {
    clock: {
      now: wall,
      advance: (by) => {
        now += by;
      },
    },
    env: { ...env, clock: { wall, monotonic: env.clock.monotonic } },
  };
}
