/** The same chunk rows in Cassandra by its driver alone. */
import type { Client } from "cassandra-driver";
import { type BareChunks, CHUNK_BYTES, eachCall, keyOf } from "./bare-chunks.ts";

/** LOCAL_QUORUM, as the layer asks. */
const CONSISTENCY = 6;
const OPTIONS = { prepare: true, consistency: CONSISTENCY, readTimeout: 60_000 } as const;

/** Makes the table. */
export async function bareCassandra(client: Client, keyspace: string): Promise<BareChunks> {
  const table = `${keyspace}.bare_chunks`;
  await client.execute(
    `CREATE TABLE ${table} (id text, key blob, value blob, value_metadata blob, PRIMARY KEY (id, key))`,
    [],
    { readTimeout: 60_000 },
  );
  const insert = `INSERT INTO ${table} (id, key, value, value_metadata) VALUES (?, ?, ?, ?) USING TIMESTAMP ?`;
  const select = `SELECT key, value, value_metadata FROM ${table} WHERE id = ? AND key >= ? AND key < ?`;
  const metadata = Buffer.alloc(60, 7);
  let timestamp = Date.now() * 1000;
  return {
    put: async (id, value) => {
      timestamp += 1;
      await eachCall(value.length, async (first, end, bucket) => {
        const queries = [];
        for (let i = first; i < end; i += 1) {
          const chunk = value.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES);
          const params = [`${id}.${bucket}`, keyOf(i), chunk, metadata, timestamp];
          queries.push({ query: insert, params });
        }
        await client.batch(queries, { ...OPTIONS, logged: false });
      });
    },
    get: async (id, bytes) => {
      let found = 0;
      await eachCall(bytes, async (first, end, bucket) => {
        const params = [`${id}.${bucket}`, keyOf(first), keyOf(end)];
        const { rows } = await client.execute(select, params, { ...OPTIONS, fetchSize: 100 });
        for (const row of rows) found += (row["value"] as Buffer).length;
      });
      return found;
    },
  };
}
