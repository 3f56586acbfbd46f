/** The memcached-shaped cache behind its port alone: entries that end on whole seconds, within memcached's limits. */
import { DAY, KvError, type Micros, SECOND } from "kvdal";
import {
  type CacheAdapter,
  type CacheCall,
  type CacheEngine,
  checkCacheCall,
  checkCacheKey,
  checkTtl,
  type EngineContext,
} from "kvdal/engine";
import { type SimulatedEntries, simulatedEntries } from "../backends/cache/entries.ts";

const ITEM_BYTES_MAX = 1024 * 1024;
const TTL_MAX: Micros = 30 * DAY;
const CAPABILITIES = {
  engine: "simulated-cache",
  // Less than fits with the longest key, as of the real adapter.
  valueBytesMax: ITEM_BYTES_MAX - 8 * 1024,
  ttlGranularity: SECOND,
  ttlMax: TTL_MAX,
};

/** An adapter whose engines share one cache in memory, which goes by its openers' steady clock. */
export function simulatedCache(): CacheAdapter {
  const entries = simulatedEntries({
    wholeSeconds: true,
    sharesHashes: false,
    itemBytesMax: ITEM_BYTES_MAX,
  });
  return { name: CAPABILITIES.engine, open: async (context) => openCache(entries, context) };
}

function openCache(entries: SimulatedEntries, { env, native }: EngineContext): CacheEngine {
  const { clock } = env;
  let isClosed = false;
  const run = async <T>(
    label: string,
    key: Uint8Array,
    call: CacheCall,
    work: (now: Micros) => T | Promise<T>,
  ): Promise<T> => {
    checkCacheKey(key);
    if (isClosed) throw new KvError("UNAVAILABLE", "the cache is closed, wanted an open one");
    checkCacheCall(call, clock);
    return await native(label, async () => work(clock.monotonic()));
  };
  const store =
    (verb: "set" | "add"): CacheEngine["set"] =>
    async (key, value, ttl, call) => {
      checkTtl(ttl);
      return await run(verb, key, call, (now) =>
        entries[verb](key, value, { now, ttl: Math.min(ttl, TTL_MAX) }),
      );
    };
  return {
    capabilities: CAPABILITIES,
    get: (key, call) => run("get", key, call, (now) => entries.get(key, now)),
    set: store("set"),
    add: store("add"),
    delete: (key, call) => run("delete", key, call, () => entries.delete(key)),
    close: async () => {
      isClosed = true;
    },
  };
}
