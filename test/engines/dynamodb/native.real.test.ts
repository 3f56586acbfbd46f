/** What is DynamoDB's own: pages, left-over keys, control items and their end, errors as they really come. */
import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamodb } from "../../../src/engines/dynamodb/adapter.ts";
import { dynamodbJanitor } from "../../../src/engines/dynamodb/janitor.ts";
import { toHex } from "../../../src/model/bytes.ts";
import { DAY, HOUR, MILLISECOND } from "../../../src/model/time.ts";
import { systemEnv } from "../../../src/system/env.ts";
import { runNative } from "../../../src/system/native.ts";
import {
  arrive,
  bytes,
  del,
  deleteRange,
  deleteRecord,
  expectFailure,
  openStage,
  type PortStage,
  put,
  putOf,
  readKeys,
  RETENTION,
  values,
  write,
} from "../port-stage.ts";

const endpoint = process.env["KVDAL_DYNAMODB"];
const tablePrefix = `own-${randomUUID().slice(0, 8)}-`;
const service = {
  region: "us-east-1",
  endpoint: endpoint ?? "",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
};

const skipped = endpoint === undefined ? " (skipped: KVDAL_DYNAMODB is not set)" : "";

describe.skipIf(endpoint === undefined)(`dynamodb, on its own${skipped}`, () => {
  let stage: PortStage;
  let client: DynamoDBClient;

  beforeAll(async () => {
    client = new DynamoDBClient(service);
    stage = await openStage(dynamodb({ ...service, tablePrefix, nativeTtl: false }));
  });
  afterAll(async () => {
    const janitor = dynamodbJanitor({ ...service, tablePrefix });
    await janitor.dropPrefix();
    await janitor.close();
    client.destroy();
    await stage.engine.close();
  });

  const sortKeys = async (table: string): Promise<string[]> => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: tablePrefix + table }));
    return Items.map((item) => toHex(item["sk"]?.B ?? new Uint8Array()));
  };
  const sweepAll = async (table: string, now: number, rowLimit: number): Promise<number> => {
    let removed = 0;
    let cursor: Uint8Array | undefined;
    do {
      const request = { table, cursor, rowLimit, retention: RETENTION };
      const step = await stage.engine.sweep(request, stage.call({ now }));
      removed += step.rowsRemoved;
      cursor = step.cursor;
    } while (cursor !== undefined);
    return removed;
  };

  test("keys that do not fit into one answer of 16 MB are asked for again", async () => {
    const record = stage.record();
    const keys = Array.from({ length: 58 }, (_, i) => String(100 + i));
    const value = new Uint8Array(300 * 1024).fill(7);
    const rows = keys.map((key) => ({
      key: bytes(key),
      value,
      metadata: bytes("m"),
      version: put(1),
    }));
    await write(
      stage,
      record,
      rows.map((row) => ({ kind: "put", row })),
    );
    const before = stage.nativeCalls();
    const found = await readKeys(stage, record, keys);
    expect(stage.nativeCalls() - before).toBeGreaterThan(2);
    expect(found.map((row) => new TextDecoder().decode(row.key))).toEqual(keys);
    expect(found.every((row) => row.value.length === value.length)).toBe(true);
  });

  test("more range deletions than one answer holds all hide", async () => {
    const record = stage.record();
    const { now } = stage;
    const wide = "x".repeat(900);
    const names = Array.from({ length: 1200 }, (_, i) => String(10_000 + i));
    const batch = names.map((name) =>
      deleteRange({ start: bytes(name + wide), end: bytes(`${name}${wide}~`) }, del(now)),
    );
    await write(stage, record, batch.slice(0, 1000));
    await write(stage, record, batch.slice(1000));
    for (const name of [names[0], names[599], names[1199]]) {
      await arrive(stage, record, putOf(name + wide, "hidden", put(now)));
      await arrive(stage, record, putOf(`${name}${wide.slice(1)}`, "seen", put(now)));
    }
    expect(await values(stage, record)).toEqual(["seen", "seen", "seen"]);
    expect(await values(stage, record, { reverse: true, rowLimit: 1 })).toHaveLength(3);
  });

  test("a sweep takes rows with their deletion still young, but not the deletion", async () => {
    const table = await stage.freshTable();
    const record = { table, id: "r" };
    const { now } = stage;
    await write(
      stage,
      record,
      ["a", "b", "c"].map((key) => putOf(key, key, put(now))),
    );
    await write(stage, record, [deleteRange({ start: bytes("b") }, del(now + 1))]);
    expect(await sweepAll(table, now + HOUR, 2)).toBe(2);
    expect((await sortKeys(table)).map((key) => key.slice(0, 4))).toEqual(["0001", "0161"]);
    await arrive(stage, record, putOf("c", "late", put(now)));
    expect(await values(stage, record)).toEqual(["a"]);
  });

  test.each([1, 3, 100])(
    "after the retention a deletion goes last, in steps of %d",
    async (limit) => {
      const table = await stage.freshTable();
      const { now } = stage;
      const keys = Array.from({ length: 10 }, (_, i) => String(10 + i));
      for (const id of ["r", "s"]) {
        const record = { table, id };
        await write(
          stage,
          record,
          keys.map((key) => putOf(key, key, put(now))),
        );
        await write(stage, record, [deleteRecord(del(now + 1)), putOf("12", "new", put(now + 2))]);
        await write(stage, record, [deleteRange({ start: bytes("18") }, del(now + 3))]);
      }
      await sweepAll(table, now + RETENTION + DAY, limit);
      expect(await sortKeys(table)).toEqual(["013132", "013132"]);
    },
  );

  test("a deletion that a later one makes needless goes at once", async () => {
    const table = await stage.freshTable();
    const record = { table, id: "r" };
    const { now } = stage;
    for (const [i, end] of ["b", "c", "d"].entries()) {
      await arrive(stage, record, deleteRange({ end: bytes(end) }, del(now + i)));
    }
    expect(await sweepAll(table, now, 100)).toBe(2);
    expect(await sortKeys(table)).toHaveLength(1);
    await arrive(stage, record, putOf("c", "hidden", put(now + 2)), putOf("d", "d", put(now)));
    expect(await values(stage, record)).toEqual(["d"]);
  });

  test("errors as they really come", async () => {
    const record = stage.record();
    const row = { key: bytes("k"), value: bytes("v"), metadata: bytes("m"), version: put(1) };
    const nowhere = { ...record, table: "nowhere" };
    const unknownTable = stage.engine.write(nowhere, [{ kind: "put", row }], stage.call());
    expect((await expectFailure(unknownTable, "INVALID_ARGUMENT")).applied).toBe("no");
    const value = new Uint8Array(410 * 1024);
    const large = stage.engine.write(
      record,
      [{ kind: "put", row: { ...row, value } }],
      stage.call(),
    );
    expect((await expectFailure(large, "TOO_LARGE")).applied).toBe("no");
    const key = new Uint8Array(1024);
    const longKey = stage.engine.write(
      record,
      [{ kind: "put", row: { ...row, key } }],
      stage.call(),
    );
    expect((await expectFailure(longKey, "TOO_LARGE")).applied).toBe("no");
  });

  test("nobody listening is UNAVAILABLE, and certainly not applied", async () => {
    const adapter = dynamodb({ ...service, endpoint: "http://127.0.0.1:1" });
    const engine = await adapter.open({ env: systemEnv(), native: runNative });
    const row = { key: bytes("k"), value: bytes("v"), metadata: bytes("m"), version: put(1) };
    const work = engine.write(stage.record(), [{ kind: "put", row }], stage.call());
    expect((await expectFailure(work, "UNAVAILABLE")).applied).toBe("no");
    await engine.close();
  });

  test("a table of another shape is refused", async () => {
    await client.send(
      new CreateTableCommand({
        TableName: `${tablePrefix}other`,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "B" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      }),
    );
    const work = stage.engine.provision({ table: "other", retention: DAY }, stage.call());
    await expectFailure(work, "INVALID_ARGUMENT");
  });

  test("many items of one write go at most 25 at a time, and each has its own outcome", async () => {
    const record = stage.record();
    const value = new Uint8Array(410 * 1024);
    const mutations = Array.from({ length: 60 }, (_, i) => putOf(String(i), "v", put(1)));
    const row = { key: bytes("large"), value, metadata: bytes("m"), version: put(1) };
    const outcomes = await stage.engine.write(
      record,
      [...mutations, { kind: "put", row }, ...mutations.slice(0, 1)],
      stage.call(),
    );
    expect(outcomes.filter(({ kind }) => kind === "accepted")).toHaveLength(61);
    expect(outcomes[60]).toMatchObject({ kind: "failed", error: { code: "TOO_LARGE" } });
  });

  test("a caller who gives up in the middle is told at once", async () => {
    const env = systemEnv();
    const record = stage.record();
    const controller = new AbortController();
    const call = stage.call({ signal: controller.signal });
    const engine = await dynamodb({ ...service, tablePrefix }).open({
      env,
      native: async (_label, thunk) => {
        env.timers.after(MILLISECOND, () => controller.abort());
        // The answer waits for the abort, however quick the service is.
        return await new Promise((resolve, reject) => {
          env.timers.after(5 * MILLISECOND, () => void thunk().then(resolve, reject));
        });
      },
    });
    const work = engine.write(record, [putOf("k", "v", put(1))], call);
    expect((await expectFailure(work, "CANCELLED")).applied).toBe("unknown");
    const late = stage.call({ deadline: env.clock.monotonic() + 2 * MILLISECOND });
    const reading = engine.readKeys({ ...record, keys: [bytes("k")], projection: "rows" }, late);
    expect((await expectFailure(reading, "DEADLINE_EXCEEDED")).applied).toBe("no");
    await engine.close();
  });
});
