/**
 * A cache in the memory of the process: bounded by bytes, least recently used first out, expiry exact to the
 * microsecond of the steady clock. The reference for other caches, and enough where one server is all there is.
 */
import { KvError } from "../../model/error.ts";
import type { Micros } from "../../model/time.ts";
import type {
  CacheAdapter,
  CacheCall,
  CacheCapabilities,
  CacheEngine,
  CacheStored,
} from "../../ports/cache-engine.ts";
import type { EngineContext } from "../../ports/storage-engine.ts";
import {
  CACHE_KEY_BYTES_MAX,
  checkCacheCall,
  checkCacheKey,
  checkTtl,
} from "../shared/cache-guard.ts";
import { Entries, ENTRY_BYTES } from "./entries.ts";

/** How much the cache may take. */
export type MemoryCacheOptions = {
  /** Most bytes of keys, values and about 100 bytes each beside them. At least 8 KiB. */
  readonly maxBytes: number;
  /** Largest value, bytes. By default 1 MiB, or what `maxBytes` has room for. */
  readonly valueBytesMax?: number;
};

/** An adapter of caches in memory; each one it opens is empty and its own. Throws `RangeError` for odd options. */
export function memoryCache(options: MemoryCacheOptions): CacheAdapter {
  const { maxBytes } = options;
  if (!(maxBytes >= 8192)) throw new RangeError(`maxBytes is ${maxBytes}, wanted at least 8192`);
  const roomForOne = maxBytes - CACHE_KEY_BYTES_MAX - ENTRY_BYTES;
  const valueBytesMax = Math.min(options.valueBytesMax ?? 1024 * 1024, roomForOne);
  return {
    name: "memory-cache",
    open: async (context) => openMemoryCache(maxBytes, valueBytesMax, context),
  };
}

function openMemoryCache(
  maxBytes: number,
  valueBytesMax: number,
  { env, native }: EngineContext,
): CacheEngine {
  const entries = new Entries(maxBytes);
  const capabilities: CacheCapabilities = {
    engine: "memory-cache",
    valueBytesMax,
    ttlGranularity: 1,
    ttlMax: Number.POSITIVE_INFINITY,
  };
  let closed = false;
  const run = async <T>(label: string, call: CacheCall, work: (now: Micros) => T): Promise<T> => {
    if (closed) throw new KvError("UNAVAILABLE", "the cache is closed, wanted an open one");
    checkCacheCall(call, env.clock);
    return native(label, async () => work(env.clock.monotonic()));
  };
  const store = (key: string, value: Uint8Array, end: Micros): CacheStored => {
    if (value.length <= valueBytesMax && entries.set(key, new Uint8Array(value), end)) {
      return { kind: "stored" };
    }
    entries.delete(key);
    return { kind: "too_large" };
  };
  return {
    capabilities,
    get: async (key, call) =>
      run("get", call, (now) => {
        const value = entries.get(nameOf(key), now);
        return value === undefined ? { kind: "miss" } : { kind: "hit", value: value.slice() };
      }),
    set: async (key, value, ttl, call) => {
      checkTtl(ttl);
      return run("set", call, (now) => store(nameOf(key), value, now + ttl));
    },
    add: async (key, value, ttl, call) => {
      checkTtl(ttl);
      return run("add", call, (now) => {
        const name = nameOf(key);
        const present = entries.get(name, now) !== undefined;
        return present ? { kind: "present" } : store(name, value, now + ttl);
      });
    },
    delete: async (key, call) => run("delete", call, () => entries.delete(nameOf(key))),
    close: async () => {
      closed = true;
      entries.clear();
    },
  };
}

/** A text with one unit a byte: maps find entries by text, not by bytes. Throws INVALID_ARGUMENT for an odd key. */
function nameOf(key: Uint8Array): string {
  checkCacheKey(key);
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
}
