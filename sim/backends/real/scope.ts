/**
 * Which request of which world a piece of adapter code is running for. An engine is opened once and serves all
 * worlds; what it asks of its environment is answered by the server that the request is at.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Env, Random } from "kvdal/client";
import { hash32, scale } from "../../world/keyed-random.ts";
import type { RequestScope } from "../backend.ts";

/** A request over a real engine, while it lasts. */
export type RealScope = RequestScope & {
  /** Native calls so far: with the request's key, the name of the next one's draws. */
  natives: number;
  draws: number;
  /** A native call was lost by plan and ran into the deadline: errors that follow are the plan's. */
  timedOut: boolean;
  /** Sends a native call through the world. */
  readonly reach: <T>(scope: RealScope, thunk: () => Promise<T>) => Promise<T>;
};

/** The scope of the code that is running; undefined outside of any world. */
export const realScope: AsyncLocalStorage<RealScope> = new AsyncLocalStorage();

/** The environment of an engine that serves worlds: the server's within a request, `outside` elsewhere. */
export function scopedEnv(outside: Env): Env {
  const server = (): RealScope["server"] | undefined => realScope.getStore()?.server;
  return {
    clock: {
      wall: () => server()?.wall() ?? outside.clock.wall(),
      monotonic: () => server()?.monotonic() ?? outside.clock.monotonic(),
    },
    timers: {
      after: (delay, fire) => server()?.timer(delay, fire) ?? outside.timers.after(delay, fire),
    },
    random: scopedRandom(outside.random),
    telemetry: outside.telemetry,
  };
}

function scopedRandom(outside: Random): Random {
  const bits = (scope: RealScope): number => {
    scope.draws += 1;
    return hash32(scope.key, scope.draws, 77);
  };
  return {
    below: (bound) => {
      const scope = realScope.getStore();
      return scope === undefined ? outside.below(bound) : scale(bits(scope), bound);
    },
    bytes: (length) => {
      const scope = realScope.getStore();
      if (scope === undefined) return outside.bytes(length);
      return Uint8Array.from({ length }, () => bits(scope) & 0xff);
    },
    fork: (purpose) => scopedRandom(outside.fork(purpose)),
  };
}
