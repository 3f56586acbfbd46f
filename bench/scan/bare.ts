/**
 * What a whole table is read with where there is no layer: the vendor's client, as its own manual has it done, whole or
 * in ranges at once. In memory there is no vendor: there it is the engine's own verb, without client and service.
 */
import type { Client } from "cassandra-driver";
import { MINUTE, systemEnv } from "kvdal";
import { neverAborted } from "kvdal/client";
import type { RocksdbStore, StorageEngine } from "kvdal/engine";
import { bareCassandra, type BenchServer, dynamodbOptions } from "../engines.ts";

/** Reads all rows in so many segments at once; resolves with their number. */
export type BareScan = {
  readonly name: string;
  readonly scan: (segments: number) => Promise<number>;
  readonly end: () => Promise<void>;
};

/** Rows of one page of the engine's verb, and of RocksDB's iterator. */
const ROWS_PER_PAGE = 1_000;
/** LOCAL_QUORUM, as the layer asks. */
const CONSISTENCY = 6;

/** All segments at once, each counted by `count`. */
async function together(
  segments: number,
  count: (index: number) => Promise<number>,
): Promise<number> {
  const counts = await Promise.all(Array.from({ length: segments }, (_, index) => count(index)));
  return counts.reduce((sum, one) => sum + one, 0);
}

/** The engine's verb. */
export function bareVerb(engine: StorageEngine, table: string): BareScan {
  const { clock } = systemEnv();
  const scan = (of: number): Promise<number> =>
    together(of, async (index) => {
      let [rows, cursor]: [number, Uint8Array | undefined] = [0, undefined];
      do {
        const page = await engine.scan(
          {
            table,
            segment: { index, of },
            cursor,
            rowLimit: ROWS_PER_PAGE,
            projection: "rows",
          },
          {
            deadline: clock.monotonic() + MINUTE,
            signal: neverAborted,
            consistency: "quorum",
            now: clock.wall(),
          },
        );
        rows += page.entries.length;
        ({ cursor } = page);
      } while (cursor !== undefined);
      return rows;
    });
  return { name: "the engine's verb", scan, end: async () => undefined };
}

/** The binding's iterator over the table's stretch of keys, by buckets. */
export function bareRocksdb(store: RocksdbStore, table: string): BareScan {
  const head = Buffer.from(`\u0001\u0000${String.fromCharCode(table.length)}${table}`, "latin1");
  const edge = (bucket: number): Buffer =>
    bucket < 256
      ? Buffer.concat([head, Buffer.of(bucket)])
      : Buffer.concat([head.subarray(0, -1), Buffer.of((head.at(-1) ?? 0) + 1)]);
  const scan = (of: number): Promise<number> =>
    store.use((db) =>
      together(of, async (index) => {
        const [gte, lt] = [index, index + 1].map((at) => edge(Math.floor((256 * at) / of)));
        const range = { gte: gte as Buffer, lt: lt as Buffer };
        let rows = 0;
        const limit = Number.POSITIVE_INFINITY;
        const entries = db.iterator(range, { reverse: false, limit, capacity: ROWS_PER_PAGE });
        for await (const { value } of entries) rows += value.length > 0 ? 1 : 0;
        return rows;
      }),
    );
  return { name: "bare rocksdb-native", scan, end: async () => undefined };
}

/** The driver's own paging over ranges of tokens. */
export async function bareDriver(server: BenchServer, table: string): Promise<BareScan> {
  const client: Client = await bareCassandra(server);
  const query =
    `SELECT id, key, value, value_metadata FROM "${server.space}"."${table}" ` +
    "WHERE token(id) > ? AND token(id) <= ?";
  const bound = (index: number, of: number): bigint =>
    (2n ** 64n * BigInt(index)) / BigInt(of) - 2n ** 63n - (index === of ? 1n : 0n);
  const scan = (of: number): Promise<number> =>
    together(of, async (index) => {
      const params = [String(bound(index, of)), String(bound(index + 1, of))];
      const options = { prepare: true, consistency: CONSISTENCY };
      let rows = 0;
      for await (const row of await client.execute(query, params, options)) {
        rows += row["value"] === null ? 0 : 1;
      }
      return rows;
    });
  return { name: "bare cassandra-driver", scan, end: () => client.shutdown() };
}

/** The SDK's own paging over segments. */
export async function bareSdk(server: BenchServer, table: string): Promise<BareScan> {
  const sdk = await import("@aws-sdk/client-dynamodb");
  const client = new sdk.DynamoDBClient(dynamodbOptions(server));
  const scan = (of: number): Promise<number> =>
    together(of, async (index) => {
      let rows = 0;
      const pages = sdk.paginateScan(
        { client },
        {
          TableName: server.space + table,
          ConsistentRead: true,
          ...(of === 1 ? {} : { Segment: index, TotalSegments: of }),
        },
      );
      for await (const { Items = [] } of pages) rows += Items.length;
      return rows;
    });
  return { name: "bare AWS client", scan, end: async () => client.destroy() };
}
