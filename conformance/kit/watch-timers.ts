/** Timers that are counted: what a case starts must be gone when it is over (RES-1). */
import type { Env } from "kvdal/client";

/** An environment with counted timers. */
export type WatchedTimers = {
  readonly env: Env;
  /** Timers that have neither fired nor been taken back. */
  readonly pending: () => number;
  /** Takes back what is left, so that it keeps no process alive. */
  readonly cancelAll: () => void;
};

/** `env` with its timers counted. */
export function watchTimers(env: Env): WatchedTimers {
  const pending = new Set<() => void>();
  return {
    env: {
      ...env,
      timers: {
        after: (delay, fire) => {
          const cancel = env.timers.after(delay, () => {
            pending.delete(cancel);
            fire();
          });
          pending.add(cancel);
          return () => {
            pending.delete(cancel);
            cancel();
          };
        },
      },
    },
    pending: () => pending.size,
    cancelAll: () => {
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
}
