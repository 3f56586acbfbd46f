/** A cache that is looked at from above: how often it is asked; and it can be made to fail or to forget. */
import { concatBytes, KvError } from "kvdal";
import type { CacheEngine } from "kvdal/engine";

/** What a case can see of, and do to, the cache in front of its namespaces. */
export type CacheProbe = {
  /** Calls since the store was opened. */
  readonly calls: () => number;
  /** It answers so many further calls that change something, and no look at all; Infinity for all of both. */
  readonly answerOnly: (changes: number) => void;
  /** It forgets everything. */
  readonly flush: () => void;
};

/** The cache as the namespaces get it, and what a case can do to it. */
export type WatchedCache = { readonly engine: CacheEngine; readonly probe: CacheProbe };

/** Puts a probe between a deployment and `engine`. */
export function watchCache(engine: CacheEngine): WatchedCache {
  let calls = 0;
  let left = Number.POSITIVE_INFINITY;
  let flushes = 0;
  // Other cases are at work in the same cache: what one forgets is looked for under other keys from then on.
  const nameOf = (key: Uint8Array): Uint8Array => concatBytes(key, Uint8Array.of(flushes));
  const passes = (changes: boolean): void => {
    calls += 1;
    const isAnswered = changes ? left > 0 : left === Number.POSITIVE_INFINITY;
    if (changes) left -= 1;
    if (!isAnswered) throw new KvError("UNAVAILABLE", "the cache is away, as the case has it");
  };
  return {
    engine: {
      ...engine,
      get: async (key, call) => {
        passes(false);
        return engine.get(nameOf(key), call);
      },
      set: async (key, value, ttl, call) => {
        passes(true);
        return engine.set(nameOf(key), value, ttl, call);
      },
      add: async (key, value, ttl, call) => {
        passes(true);
        return engine.add(nameOf(key), value, ttl, call);
      },
    },
    probe: {
      calls: () => calls,
      answerOnly: (changes) => {
        left = changes;
      },
      flush: () => {
        flushes += 1;
      },
    },
  };
}
