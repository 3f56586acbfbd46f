/**
 * RocksDB as an engine, then what only an embedded store can get wrong: who owns the folder, what a killed process
 * leaves, what closing does to calls that are out, where one record ends and the next begins.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, describe, expect, test } from "vitest";
import { rocksdb } from "../../src/engines/rocksdb/adapter.ts";
import { openNative, writeAll } from "../../src/engines/rocksdb/binding.ts";
import { openRocksdbStore, type RocksdbStore } from "../../src/engines/rocksdb/store.ts";
import type { Mutation, Native, StorageEngine } from "../../src/ports/storage-engine.ts";
import { systemEnv } from "../../src/system/env.ts";
import { runNative } from "../../src/system/native.ts";
import { testPort } from "./port-cases.ts";
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
  readPage,
  text,
  values,
  write,
} from "./port-stage.ts";

const folder = await mkdtemp(join(tmpdir(), "kvdal-rocksdb-"));
afterAll(async () => await rm(folder, { recursive: true, force: true }));

let folders = 0;
const newPath = (): string => join(folder, `store-${(folders += 1)}`);

async function withStage(path: string, check: (stage: PortStage) => Promise<void>): Promise<void> {
  const stage = await openStage(rocksdb({ path }));
  try {
    await check(stage);
  } finally {
    await stage.engine.close();
  }
}

async function withStore(check: (store: RocksdbStore) => Promise<void>): Promise<void> {
  const store = await openRocksdbStore(newPath());
  try {
    await check(store);
  } finally {
    await store.close();
  }
}

async function openOver(store: RocksdbStore, native: Native = runNative): Promise<StorageEngine> {
  return await rocksdb({ store }).open({ env: systemEnv(), native });
}

/** The first line that a writer in a process of its own says, or all up to `lines`; then it is killed. */
async function runWriter(path: string, lines: number): Promise<string[]> {
  const file = join(import.meta.dirname, "rocksdb-writer.ts");
  const child = spawn(process.execPath, ["--conditions=kvdal-source", file, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === lines) child.kill("SIGKILL");
  }
  return said;
}

describe("rocksdb, as an engine", () => {
  testPort(rocksdb({ path: newPath() }));
});

describe("rocksdb, its folder", () => {
  test("a second process is told that the folder is taken, and so is a second opening in this one", async () => {
    const path = newPath();
    await withStage(path, async (stage) => {
      const [said] = await runWriter(path, 1);
      expect(said).toMatch(/UNAVAILABLE: .*open elsewhere/);
      const again = rocksdb({ path }).open({ env: systemEnv(), native: runNative });
      expect((await expectFailure(again, "UNAVAILABLE")).applied).toBe("no");
      await arrive(stage, stage.record(), putOf("k", "v", put(stage.now)));
    });
  });

  test("a database of something else is refused and left as it is", async () => {
    const path = newPath();
    const db = await openNative(path);
    await writeAll(db, [{ key: bytes("theirs"), bytes: bytes("data") }]);
    await db.close();
    for (let i = 0; i < 2; i += 1) await expectFailure(openRocksdbStore(path), "UNSUPPORTED");
  });

  test("close() resolves while reads and writes are out, and loses none of them", async () => {
    const path = newPath();
    const kept: string[] = [];
    const record = { table: "closing", id: "r" };
    await withStage(path, async (stage) => {
      const work = Array.from({ length: 200 }, async (_, i) => {
        await readPage(stage, record);
        await write(stage, record, [putOf(String(i), String(i), put(stage.now))]);
        kept.push(String(i));
      });
      await Promise.race(work);
      await stage.engine.close();
      const settled = await Promise.allSettled(work);
      const failed = settled.filter(({ status }) => status === "rejected");
      for (const { reason } of failed as PromiseRejectedResult[]) {
        expect(reason).toMatchObject({ code: "UNAVAILABLE", applied: "no" });
      }
      expect(failed.length + kept.length).toBe(200);
    });
    await withStage(path, async (stage) => {
      expect((await values(stage, record)).toSorted()).toEqual(kept.toSorted());
    });
  });
});

