/** What is Cassandra's own: table shape, TTL and timestamps as stored, limits, errors as they really come. */
import { randomUUID } from "node:crypto";
import { Client, type types } from "cassandra-driver";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cassandra } from "../../../src/engines/cassandra/adapter.ts";
import { GC_GRACE_MIN } from "../../../src/engines/cassandra/provision.ts";
import { WRITE_BYTES_MAX } from "../../../src/engines/cassandra/write.ts";
import { DAY, HOUR, SECOND } from "../../../src/model/time.ts";
import {
  arrive,
  bytes,
  del,
  deleteKey,
  expectFailure,
  openStage,
  type PortStage,
  put,
  putOf,
  readAll,
  RETENTION,
  values,
  write,
} from "../port-stage.ts";

const endpoint = process.env["KVDAL_CASSANDRA"];
const keyspace = `own_${randomUUID().slice(0, 8)}`;
const options = {
  contactPoints: [endpoint ?? ""],
  localDataCenter: "datacenter1",
  keyspace,
  replication: { datacenter1: 1 },
};

const skipped = endpoint === undefined ? " (skipped: KVDAL_CASSANDRA is not set)" : "";

describe.skipIf(endpoint === undefined)(`cassandra, on its own${skipped}`, () => {
  let stage: PortStage;
  let client: Client;

  beforeAll(async () => {
    client = new Client({ contactPoints: options.contactPoints, localDataCenter: "datacenter1" });
    await client.connect();
    stage = await openStage(cassandra(options));
  });
  afterAll(async () => {
    await client.execute(`DROP KEYSPACE IF EXISTS ${keyspace}`);
    await client.shutdown();
    await stage.engine.close();
  });

  const stored = async (table: string, id: string): Promise<types.Row[]> => {
    const query =
      "SELECT key, TTL(value) AS ttl_v, TTL(value_metadata) AS ttl_m, WRITETIME(value) AS at " +
      `FROM ${keyspace}.${table} WHERE id = ?`;
    const { rows } = await client.execute(query, [id], { prepare: true });
    return rows;
  };

  test("a row is stored at time * 4 + rank, with a TTL of its expiry and a minute on both cells", async () => {
    const record = stage.record();
    const { now } = stage;
    await write(stage, record, [
      putOf("a", "plain", put(now)),
      putOf("b", "expiring", put(now, 1, now + HOUR)),
      putOf("c", "past 2038", put(now, 1, now + 15 * 365 * DAY)),
      putOf("d", "expired long ago", put(now - DAY, 1, now - HOUR)),
      deleteKey("e", del(now)),
    ]);
    const rows = await stored(record.table, record.id);
    const ttls = rows.map((row) => row["ttl_v"] as number | null);
    expect(rows.map((row) => row["ttl_m"] as number | null)).toEqual(ttls);
    const near = (wanted: number) => expect.closeTo(wanted, -1) as number;
    expect(ttls).toEqual([
      null,
      near(3660),
      null,
      near(60),
      near((RETENTION + GC_GRACE_MIN) / SECOND + 60),
    ]);
    const ats = rows.map((row) => BigInt(String(row["at"])) - BigInt(now) * 4n);
    expect(ats).toEqual([0n, 1n, 1n, 1n - BigInt(DAY) * 4n, 2n]);
    expect(await values(stage, record)).toEqual(["plain", "expiring", "past 2038"]);
  });

  test("the table has the published columns and keeps tombstones as long as the retention", async () => {
    const table = await stage.freshTable();
    const grace = async (): Promise<unknown> => {
      const query =
        "SELECT gc_grace_seconds FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?";
      return (await client.execute(query, [keyspace, table])).first()["gc_grace_seconds"];
    };
    expect(await grace()).toBe(864_000);
    await stage.engine.provision({ table, retention: 30 * DAY }, stage.call());
    expect(await grace()).toBe(30 * 86_400);
    await stage.engine.provision({ table, retention: DAY }, stage.call());
    expect(await grace()).toBe(30 * 86_400);
  });

  test.each([
    [false, "asc"],
    [true, "desc"],
  ])(
    "NS-7: with descending %s the table has exactly the published columns, keys %s",
    async (descending, order) => {
      const table = `t_${order}ending`;
      await stage.engine.provision({ table, retention: DAY, descending }, stage.call());
      const { rows } = await client.execute(
        "SELECT column_name, type, kind, position, clustering_order FROM system_schema.columns " +
          "WHERE keyspace_name = ? AND table_name = ?",
        [keyspace, table],
      );
      expect(rows.map((row) => row.values())).toEqual([
        ["id", "text", "partition_key", 0, "none"],
        ["key", "blob", "clustering", 0, order],
        ["value", "blob", "regular", -1, "none"],
        ["value_metadata", "blob", "regular", -1, "none"],
      ]);
      await stage.engine.provision({ table, retention: DAY, descending }, stage.call());
      const other = { table, retention: DAY, descending: !descending };
      await expectFailure(stage.engine.provision(other, stage.call()), "INVALID_ARGUMENT");
    },
  );

  test("a descending table answers as an ascending one does, and is scanned whole", async () => {
    const table = "t_answers";
    await stage.engine.provision({ table, retention: DAY, descending: true }, stage.call());
    const letters = ["", "a", "b", "ba", "c"];
    const records = ["one", "two"].map((id) => ({ table, id }));
    for (const record of records) {
      await write(
        stage,
        record,
        letters.map((key) => putOf(key, `=${key}`, put(stage.now))),
      );
    }
    const record = { table, id: "one" };
    const range = { start: bytes("a"), end: bytes("c") };
    for (const rowLimit of [1, 2, 100]) {
      const found = await values(stage, record, { range, rowLimit });
      expect(found).toEqual(["=a", "=b", "=ba"]);
      const backward = await values(stage, record, { range, rowLimit, reverse: true });
      expect(backward).toEqual(["=ba", "=b", "=a"]);
    }
    const keys = ["", "b", "c"].map(bytes);
    const byKey = await stage.engine.readKeys(
      { ...record, keys, projection: "rows" },
      stage.call(),
    );
    expect(byKey.rows.map((row) => Buffer.from(row.value).toString())).toEqual(["=", "=b", "=c"]);
    const scanned: string[] = [];
    let cursor: Uint8Array | undefined;
    do {
      const scan = {
        table,
        segment: { index: 0, of: 1 },
        cursor,
        rowLimit: 3,
        projection: "rows",
      } as const;
      const page = await stage.engine.scan(scan, stage.call());
      for (const { id, row } of page.entries) scanned.push(id + Buffer.from(row.value).toString());
      ({ cursor } = page);
    } while (cursor !== undefined);
    const wanted = records.flatMap(({ id }) => letters.map((key) => `${id}=${key}`));
    expect(scanned.toSorted()).toEqual(wanted.toSorted());
  });

  test.each([
    [
      "another order",
      "(id text, key blob, value blob, value_metadata blob, PRIMARY KEY (id, key)) WITH CLUSTERING ORDER BY (key DESC)",
    ],
    ["another type", "(id blob, key blob, value blob, value_metadata blob, PRIMARY KEY (id, key))"],
    [
      "a column too many",
      "(id text, key blob, value blob, value_metadata blob, x int, PRIMARY KEY (id, key))",
    ],
  ])("a table of another shape is refused: %s", async (name, columns) => {
    const table = `t_${name.replaceAll(" ", "_")}`;
    await client.execute(`CREATE TABLE ${keyspace}.${table} ${columns}`);
    await expectFailure(
      stage.engine.provision({ table, retention: DAY }, stage.call()),
      "INVALID_ARGUMENT",
    );
  });

  test("a row whose cells are gone, or were never there, is no row", async () => {
    const record = stage.record();
    await arrive(stage, record, putOf("b", "ours", put(stage.now)));
    await client.execute(
      `INSERT INTO ${keyspace}.${record.table} (id, key) VALUES (?, ?)`,
      [record.id, Buffer.from("a")],
      { prepare: true },
    );
    expect(await values(stage, record)).toEqual(["ours"]);
    expect(await values(stage, record, { rowLimit: 1 })).toEqual(["ours"]);
  });

  test("a write past the limit is TOO_LARGE before anything is sent", async () => {
    const record = stage.record();
    const value = new Uint8Array(WRITE_BYTES_MAX / 12);
    const mutations = Array.from({ length: 12 }, (_, i) => {
      const row = { key: bytes(String(i)), value, metadata: value.subarray(0, 9), version: put(1) };
      return { kind: "put", row } as const;
    });
    const before = stage.nativeCalls();
    await expectFailure(stage.engine.write(record, mutations, stage.call()), "TOO_LARGE");
    expect(stage.nativeCalls()).toBe(before);
    await write(stage, record, mutations.slice(1));
    expect(await readAll(stage, record)).toHaveLength(11);
  });

  test("errors as they really come", async () => {
    const record = stage.record();
    const row = { key: bytes("k"), value: bytes("v"), metadata: bytes("m"), version: put(1) };
    const nowhere = { ...record, table: "t_nowhere" };
    const unknownTable = stage.engine.write(nowhere, [{ kind: "put", row }], stage.call());
    expect((await expectFailure(unknownTable, "UNAVAILABLE")).applied).toBe("no");
    const noId = stage.engine.write({ ...record, id: "" }, [{ kind: "put", row }], stage.call());
    expect((await expectFailure(noId, "INVALID_ARGUMENT")).applied).toBe("no");
    const key = new Uint8Array(65_536);
    const largeKey = stage.engine.write(
      record,
      [{ kind: "put", row: { ...row, key } }],
      stage.call(),
    );
    expect((await expectFailure(largeKey, "TOO_LARGE")).applied).toBe("no");
  });
});
