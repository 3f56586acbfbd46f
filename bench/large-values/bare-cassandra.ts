/** The same chunk rows by the driver alone: what the layer is compared with. */
import type { Client } from "cassandra-driver";

const CHUNK_BYTES = 64 * 1024;
const CHUNKS_PER_BUCKET = 64;
const CHUNKS_PER_CALL = 8;
const CALLS_AT_ONCE = 4;
/** LOCAL_QUORUM, as the layer asks. */
const CONSISTENCY = 6;
const OPTIONS = { prepare: true, consistency: CONSISTENCY, readTimeout: 60_000 } as const;

/** Puts and gets values as rows of chunks in a table of the same columns. */
export type BareChunks = {
  readonly put: (id: string, value: Buffer) => Promise<void>;
  /** The bytes that came. */
  readonly get: (id: string, bytes: number) => Promise<number>;
};

/** Makes the table. */
export async function bareChunks(client: Client, keyspace: string): Promise<BareChunks> {
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

async function eachCall(
  bytes: number,
  work: (first: number, end: number, bucket: number) => Promise<void>,
): Promise<void> {
  const count = Math.ceil(bytes / CHUNK_BYTES);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const first = next;
      next = Math.min(count, first + CHUNKS_PER_CALL);
      await work(first, next, Math.floor(first / CHUNKS_PER_BUCKET));
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker));
}

function keyOf(index: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(index);
  return key;
}
