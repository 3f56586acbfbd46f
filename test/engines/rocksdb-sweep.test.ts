/** What a sweep leaves in the database itself: RocksDB forgets nothing by itself, so all of it is counted here. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { rocksdb } from "../../src/engines/rocksdb/adapter.ts";
import { walk } from "../../src/engines/rocksdb/binding.ts";
import { openRocksdbStore, type RocksdbStore } from "../../src/engines/rocksdb/store.ts";
import { HOUR } from "../../src/model/time.ts";
import type { SweepOutcome } from "../../src/ports/storage-engine.ts";
import {
  arrive,
  bytes,
  del,
  deleteKey,
  deleteRange,
  deleteRecord,
  expectFailure,
  openStage,
  type PortStage,
  put,
  putOf,
  RETENTION,
  values,
  write,
} from "./port-stage.ts";

const folder = await mkdtemp(join(tmpdir(), "kvdal-rocksdb-sweep-"));
afterAll(async () => await rm(folder, { recursive: true, force: true }));

let stores = 0;

async function withStore(
  check: (stage: PortStage, count: () => Promise<Counts>) => Promise<void>,
): Promise<void> {
  const store = await openRocksdbStore(join(folder, `store-${(stores += 1)}`));
  try {
    const stage = await openStage(rocksdb({ store }));
    await check(stage, async () => await countAll(store));
  } finally {
    await store.close();
  }
}

type Counts = { readonly rows: number; readonly tombstoneLists: number };

async function countAll(store: RocksdbStore): Promise<Counts> {
  const found = new Map<number | undefined, number>();
  const all = { from: Uint8Array.of(0), to: Uint8Array.of(255), reverse: false, limit: 1e6 };
  await store.use(async (db) => {
    await walk(db, all, (key) => {
      found.set(key[0], (found.get(key[0]) ?? 0) + 1);
      return true;
    });
  });
  return { rows: found.get(1) ?? 0, tombstoneLists: found.get(2) ?? 0 };
}

async function sweep(
  stage: PortStage,
  now: number,
  rowLimit: number,
  between: (step: SweepOutcome) => Promise<void> = async () => undefined,
): Promise<number> {
  let cursor: Uint8Array | undefined;
  let removed = 0;
  for (let steps = 0; steps < 2000; steps += 1) {
    const request = { table: stage.table, cursor, rowLimit, retention: RETENTION };
    const step = await stage.engine.sweep(request, stage.call({ now }));
    // A tombstone that is looked at takes one row more than the limit at most.
    expect(step.rowsExamined).toBeLessThanOrEqual(rowLimit + 1);
    await between(step);
    removed += step.rowsRemoved;
    cursor = step.cursor;
    if (cursor === undefined) return removed;
  }
  throw new Error("the sweep does not end");
}

test.each([1, 2, 7, 1000])(
  "a sweep by %d rows clears all that is dead and no more",
  async (rowLimit) => {
    await withStore(async (stage, count) => {
      const { now } = stage;
      for (const record of [stage.record(), stage.record(), stage.record()]) {
        const keys = Array.from({ length: 20 }, (_, i) => String(100 + i));
        await write(
          stage,
          record,
          keys.map((key) => putOf(key, key, put(now))),
        );
        await write(stage, record, [deleteRange({ start: bytes("110") }, del(now + 1))]);
        await write(stage, record, [putOf("115", "new", put(now + 2))]);
        await write(stage, record, [deleteKey("101", del(now + 1))]);
        await write(stage, record, [putOf("102", "brief", put(now + 1, 1, now + HOUR))]);
      }
      await arrive(stage, stage.record(), deleteRecord(del(now)));
      expect(await count()).toEqual({ rows: 60, tombstoneLists: 4 });
      // Hidden rows go at once, what hides them stays.
      expect(await sweep(stage, now + 2 * HOUR, rowLimit)).toBe(27);
      expect(await count()).toEqual({ rows: 33, tombstoneLists: 4 });
      // Markers, expired rows and tombstones go after their time.
      expect(await sweep(stage, now + RETENTION + 2 * HOUR, rowLimit)).toBe(10);
      expect(await count()).toEqual({ rows: 27, tombstoneLists: 0 });
      expect(await sweep(stage, now + RETENTION + 2 * HOUR, rowLimit)).toBe(0);
    });
  },
);

test("a tombstone stays while a row that it hides does, though both are old", async () => {
  await withStore(async (stage, count) => {
    const { now, table } = stage;
    const record = stage.record();
    await arrive(stage, record, putOf("a", "a", put(now)), putOf("z", "z", put(now)));
    await arrive(stage, record, deleteRange({ start: bytes("m") }, del(now + 1)));
    // The second pass alone, as if the row had slipped through the first.
    const request = { table, cursor: Uint8Array.of(2), rowLimit: 100, retention: RETENTION };
    const step = await stage.engine.sweep(request, stage.call({ now: now + 2 * RETENTION }));
    expect(step).toMatchObject({ rowsRemoved: 0, cursor: undefined });
    expect(await count()).toEqual({ rows: 2, tombstoneLists: 1 });
    expect(await values(stage, record)).toEqual(["a"]);
  });
});

test("a tombstone that comes while its record is looked through stays for the next sweep", async () => {
  await withStore(async (stage, count) => {
    const { now } = stage;
    const record = stage.record();
    const keys = Array.from({ length: 10 }, (_, i) => String(100 + i));
    await write(
      stage,
      record,
      keys.map((key) => putOf(key, key, put(now))),
    );
    await arrive(stage, record, deleteRecord(del(now - 1)));
    let steps = 0;
    const late = now + 2 * RETENTION;
    await sweep(stage, late, 3, async (step) => {
      steps += step.cursor?.[0] === 2 && step.cursor.length > 1 ? 1 : 0;
      const deletion = deleteRange({ end: bytes("103") }, del(now + 1));
      if (steps === 2) await arrive(stage, record, deletion);
    });
    expect(steps).toBe(2);
    expect((await count()).tombstoneLists).toBe(1);
    expect(await values(stage, record)).toEqual(keys.slice(3));
    await sweep(stage, late, 3);
    expect(await count()).toEqual({ rows: 7, tombstoneLists: 0 });
  });
});

test("late writes inside the retention stay hidden between the steps of a sweep", async () => {
  await withStore(async (stage) => {
    const { now } = stage;
    const record = stage.record();
    await arrive(stage, record, putOf("k", "old", put(now)), deleteRecord(del(now + 5)));
    await arrive(stage, record, putOf("e", "brief", put(now + 5, 1, now + 6)));
    await arrive(stage, record, deleteKey("d", del(now + 6)));
    await sweep(stage, now + RETENTION - 1, 1, async () => {
      const late = ["k", "e", "d"].map((key) => putOf(key, "late", put(now + 4)));
      expect(await arrive(stage, record, ...late)).toEqual(Array(3).fill("superseded"));
    });
    expect(await values(stage, record)).toEqual([]);
  });
});

test("a deletion that falls due between two steps of a sweep hides what it hid", async () => {
  await withStore(async (stage) => {
    const { now, table } = stage;
    const record = stage.record();
    const names = Array.from({ length: 8 }, (_, i) => `k${i}`);
    await arrive(stage, record, ...names.map((key) => putOf(key, key, put(now))));
    await arrive(stage, record, deleteRange({ start: bytes("z") }, del(now + 1)));
    const step = (cursor: Uint8Array | undefined, at: number, rowLimit: number) =>
      stage.engine.sweep(
        { table, cursor, rowLimit, retention: RETENTION },
        stage.call({ now: at }),
      );
    // The rows are done with; then comes what hides three of them.
    const rowsDone = await step(undefined, now + 10, 1_000);
    const range = { start: bytes("k0"), end: bytes("k3") };
    await arrive(stage, record, deleteRange(range, del(now + 100)));
    // One of the two is due when the first rows are looked at, both of them when the rest is.
    let { cursor } = await step(rowsDone.cursor, now + 1 + RETENTION, 5);
    expect(cursor).toBeDefined();
    while (cursor !== undefined) ({ cursor } = await step(cursor, now + 100 + RETENTION, 5));
    expect(await values(stage, record)).toEqual(names.slice(3));
  });
});

test("a marker that may go early by its own word still stays for the retention", async () => {
  await withStore(async (stage, count) => {
    const { now } = stage;
    const record = stage.record();
    const early = { ...deleteKey("k", del(now)), removeAt: now + 1 } as const;
    await arrive(stage, record, early);
    await sweep(stage, now + RETENTION - 1, 100);
    expect(await count()).toEqual({ rows: 1, tombstoneLists: 0 });
    expect(await arrive(stage, record, putOf("k", "late", put(now - 1)))).toEqual(["superseded"]);
    await sweep(stage, now + RETENTION, 100);
    expect(await count()).toEqual({ rows: 0, tombstoneLists: 0 });
  });
});

test("a write that comes between look and removal is spared", async () => {
  await withStore(async (stage) => {
    const { now } = stage;
    const late = now + 2 * RETENTION;
    for (let i = 0; i < 40; i += 1) {
      const record = stage.record();
      await arrive(stage, record, putOf("k", "brief", put(now, 1, now + 1)));
      const [, outcome] = await Promise.all([
        sweep(stage, late, 1000),
        arrive(stage, record, putOf("k", "new", put(late))),
      ]);
      expect(outcome).toEqual(["applied"]);
      expect(await values(stage, record)).toEqual(["new"]);
    }
  });
});

test("cursors that no sweep or scan of this kind made are refused", async () => {
  await withStore(async (stage) => {
    const { table } = stage;
    for (const cursor of [Uint8Array.of(9), Uint8Array.of(2, 0, 9, 1), new Uint8Array(0)]) {
      const request = { table, cursor, rowLimit: 1, retention: RETENTION };
      await expectFailure(stage.engine.sweep(request, stage.call()), "INVALID_ARGUMENT");
    }
    const read = { table, rowLimit: 1, projection: "rows" } as const;
    const foreign = { ...read, segment: { index: 1, of: 4 }, cursor: Uint8Array.of(0, 0, 1, 97) };
    await expectFailure(stage.engine.scan(foreign, stage.call()), "INVALID_ARGUMENT");
    const beyond = { ...read, segment: { index: 4, of: 4 }, cursor: undefined };
    await expectFailure(stage.engine.scan(beyond, stage.call()), "INVALID_ARGUMENT");
  });
});