describe("rocksdb, one store under several engines", () => {
  test("an engine that was abandoned in the middle of its calls locks nobody out", async () => {
    await withStore(async (store) => {
      const lost = await openOver(store, () => new Promise(() => undefined));
      const half = await openOver(store, async (_label, thunk) => {
        await thunk();
        return await new Promise(() => undefined);
      });
      const stage = await openStage(rocksdb({ store }));
      const record = stage.record();
      const mutation = putOf("k", "abandoned", put(stage.now));
      void lost.write(record, [mutation], stage.call());
      void half.write(record, [mutation], stage.call());
      await arrive(stage, record, putOf("k", "next", put(stage.now + 1)));
      expect(await values(stage, record)).toEqual(["next"]);
    });
  });

  test("engines over one store elect one winner, and closing one leaves the others", async () => {
    await withStore(async (store) => {
      const stage = await openStage(rocksdb({ store }));
      const other = { ...stage, engine: await openOver(store) };
      const record = stage.record();
      const writes = Array.from({ length: 60 }, async (_, i) => {
        const version = put(stage.now + ((i * 37) % 60));
        await arrive(i % 2 === 0 ? stage : other, record, putOf("k", `${version.time}`, version));
      });
      await Promise.all(writes);
      await other.engine.close();
      expect(await values(stage, record)).toEqual([`${stage.now + 59}`]);
      await expectFailure(readPage(other, record), "UNAVAILABLE");
    });
  });
});

describe("rocksdb, ranges and neighbours", () => {
  test("inverted and empty ranges are refused or empty, and the store stays writable", async () => {
    await withStage(newPath(), async (stage) => {
      const record = stage.record();
      await arrive(stage, record, putOf("m", "v", put(stage.now)));
      for (const [start, end] of [
        ["z", "a"],
        ["m", "m"],
        ["", ""],
      ] as const) {
        const range = { start: bytes(start), end: bytes(end) };
        const deletion = write(stage, record, [deleteRange(range, del(stage.now + 1))]);
        expect((await expectFailure(deletion, "INVALID_ARGUMENT")).applied).toBe("no");
        for (const reverse of [false, true]) {
          expect((await readPage(stage, record, { range, reverse })).rows).toEqual([]);
        }
      }
      await arrive(stage, record, putOf("n", "w", put(stage.now)));
      expect(await values(stage, record)).toEqual(["v", "w"]);
    });
  });

  test("records and tables whose names extend one another keep apart, also in deletions", async () => {
    await withStage(newPath(), async (stage) => {
      const ids = ["a", "a\0", "a\0\0", "\u00ff", "\u00ff\u00ff", "\u{10ffff}", "b"];
      const records = ["aaa", "aaaa", "aab"].flatMap((table) => ids.map((id) => ({ table, id })));
      const keys = ["", "\0", "a", "\u00ff"];
      const fill = keys.map((key) => putOf(key, `v${key}`, put(stage.now)));
      for (const record of records) await write(stage, record, fill);
      const [gone, ...kept] = records;
      await write(stage, gone as (typeof records)[0], [deleteRecord(del(stage.now))]);
      expect(await values(stage, gone as (typeof records)[0])).toEqual([]);
      for (const record of kept) expect(await values(stage, record)).toHaveLength(keys.length);
    });
  });

  test("a page, and a read of keys, show one moment, whatever is written meanwhile", async () => {
    await withStage(newPath(), async (stage) => {
      const record = stage.record();
      const keys = Array.from({ length: 300 }, (_, i) => String(1000 + i));
      // Each round deletes all and puts every other key: who reads in between sees rows of two rounds.
      const round = (time: number): Mutation[] => [
        deleteRecord(del(stage.now + 2 * time)),
        ...keys
          .filter((_, i) => i % 2 === time % 2)
          .map((key) => putOf(key, String(time), put(stage.now + 2 * time + 1))),
      ];
      await write(stage, record, round(0));
      const reading = new AbortController();
      const writer = (async () => {
        for (let time = 1; !reading.signal.aborted; time += 1) {
          await write(stage, record, round(time));
        }
      })();
      const seen = new Set<string>();
      for (let i = 0; i < 60; i += 1) {
        const byKey = (await readKeys(stage, record, keys)).map((row) => text(row.value));
        for (const found of [byKey, await values(stage, record)]) {
          expect(found).toHaveLength(keys.length / 2);
          expect(new Set(found).size).toBe(1);
          seen.add(found[0] as string);
        }
      }
      reading.abort();
      await writer;
      expect(seen.size).toBeGreaterThan(3);
    });
  });

  test("a value past the inline limit is refused, and nothing of its write is stored", async () => {
    await withStage(newPath(), async (stage) => {
      const record = stage.record();
      const tooLong = "x".repeat(stage.engine.capabilities.inlineBytesMax + 1);
      const mutations = [putOf("a", "a", put(stage.now)), putOf("b", tooLong, put(stage.now))];
      await expectFailure(write(stage, record, mutations), "TOO_LARGE");
      expect(await values(stage, record)).toEqual([]);
    });
  });
});
