/** The engines that pages are read from, each in a place of its own that goes with it. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "kvdal";
import {
  cassandra,
  dynamodb,
  type EngineAdapter,
  openRocksdbStore,
  rocksdb,
  type RocksdbStore,
} from "kvdal/engine";

/** An engine to read from, and what removes it. */
export type BenchEngine = {
  readonly adapter: EngineAdapter;
  /** Reads so many of its rows without the layer, where the engine has a way of its own in this process. */
  readonly bare?: (rows: number) => Promise<number>;
  readonly end: () => Promise<void>;
};

/** By name. The last two are real ones, and run only when a filter names them. */
export const ENGINES = ["memory", "rocksdb", "cassandra", "dynamodb"] as const;
export type EngineName = (typeof ENGINES)[number];

/** Whether the engine runs on a server: it takes longer, and may not be there. */
export function isRemote(name: EngineName): boolean {
  return name === "cassandra" || name === "dynamodb";
}

/** Opens the engine's place. Throws when a real one cannot be had, saying how to get it. */
export async function benchEngine(name: EngineName): Promise<BenchEngine> {
  const space = `bench_${randomBytes(4).toString("hex")}`;
  switch (name) {
    case "memory":
      return { adapter: memory(), end: async () => undefined };
    case "rocksdb": {
      const path = await mkdtemp(join(tmpdir(), "kvdal-bench-"));
      const store = await openRocksdbStore(path);
      return {
        adapter: rocksdb({ store }),
        bare: (rows) => firstRows(store, rows),
        end: async () => {
          await store.close();
          await rm(path, { recursive: true, force: true });
        },
      };
    }
    case "cassandra":
      return benchCassandra(space);
    case "dynamodb": {
      const { address, release } = await endpointOf("dynamodb");
      const credentials = { accessKeyId: "local", secretAccessKey: "local" };
      const where = { region: "us-east-1", endpoint: address, credentials };
      return { adapter: dynamodb({ ...where, tablePrefix: `${space}-` }), end: release };
    }
    default:
      throw name satisfies never;
  }
}

/** The binding's own iterator over what is stored, as its manual has it used. */
function firstRows(store: RocksdbStore, limit: number): Promise<number> {
  return store.use(async (db) => {
    let bytes = 0;
    const range = { gte: Buffer.of(1), lt: Buffer.of(2) };
    const options = { reverse: false, limit, capacity: ROWS_PER_NATIVE_READ };
    for await (const { key, value } of db.iterator(range, options)) {
      bytes += key.length + value.length;
    }
    return bytes;
  });
}

/** As the adapter does it for rows of that length. */
const ROWS_PER_NATIVE_READ = 256;

async function benchCassandra(keyspace: string): Promise<BenchEngine> {
  const { host, port, release } = await endpointOf("cassandra");
  const options = {
    contactPoints: [host],
    localDataCenter: "datacenter1",
    keyspace,
    replication: { datacenter1: 1 },
    driver: { protocolOptions: { port } },
  };
  return {
    adapter: cassandra(options),
    end: async () => {
      const { Client } = await import("cassandra-driver");
      const { contactPoints, localDataCenter } = options;
      const client = new Client({ contactPoints, localDataCenter, protocolOptions: { port } });
      await client.connect();
      await client.execute(`DROP KEYSPACE IF EXISTS ${keyspace}`);
      await client.shutdown();
      await release();
    },
  };
}

async function endpointOf(name: "cassandra" | "dynamodb"): Promise<{
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly release: () => Promise<void>;
}> {
  // Only here: what it brings along would be part of the heap in which pages of 2 MiB are timed.
  const { openEngine } = await import("kvdal/conformance");
  const engine = await openEngine(name);
  if (!engine.available) {
    throw new Error(`${name} is not available: ${engine.why}. To get it: ${engine.howToGet}`);
  }
  return { ...engine.endpoint(), release: engine.release };
}
