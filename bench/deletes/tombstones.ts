/**
 * How many tombstones each kind of deletion leaves on Cassandra, as a traced read of the record tells: "Read N live
 * rows and M tombstone cells". It counts every deleted row or cell, and both bounds of a range, but not the one
 * tombstone that a whole partition may have.
 */
import { randomBytes } from "node:crypto";
import type { Client } from "cassandra-driver";
import { hmacSha256, type KvClient, matchKeys, matchRange, open, systemEnv, utf8 } from "kvdal";
import type { EngineAdapter } from "kvdal/engine";
import { type BenchServer, bareCassandra } from "../engines.ts";

const NAMESPACE = "tombstones";
const TRACE = /^Read (\d+) live rows? and (\d+) tombstone cells?/;

/** By the layer, but for the last one; also the ids of the records. */
const KINDS = ["record", "range", "items", "items by DELETE"] as const;

/** What a traced read of a record met. */
export type ReadTrace = { readonly liveRows: number; readonly tombstoneCells: number };

/** One kind of deletion of the same items. */
export type TombstoneCount = ReadTrace & {
  readonly kind: (typeof KINDS)[number];
  readonly deletedItems: number;
  readonly tombstones: number;
};

/** Deletes `items` of as many by each kind, and counts. */
export async function countTombstones(
  adapter: EngineAdapter,
  server: BenchServer,
  items: number,
): Promise<readonly TombstoneCount[]> {
  const mac = hmacSha256(randomBytes(32));
  const namespaces = [{ name: NAMESPACE }];
  const store = await open({ engine: adapter, namespaces, env: systemEnv(), mac });
  const bare = await bareCassandra(server);
  const keys = Array.from({ length: items }, (_, i) => utf8(String(i).padStart(7, "0")));
  const at = (id: TombstoneCount["kind"]): { namespace: string; id: string } => ({
    namespace: NAMESPACE,
    id,
  });
  try {
    for (const kind of KINDS) await fill(store.client, kind, keys);
    await store.client.deleteItems(at("record"));
    await store.client.deleteItems({ ...at("range"), predicate: matchRange(keys[0], utf8("9")) });
    await store.client.deleteItems({ ...at("items"), predicate: matchKeys(...keys) });
    await deletePlainly(bare, server.space, keys);
    const counts: TombstoneCount[] = [];
    for (const kind of KINDS) {
      const trace = await tracedRead(bare, server.space, kind);
      const tombstones = tombstonesOf(kind, trace);
      counts.push({ kind, deletedItems: items, tombstones, ...trace });
    }
    return counts;
  } finally {
    await bare.shutdown();
    await store.close();
  }
}

/** What the layer does not do: a DELETE for each item. */
async function deletePlainly(
  bare: Client,
  keyspace: string,
  keys: readonly Uint8Array[],
): Promise<void> {
  const query = `DELETE FROM ${keyspace}.${NAMESPACE} USING TIMESTAMP ? WHERE id = ? AND key = ?`;
  const id: TombstoneCount["kind"] = "items by DELETE";
  // Whoever writes by hand must use the layer's scale: four steps a microsecond.
  const timestamp = String(BigInt(Date.now()) * 4000n + 4000n);
  for (const key of keys) {
    await bare.execute(query, [timestamp, id, Buffer.from(key)], { prepare: true });
  }
}

/**
 * The trace counts both bounds of a range. A partition has one tombstone or none, and is hidden by it when neither a
 * row nor the tombstone of one is met.
 */
function tombstonesOf(kind: TombstoneCount["kind"], trace: ReadTrace): number {
  const { liveRows, tombstoneCells } = trace;
  // Markers are rows, of which the layer shows none.
  if (kind !== "items" && liveRows > 0) throw new Error(`${liveRows} rows outlived the ${kind}`);
  if (kind === "record") return tombstoneCells + 1;
  return kind === "range" ? tombstoneCells / 2 : tombstoneCells;
}

async function fill(client: KvClient, id: string, keys: readonly Uint8Array[]): Promise<void> {
  const value = utf8("value");
  const items = keys.map((key) => ({ key, value }));
  await client.putItems({ namespace: NAMESPACE, id, items });
}

/** Reads a whole record with tracing on. */
async function tracedRead(client: Client, keyspace: string, id: string): Promise<ReadTrace> {
  const query = `SELECT key FROM ${keyspace}.${NAMESPACE} WHERE id = ?`;
  const options = { prepare: true, traceQuery: true, fetchSize: 100_000 };
  const { info } = await client.execute(query, [id], options);
  const { events } = await client.metadata.getTrace(info.traceId);
  for (const { activity } of events) {
    const match = TRACE.exec(activity ?? "");
    if (match !== null) return { liveRows: Number(match[1]), tombstoneCells: Number(match[2]) };
  }
  throw new Error(`the trace of ${query} has no line such as ${TRACE.source}`);
}
