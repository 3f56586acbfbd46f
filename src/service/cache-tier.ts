/**
 * The cache tier (CACHE-1 to CACHE-7): a look-aside cache in front of the primary of every namespace that asks for one.
 * It stands in the engine's place, so all traffic of callers goes through it, by whichever API. What does not: scans and
 * clean-up, and reads that ask every copy. A namespace without a cache is handed on as it is.
 */
import type { Namespace } from "../namespace/namespace.ts";
import type { NamespaceCache } from "../namespace/caching.ts";
import type { CacheEngine } from "../ports/cache-engine.ts";
import type { Env } from "../ports/env.ts";
import type { Random } from "../ports/random.ts";
import type { StorageEngine } from "../ports/storage-engine.ts";
import { CacheAccess, CacheHealth } from "./cache-access.ts";
import { Slots } from "./cache-slots.ts";
import { Stamps } from "./cache-stamps.ts";
import { cachedChunks } from "./cached-chunks.ts";
import { CachedReads, type TierParts } from "./cached-reads.ts";
import { CachedRows } from "./cached-rows.ts";
import { writeMutationsThrough, writeThrough } from "./cached-writes.ts";

/** The tiers of one server. */
export class CacheTiers {
  readonly #env: Env;
  /**
   * By the namespace as it is configured: one that moved to another primary, or to another cache, has nothing in common
   * with what it was, and no read under way.
   */
  readonly #cached = new WeakMap<Namespace, Namespace>();
  readonly #health = new WeakMap<CacheEngine, CacheHealth>();

  readonly #random: Random;

  constructor(env: Env) {
    this.#env = env;
    this.#random = env.random.fork("cache stamps");
  }

  /** The namespace with its cache in front of its primary and its chunk store. */
  over(namespace: Namespace): Namespace {
    const { cache } = namespace;
    if (cache === undefined) return namespace;
    const known = this.#cached.get(namespace);
    if (known !== undefined) return known;
    const cached = this.#withTier(namespace, cache);
    this.#cached.set(namespace, cached);
    return cached;
  }

  #withTier(namespace: Namespace, cache: NamespaceCache): Namespace {
    const env = this.#env;
    const access = new CacheAccess(cache, this.#healthOf(cache.engine), env);
    const parts: TierParts = {
      namespace,
      cache,
      env,
      access,
      slots: new Slots(namespace.name),
      stamps: new Stamps(access, cache, env, this.#random),
      rows: new CachedRows(access, cache, env),
    };
    const chunks = { ...namespace.chunks, engine: cachedChunks(parts) };
    return { ...namespace, engine: cachedEngine(parts), chunks };
  }

  #healthOf(engine: CacheEngine): CacheHealth {
    const health = this.#health.get(engine) ?? new CacheHealth();
    this.#health.set(engine, health);
    return health;
  }
}

/** The primary with the cache in front of it. */
function cachedEngine(parts: TierParts): StorageEngine {
  const { engine, table } = parts.namespace;
  const reads = new CachedReads(parts);
  return {
    ...engine,
    write: (partition, mutations, call) =>
      partition.table === table
        ? writeMutationsThrough(parts, partition.id, mutations, call)
        : engine.write(partition, mutations, call),
    putIfAbsent: (partition, row, call) => {
      const work = () => engine.putIfAbsent(partition, row, call);
      if (partition.table !== table) return work();
      return writeThrough(parts, partition.id, [{ kind: "put", row }], call, work);
    },
    readKeys: (read, call) =>
      read.table === table && call.consistency !== "all"
        ? reads.readKeys(read, call)
        : engine.readKeys(read, call),
    readRange: (read, call) =>
      read.table === table && call.consistency !== "all"
        ? reads.readRange(read, call)
        : engine.readRange(read, call),
  };
}
