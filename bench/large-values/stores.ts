/** Stores for large values, each over an engine of its own that ends with it. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "cassandra-driver";
import { hmacSha256, type KvStore, memory, open, SECOND, systemEnv } from "kvdal";
import { cassandra, type EngineAdapter, openRocksdbStore, rocksdb } from "kvdal/engine";
import { bareCassandra } from "./bare-cassandra.ts";
import type { BareChunks } from "./bare-chunks.ts";
import { bareRocksdb } from "./bare-rocksdb.ts";

export const NAMESPACE = "bench";

/** An open store; `bare` is the driver alone, in the same database, where there is one. */
export type BenchStore = {
  readonly store: KvStore;
  readonly bare?: BareChunks;
  readonly close: () => Promise<void>;
};

/** Opens the store of this engine; a reason why not, when it is not to be had. */
export async function openStore(name: string): Promise<BenchStore | string> {
  if (name === "memory") return storeOver(memory(), async () => undefined);
  if (name === "rocksdb") {
    const path = await mkdtemp(join(tmpdir(), "kvdal-bench-"));
    const store = await openRocksdbStore(path);
    const opened = await storeOver(rocksdb({ store }), async () => {
      await store.close();
      await rm(path, { recursive: true, force: true });
    });
    return { ...opened, bare: bareRocksdb(store) };
  }
  return cassandraStore();
}

async function cassandraStore(): Promise<BenchStore | string> {
  // Only here: what it brings along would be part of the heap in which the others are measured.
  const { openEngine } = await import("kvdal/conformance");
  const engine = await openEngine("cassandra");
  if (!engine.available) return `${engine.why}; ${engine.howToGet}`;
  const { host, port } = engine.endpoint();
  const keyspace = `bench_${randomBytes(4).toString("hex")}`;
  const contact = { contactPoints: [host], localDataCenter: "datacenter1" };
  const client = new Client({ ...contact, protocolOptions: { port } });
  const adapter = cassandra({
    ...contact,
    keyspace,
    replication: { datacenter1: 1 },
    driver: { protocolOptions: { port } },
  });
  const opened = await storeOver(adapter, async () => {
    await client.execute(`DROP KEYSPACE ${keyspace}`, [], { readTimeout: 60_000 });
    await client.shutdown();
    await engine.release();
  });
  return { ...opened, bare: await bareCassandra(client, keyspace) };
}

async function storeOver(engine: EngineAdapter, after: () => Promise<void>): Promise<BenchStore> {
  const store = await open({
    engine,
    namespaces: [{ name: NAMESPACE }],
    env: systemEnv(),
    mac: hmacSha256(randomBytes(32)),
    // Generous, since figures are wanted and not failures; the window and all sizes are the defaults.
    client: { limits: { timeoutMicros: 600 * SECOND, attemptTimeoutMicros: 60 * SECOND } },
  });
  const close = async (): Promise<void> => {
    await store.close();
    await after();
  };
  return { store, close };
}
