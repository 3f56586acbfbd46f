/** From an engine's name on the command line to an adapter of it, and to whatever has to run behind it. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "../model/bytes.ts";
import { type Micros, SECOND } from "../model/time.ts";
import type { CacheAdapter } from "../ports/cache-engine.ts";
import type { EngineAdapter } from "../ports/storage-engine.ts";
import { CliError, EXIT_USAGE } from "./exit.ts";
import { requireRealEngine } from "./real-engine.ts";

/** Engines that hold records. */
export const STORAGE_ENGINES: readonly string[] = ["memory", "rocksdb", "cassandra", "dynamodb"];
/** Caches. */
export const CACHE_ENGINES: readonly string[] = ["memory-cache", "memcached"];

/** How a storage engine is wanted. */
export type EngineWish = {
  /**
   * Keyspace, or prefix of tables: up to 20 lower-case letters, digits and `_`. What is in it is gone after `stop`.
   * Default: a new one.
   */
  readonly space?: string;
  /** Least time-out of a native call, milliseconds, for callers whose clock stands still during one. */
  readonly timeoutMillisMin?: number;
};

/** A storage engine that is there to be opened. */
export type NamedStorage = {
  readonly kind: "storage";
  readonly name: string;
  /** Expiry is judged by the callers' clocks alone. */
  readonly adapter: EngineAdapter;
  /** The same engine expiring rows by its own clock, and how soon after its time a row is gone. */
  readonly engineClock?: { readonly adapter: EngineAdapter; readonly removalWithin: Micros };
  /** Removes a table with its data, where the engine's tables cost it something. */
  readonly dropTable?: (table: string) => Promise<void>;
  /** Ends what was started or made for it. Close the engines first. */
  readonly stop: () => Promise<void>;
};

/** A cache that is there to be opened. */
export type NamedCache = {
  readonly kind: "cache";
  readonly name: string;
  readonly adapter: CacheAdapter;
  /** Whether engines opened one after another see the same entries. */
  readonly isShared: boolean;
  readonly stop: () => Promise<void>;
};

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
  if (CACHE_ENGINES.includes(name)) return cacheByName(name);
  return storageByName(name, wish);
}

/** The storage engine of this name; as `engineByName`. */
export async function storageByName(name: string, wish: EngineWish = {}): Promise<NamedStorage> {
  const { space = `kvdal_${toHex(randomBytes(4))}`, timeoutMillisMin } = wish;
  const floor = timeoutMillisMin === undefined ? {} : { timeoutMillisMin };
  switch (name) {
    case "memory": {
      const { memory } = await import("../engines/memory/adapter.ts");
      return { kind: "storage", name, adapter: memory(), stop: nothing };
    }
    case "rocksdb":
      return rocksdbInTemporaryFolder();
    case "cassandra":
      return cassandraByName(space, floor);
    case "dynamodb":
      return dynamodbByName(`${space}-`, floor);
    default:
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

async function cassandraByName(
  keyspace: string,
  floor: { readonly timeoutMillisMin?: number },
): Promise<NamedStorage> {
  const engine = await requireRealEngine("cassandra");
  const { cassandra } = await import("../engines/cassandra/adapter.ts");
  const { cassandraJanitor } = await import("../engines/cassandra/janitor.ts");
  const { host, port } = engine.endpoint();
  const options = {
    ...floor,
    contactPoints: [host],
    localDataCenter: "datacenter1",
    keyspace,
    replication: { datacenter1: 1 },
    driver: { protocolOptions: { port } },
  };
  const janitor = cassandraJanitor(options);
  const adapter = (nativeTtl: boolean): EngineAdapter => cassandra({ ...options, nativeTtl });
  return {
    kind: "storage",
    name: "cassandra",
    adapter: adapter(false),
    // The adapter gives rows a minute of slack, so that clocks that differ never remove one early.
    engineClock: { adapter: adapter(true), removalWithin: 75 * SECOND },
    dropTable: janitor.dropTable,
    stop: async () => {
      await janitor.dropKeyspace();
      await janitor.close();
      await engine.release();
    },
  };
}

async function dynamodbByName(
  tablePrefix: string,
  floor: { readonly timeoutMillisMin?: number },
): Promise<NamedStorage> {
  const engine = await requireRealEngine("dynamodb");
  const { dynamodb } = await import("../engines/dynamodb/adapter.ts");
  const { dynamodbJanitor } = await import("../engines/dynamodb/janitor.ts");
  const options = {
    ...floor,
    region: "us-east-1",
    endpoint: engine.endpoint().address,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    tablePrefix,
  };
  const janitor = dynamodbJanitor(options);
  return {
    kind: "storage",
    name: "dynamodb",
    adapter: dynamodb({ ...options, nativeTtl: false }),
    // An expired row stays for the retention, a minute in these cases; DynamoDB Local then takes seconds.
    engineClock: { adapter: dynamodb({ ...options, nativeTtl: true }), removalWithin: 90 * SECOND },
    dropTable: janitor.dropTable,
    stop: async () => {
      await janitor.dropPrefix();
      await janitor.close();
      await engine.release();
    },
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
  const names = [...STORAGE_ENGINES, ...CACHE_ENGINES].join(", ");
  return new CliError(EXIT_USAGE, `the engine is "${name}", wanted one of: ${names}`);
}
