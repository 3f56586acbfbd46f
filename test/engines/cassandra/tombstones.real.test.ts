// Goal: a record behind 150,000 dead items stays readable, though Cassandra refuses to scan 100,000 tombstones (PAGE-5).
import { randomUUID } from "node:crypto";
import { Client } from "cassandra-driver";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cassandra } from "../../../src/engines/cassandra/adapter.ts";
import { rowCells } from "../../../src/engines/cassandra/cells.ts";
import { EMPTY_BYTES, fromUtf8, utf8 } from "../../../src/model/bytes.ts";
import { SECOND } from "../../../src/model/time.ts";
import { rangeAfter } from "../../../src/model/range.ts";
import type { Partition } from "../../../src/ports/storage-engine.ts";
import {
  del,
  deleteKey,
  deleteRange,
  openStage,
  type PortStage,
  put,
  putOf,
} from "../port-stage.ts";

const DEAD = 150_000;
/** Statements in one batch, and batches at a time. */
const BATCH = 500;
const PARALLEL = 4;

const keyOf = (i: number): Uint8Array => utf8(`k${String(i).padStart(6, "0")}`);

/** Runs the work for every batch of keys, a few at a time. */
async function inBatches(
  count: number,
  work: (keys: readonly Uint8Array[]) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let from = next; from < count; from = next) {
      next += BATCH;
      await work(Array.from({ length: BATCH }, (_, i) => keyOf(from + i)));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

const endpoint = process.env["KVDAL_CASSANDRA"];
const keyspace = `own_${randomUUID().slice(0, 8)}`;
const options = {
  contactPoints: [endpoint ?? ""],
  localDataCenter: "datacenter1",
  keyspace,
  replication: { datacenter1: 1 },
};

const skipped = endpoint === undefined ? " (skipped: KVDAL_CASSANDRA is not set)" : "";

describe.skipIf(endpoint === undefined)(`cassandra, behind dead items${skipped}`, () => {
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

  /** The live keys from one end to the other: how many calls it took, and how long the longest, milliseconds. */
  async function traverse(record: Partition, reverse: boolean) {
    const keys: string[] = [];
    let longest = 0;
    let range = {};
    for (let calls = 1; ; calls += 1) {
      const begun = performance.now();
      const read = {
        range,
        reverse,
        rowLimit: 2_000,
        byteLimit: 65_536,
        projection: "keys",
      } as const;
      const call = stage.call({ deadline: Number(process.hrtime.bigint() / 1000n) + 10 * SECOND });
      const { rows, resumeAfter } = await stage.engine.readRange({ ...record, ...read }, call);
      longest = Math.max(longest, performance.now() - begun);
      keys.push(...rows.map(({ key }) => fromUtf8(key)));
      if (resumeAfter === undefined) return { keys, calls, longest };
      range = rangeAfter({}, resumeAfter, reverse);
    }
  }

  /** Cells of their own TTL, as those of expired rows are, without the adapter's minute of slack. */
  async function expiring(
    { table, id }: Partition,
    ttlSeconds: number,
    keys: readonly Uint8Array[],
  ): Promise<void> {
    const version = put(stage.now, 1, stage.now + SECOND);
    const { value, metadata } = rowCells(version, EMPTY_BYTES, EMPTY_BYTES);
    const query =
      `UPDATE ${keyspace}.${table} USING TTL ${ttlSeconds} ` +
      "SET value = ?, value_metadata = ? WHERE id = ? AND key = ?";
    await client.batch(
      keys.map((key) => ({ query, params: [value, metadata, id, Buffer.from(key)] })),
      { prepare: true, logged: false },
    );
  }

  async function expire(record: Partition, ttlSeconds: number, count: number): Promise<void> {
    await inBatches(count, (keys) => expiring(record, ttlSeconds, keys));
    await new Promise((resolve) => setTimeout(resolve, (ttlSeconds + 1) * 1000));
  }

  const withEnds = async (record: Partition): Promise<void> => {
    const live = ["a", "z"].map((key) => putOf(key, "live", put(stage.now)));
    await stage.engine.write(record, live, stage.call());
  };

  /** All that a scan gives, and how long the longest of its calls took, milliseconds. */
  async function scanned(table: string) {
    const places: string[] = [];
    let longest = 0;
    let cursor: Uint8Array | undefined;
    for (let calls = 1; ; calls += 1) {
      const begun = performance.now();
      const read = { table, segment: { index: 0, of: 1 }, cursor, rowLimit: 100 } as const;
      const call = stage.call({ deadline: Number(process.hrtime.bigint() / 1000n) + 10 * SECOND });
      const page = await stage.engine.scan({ ...read, projection: "keys" }, call);
      longest = Math.max(longest, performance.now() - begun);
      places.push(...page.entries.map(({ id, row }) => `${id}/${fromUtf8(row.key)}`));
      if (page.cursor === undefined) return { places, calls, longest };
      ({ cursor } = page);
    }
  }

  test("150,000 expired items are passed in slices, from both ends", async () => {
    const record = stage.record();
    await withEnds(record);
    await expire(record, 1, DEAD);
    const query = `SELECT key FROM ${keyspace}.${record.table} WHERE id = ? AND key > ? LIMIT 1`;
    const bare = client.execute(query, [record.id, Buffer.from("a")], { prepare: true });
    await expect(bare, "a query by itself").rejects.toMatchObject({ code: 0x1300 });
    for (const reverse of [false, true]) {
      const { keys, calls, longest } = await traverse(record, reverse);
      console.log(`${calls} calls, the longest ${longest.toFixed(0)} ms, reverse: ${reverse}`);
      expect(keys).toEqual(reverse ? ["z", "a"] : ["a", "z"]);
    }
  }, 120_000);

  test("150,000 expired items of many records are passed by a scan", async () => {
    const table = await stage.freshTable();
    const alive = [putOf("k", "live", put(stage.now))];
    await stage.engine.write({ table, id: "alive" }, alive, stage.call());
    let records = 0;
    await inBatches(DEAD, (keys) => {
      records += 1;
      return expiring({ table, id: `gone-${records}` }, 1, keys);
    });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const bare = client.execute(`SELECT id FROM ${keyspace}.${table} LIMIT 2`);
    await expect(bare, "a query by itself").rejects.toMatchObject({ code: 0x1300 });
    expect((await scanned(table)).places).toEqual(["alive/k"]);
  }, 120_000);

  test.each([false, true])(
    "150,000 expired items of one record are passed by a scan, descending: %s",
    async (descending) => {
      const table = `own_${randomUUID().slice(0, 8)}`;
      await stage.engine.provision({ table, retention: SECOND, descending }, stage.call());
      const alive = [putOf("k", "live", put(stage.now))];
      for (const id of ["p", "q", "r", "s"]) {
        await stage.engine.write({ table, id }, alive, stage.call());
      }
      const record = { table, id: "dead before it lives" };
      await withEnds(record);
      await expire(record, 1, DEAD);
      const bare = client.execute(`SELECT id FROM ${keyspace}.${table} LIMIT 7`);
      await expect(bare, "a query by itself").rejects.toMatchObject({ code: 0x1300 });
      const { places, calls, longest } = await scanned(table);
      console.log(`${calls} calls, the longest ${longest.toFixed(0)} ms`);
      const own = places.filter((place) => place.startsWith("dead"));
      const ends = ["a", "z"].map((key) => `${record.id}/${key}`);
      expect(own).toEqual(descending ? ends.toReversed() : ends);
      expect(places.toSorted()).toEqual([...ends, "p/k", "q/k", "r/k", "s/k"]);
    },
    120_000,
  );

  test("150,000 deleted items are markers, then under a range deletion nothing at all", async () => {
    const record = stage.record();
    await withEnds(record);
    await inBatches(DEAD, (keys) =>
      stage.engine.write(
        record,
        keys.map((key) => deleteKey(key, del(stage.now))),
        stage.call(),
      ),
    );
    const marked = await traverse(record, false);
    expect(marked.keys).toEqual(["a", "z"]);
    expect(marked.calls).toBe(Math.ceil((DEAD + 3) / 2_000));
    await stage.engine.write(
      record,
      [deleteRange({ start: utf8("k"), end: utf8("l") }, del(stage.now + 1))],
      stage.call(),
    );
    const covered = await traverse(record, false);
    expect(covered).toMatchObject({ keys: ["a", "z"], calls: 1 });
  }, 120_000);

  test("cells whose TTL outlives the grace of tombstones leave none when it fires", async () => {
    const table = await stage.freshTable();
    await client.execute(`ALTER TABLE ${keyspace}.${table} WITH gc_grace_seconds = 1`);
    const record = { table, id: "r" };
    await withEnds(record);
    // Two cells a row: more than Cassandra would pass over.
    await expire(record, 2, 60_000);
    expect(await traverse(record, false)).toMatchObject({ keys: ["a", "z"], calls: 1 });
  }, 120_000);
});
