/** What a cache case is run with. */
import { concatBytes, type Micros, SECOND } from "kvdal";
import { type Env, sleep } from "kvdal/client";
import type { CacheAdapter, CacheCall, CacheEngine } from "kvdal/engine";
import { type Bytes, toBytes } from "./bytes.ts";

/** The cache as one case sees it; keys made by `key` are no other case's. */
export type CacheStore = {
  readonly cache: CacheEngine;
  /** Another engine, over the same cache where that is shared; closed with the store unless the case closes it. */
  readonly another: () => Promise<CacheEngine>;
  /** A key of this case: bytes of its own in front. */
  readonly key: (bytes: Bytes) => Uint8Array;
  /** A call with so much time; default a few seconds. */
  readonly call: (timeout?: Micros) => CacheCall;
  /** Really waits: expiry runs by the cache's own clock. */
  readonly wait: (micros: Micros) => Promise<void>;
  readonly monotonic: () => Micros;
};

/** A way to a cache. */
export type CacheDoor = {
  /** Opens an engine; each call a new one. */
  readonly open: () => Promise<CacheEngine>;
  /** Whether all of them are over one cache, as on a server, or each over its own. */
  readonly isShared: boolean;
};

/** The door over an adapter, whose engines live in `env`. */
export function cacheDoor(adapter: CacheAdapter, env: Env, isShared: boolean): CacheDoor {
  const native = <T>(_label: string, thunk: () => Promise<T>): Promise<T> => thunk();
  return { open: () => adapter.open({ env, native }), isShared };
}

/** Time a call of a cache has here. */
const CALL_TIMEOUT = 5 * SECOND;

/** The store of one case, and what ends it. */
export type OpenedCacheStore = { readonly store: CacheStore; readonly close: () => Promise<void> };

/** Opens the store of a case; `prefix` begins all its keys. */
export async function openCacheStore(
  door: CacheDoor,
  env: Env,
  prefix: Uint8Array,
): Promise<OpenedCacheStore> {
  const opened: CacheEngine[] = [];
  const another = async (): Promise<CacheEngine> => {
    const cache = await door.open();
    opened.push(cache);
    return cache;
  };
  const store: CacheStore = {
    cache: await another(),
    another,
    key: (bytes) => concatBytes(prefix, toBytes(bytes)),
    call: (timeout = CALL_TIMEOUT) => ({ deadline: env.clock.monotonic() + timeout }),
    wait: (micros) => sleep(env.timers, micros),
    monotonic: env.clock.monotonic,
  };
  return {
    store,
    close: async () => {
      for (const cache of opened) await cache.close();
    },
  };
}
