/** From an engine's name on the command line to an adapter of it, and to whatever has to run behind it. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "../model/bytes.ts";
import { CliError, EXIT_USAGE } from "./exit.ts";
import type { EngineWish, NamedCache, NamedStorage } from "./named-engine.ts";
import { isOwnEngine, OWN_ENGINE, ownEngine } from "./own-engine.ts";
import { requireRealEngine } from "./real-engine.ts";
import { cassandraByName, dynamodbByName } from "./real-storage.ts";

/** Engines that hold records. */
export const STORAGE_ENGINES: readonly string[] = ["memory", "rocksdb", "cassandra", "dynamodb"];
/** Simulated ones, behind their port alone. */
export const STORAGE_TWINS: readonly string[] = ["replicated", "conditional"];
/** Caches. */
export const CACHE_ENGINES: readonly string[] = ["memory-cache", "memcached"];

/** The simulated one. */
export const CACHE_TWINS: readonly string[] = ["simulated-cache"];

/** All of them. */
export const ENGINE_NAMES: readonly string[] = [
  ...STORAGE_ENGINES,
  ...CACHE_ENGINES,
  ...STORAGE_TWINS,
  ...CACHE_TWINS,
];

/** Bytes that the cache in memory may take here. */
const MEMORY_CACHE_BYTES = 64 * 1024 * 1024;
const nothing = async (): Promise<void> => undefined;

/**
 * The storage engine or cache of this name. Throws `CliError`: usage for a name that is none, unavailable, with how
 * to get it, for an engine that cannot be had here.
 */
export async function engineByName(
  name: string,
  wish: EngineWish = {},
): Promise<NamedStorage | NamedCache> {
  if ([...CACHE_ENGINES, ...CACHE_TWINS].includes(name)) return cacheByName(name);
  return storageByName(name, wish);
}

/** The storage engine of this name; as `engineByName`. */
export async function storageByName(name: string, wish: EngineWish = {}): Promise<NamedStorage> {
  const { space = `kvdal_${toHex(randomBytes(4))}`, timeoutMillisMin, nodes = 1 } = wish;
  const floor = timeoutMillisMin === undefined ? {} : { timeoutMillisMin };
  switch (name) {
    case "memory": {
      const { memory } = await import("../engines/memory/adapter.ts");
      return { kind: "storage", name, adapter: memory(), stop: nothing };
    }
    case "replicated":
    case "conditional": {
      const { conditional, replicated } = await import("kvdal/sim");
      const adapter = name === "conditional" ? conditional() : replicated();
      return { kind: "storage", name, adapter, stop: nothing };
    }
    case "rocksdb":
      return rocksdbInTemporaryFolder();
    case "cassandra":
      return cassandraByName(space, nodes, floor);
    case "dynamodb":
      return dynamodbByName(`${space}-`, floor);
    default:
      if (isOwnEngine(name)) return ownEngine(name);
      throw unknownEngine(name);
  }
}

async function rocksdbInTemporaryFolder(): Promise<NamedStorage> {
  const { rocksdb } = await import("../engines/rocksdb/adapter.ts");
  const path = await mkdtemp(join(tmpdir(), "kvdal-rocksdb-"));
  return {
    kind: "storage",
    name: "rocksdb",
    adapter: rocksdb({ path }),
    stop: () => rm(path, { recursive: true, force: true }),
  };
}

/** The cache of this name; as `engineByName`. */
export async function cacheByName(name: string): Promise<NamedCache> {
  switch (name) {
    case "memory-cache": {
      const { memoryCache } = await import("../engines/memory-cache/adapter.ts");
      const adapter = memoryCache({ maxBytes: MEMORY_CACHE_BYTES });
      return { kind: "cache", name, adapter, isShared: false, stop: nothing };
    }
    case "simulated-cache": {
      const { simulatedCache } = await import("kvdal/sim");
      return { kind: "cache", name, adapter: simulatedCache(), isShared: true, stop: nothing };
    }
    case "memcached": {
      const engine = await requireRealEngine("memcached");
      const { memcached } = await import("../engines/memcached/adapter.ts");
      const adapter = memcached({ endpoint: engine.endpoint().address });
      return { kind: "cache", name, adapter, isShared: true, stop: () => engine.release() };
    }
    default:
      throw unknownEngine(name);
  }
}

function unknownEngine(name: string): CliError {
  const names = ENGINE_NAMES.join(", ");
  return new CliError(
    EXIT_USAGE,
    `the engine is "${name}", wanted one of: ${names}; or ${OWN_ENGINE}`,
  );
}
