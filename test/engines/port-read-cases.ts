/** What reads answer: DATA-2, DATA-3, GET-1, GET-2, GET-6, PAGE-4, PAGE-5, SCAN-1, at the port. */
import { expect } from "vitest";
import { toHex } from "../../src/model/bytes.ts";
import type { RowPlace } from "../../src/model/row-place.ts";
import type { Row, ScanPage, ScanRead } from "../../src/ports/storage-engine.ts";
import type { PortCase } from "./port-cases.ts";
import {
  arrive,
  bytes,
  del,
  deleteKey,
  deleteRange,
  EMPTY_BYTES,
  hex,
  keys,
  type PortStage,
  put,
  putOf,
  readAll,
  readKeys,
  readPage,
  text,
  write,
} from "./port-stage.ts";

/** A record with one row for each letter. */
async function letters(
  stage: PortStage,
  alphabet: string,
): Promise<ReturnType<PortStage["record"]>> {
  const record = stage.record();
  await write(
    stage,
    record,
    alphabet.split("").map((key) => putOf(key, key, put(stage.now))),
  );
  return record;
}

const RANGES: readonly (readonly [start: string | undefined, end: string | undefined, string])[] = [
  [undefined, undefined, "bcde"],
  ["", undefined, "bcde"],
  ["b", "e", "bcd"],
  ["c", undefined, "cde"],
  [undefined, "c", "b"],
  ["bb", "dd", "cd"],
  ["c", "d", "c"],
  ["c", "c\0", "c"],
  ["a", "b", ""],
  ["f", "z", ""],
  [undefined, "\0", ""],
];

const ranges: readonly PortCase[] = RANGES.map(([start, end, found]) => ({
  name: `range [${start ?? ""}, ${end ?? "end"}) has ${found === "" ? "nothing" : found}, both ways`,
  run: async (stage) => {
    const record = await letters(stage, "bcde");
    const range = {
      start: start === undefined ? undefined : bytes(start),
      end: end === undefined ? undefined : bytes(end),
    };
    for (const rowLimit of [1, 2, 100]) {
      expect((await keys(stage, record, { range, rowLimit })).join("")).toBe(found);
      const backward = await keys(stage, record, { range, rowLimit, reverse: true });
      expect(backward.toReversed().join("")).toBe(found);
    }
  },
}));

const SORTED = ["", "00", "0000", "0001", "01", "7f", "7f00", "7fff", "80", "ff", "ff00", "ffff"];

async function scanAll(
  stage: PortStage,
  table: string,
  of: number,
  rowLimit: number,
): Promise<string[]> {
  const found: string[] = [];
  for (let index = 0; index < of; index += 1) {
    let cursor: Uint8Array | undefined;
    do {
      const page: ScanPage = await stage.engine.scan(
        { table, segment: { index, of }, cursor, rowLimit, projection: "rows" },
        stage.call(),
      );
      found.push(...page.entries.map(({ id, row }) => `${id}/${text(row.key)}=${text(row.value)}`));
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  return found;
}

const others: readonly PortCase[] = [
  {
    name: "keys sort as unsigned bytes, the empty key first; the empty value is a value",
    run: async (stage) => {
      const record = stage.record();
      const shuffled = SORTED.toSorted((a, b) => (a.length - b.length) * 7 + (a < b ? 1 : -1));
      for (const key of shuffled) await arrive(stage, record, putOf(hex(key), "", put(stage.now)));
      const rows = await readAll(stage, record);
      expect(rows.map((row) => toHex(row.key))).toEqual(SORTED);
      for (const row of rows) expect(row.value).toEqual(EMPTY_BYTES);
      const some = await readKeys(stage, record, ["", hex("7f"), hex("80"), hex("81")]);
      expect(some.map((row) => toHex(row.key))).toEqual(["", "7f", "80"]);
      await arrive(stage, record, deleteKey("", del(stage.now + 1)));
      expect((await readAll(stage, record)).map((row) => toHex(row.key))).toEqual(SORTED.slice(1));
    },
  },
  {
    name: "a row comes back with value, metadata and version as written",
    run: async (stage) => {
      const record = stage.record();
      const nonce = hex("00ff80017f00000102030405060708ff");
      const version = {
        time: stage.now + 7,
        rank: 1,
        expiry: stage.now + 123_456_789,
        nonce,
      } as const;
      const row: Row = { key: hex("00ff"), value: hex("0080ff"), metadata: hex("ff00"), version };
      await write(stage, record, [{ kind: "put", row }]);
      expect(await readAll(stage, record)).toEqual([row]);
      expect(await readKeys(stage, record, [hex("00ff")])).toEqual([row]);
      const scanned = await stage.engine.readRange(
        { ...record, range: {}, reverse: true, rowLimit: 9, byteLimit: 99, projection: "keys" },
        stage.call(),
      );
      expect(scanned.rows).toEqual([{ ...row, value: EMPTY_BYTES }]);
    },
  },
  {
    name: "a record that is not there is an empty page",
    run: async (stage) => {
      expect(await readPage(stage, stage.record())).toMatchObject({
        rows: [],
        resumeAfter: undefined,
      });
      expect(await readKeys(stage, stage.record(), ["k"])).toEqual([]);
    },
  },
  {
    name: "readKeys answers in key order, at the most keys it declares",
    run: async (stage) => {
      const record = stage.record();
      const most = Math.min(stage.engine.capabilities.keysPerReadMax, 300);
      const wanted = Array.from({ length: most }, (_, i) => String(1000 + i));
      const stored = wanted.filter((_, i) => i % 3 !== 0);
      await write(
        stage,
        record,
        stored.map((key) => putOf(key, key, put(stage.now))),
      );
      const found = await readKeys(stage, record, wanted);
      expect(found.map((row) => text(row.key))).toEqual(stored);
      const read = { ...record, keys: [bytes("1001")], projection: "keys" } as const;
      const { rows } = await stage.engine.readKeys(read, stage.call());
      expect(rows.map((row) => [text(row.key), text(row.value), text(row.metadata)])).toEqual([
        ["1001", "", "m:1001"],
      ]);
    },
  },
  {
    name: "the row limit bounds a page, dead rows included, and the read goes on behind them",
    run: async (stage) => {
      const record = stage.record();
      const all = Array.from({ length: 40 }, (_, i) => String(100 + i));
      await write(
        stage,
        record,
        all.map((key) => putOf(key, key, put(stage.now))),
      );
      const dead = all.slice(3, 25);
      await write(
        stage,
        record,
        dead.slice(0, 12).map((key) => deleteKey(key, del(stage.now + 1))),
      );
      const range = { start: bytes(dead[12] as string), end: bytes(all[25] as string) };
      await write(stage, record, [deleteRange(range, del(stage.now + 1))]);
      const live = all.filter((key) => !dead.includes(key));
      for (const reverse of [false, true]) {
        const page = await readPage(stage, record, { rowLimit: 5, reverse });
        expect(page.rows.length).toBeLessThanOrEqual(5);
        expect(page.resumeAfter).toBeDefined();
        const found = await keys(stage, record, { rowLimit: 5, reverse });
        expect(reverse ? found.toReversed() : found).toEqual(live);
      }
    },
  },
  {
    name: "a byte limit never loses or repeats a row",
    run: async (stage) => {
      const record = stage.record();
      const value = "x".repeat(1000);
      const all = Array.from({ length: 20 }, (_, i) => String(100 + i));
      await write(
        stage,
        record,
        all.map((key) => putOf(key, value, put(stage.now))),
      );
      for (const byteLimit of [1, 1003, 5000]) {
        const page = await readPage(stage, record, { byteLimit });
        expect(page.rows.length).toBeGreaterThan(0);
        if (stage.engine.capabilities.pagesByBytes) {
          expect(page.rows.length).toBeLessThanOrEqual(Math.ceil(byteLimit / 1003) + 1);
        }
        expect(await keys(stage, record, { byteLimit })).toEqual(all);
      }
    },
  },
  {
    name: "a page larger than the engine's own comes in parts, complete and in order",
    run: async (stage) => {
      const record = stage.record();
      const value = "y".repeat(Math.min(stage.engine.capabilities.inlineBytesMax, 300 * 1024));
      const all = Array.from({ length: 9 }, (_, i) => String(i));
      for (const key of all) {
        const row = { key: bytes(key), value: bytes(value), metadata: EMPTY_BYTES };
        await arrive(stage, record, { kind: "put", row: { ...row, version: put(stage.now) } });
      }
      expect(await keys(stage, record, { byteLimit: 1 << 30 })).toEqual(all);
      const found = await readKeys(stage, record, all);
      expect(found.map((row) => row.value.length)).toEqual(all.map(() => value.length));
    },
  },
  {
    name: "scans give every live row once, rows of a record in order, for any segmentation",
    run: async (stage) => {
      const table = await stage.freshTable();
      const wanted: string[] = [];
      for (let i = 0; i < 20; i += 1) {
        const record = { table, id: `id-${i}` };
        const rows = Array.from({ length: 1 + (i % 4) * 3 }, (_, k) => `k${k + 10}`);
        await write(
          stage,
          record,
          rows.map((key) => putOf(key, `v${i}`, put(stage.now))),
        );
        await write(stage, record, [deleteKey("k11", del(stage.now + 1))]);
        await write(stage, record, [deleteRange({ start: bytes("k15") }, del(stage.now + 1))]);
        const live = rows.filter((key) => key !== "k11" && key < "k15");
        wanted.push(...live.map((key) => `id-${i}/${key}=v${i}`));
      }
      for (const of of [1, 3, Math.min(7, stage.engine.capabilities.scanSegmentsMax)]) {
        for (const rowLimit of [1, 5, 1000]) {
          const found = await scanAll(stage, table, of, rowLimit);
          expect(found.toSorted()).toEqual(wanted.toSorted());
          for (const prefix of ["id-3/", "id-7/"]) {
            const one = found.filter((entry) => entry.startsWith(prefix));
            expect(one).toEqual(one.toSorted());
          }
        }
      }
    },
  },
  {
    name: "a scan goes on after any row that it gave, though that row is gone by then",
    run: async (stage) => {
      const table = await stage.freshTable();
      for (let i = 0; i < 5; i += 1) {
        const keys = ["", "a", "a\0", "b"].map((key) => putOf(key, "v", put(stage.now)));
        await write(stage, { table, id: `id-${i}` }, keys);
      }
      const places = await placesAfter(stage, table, undefined);
      expect(places.length).toBe(20);
      for (const [i, after] of places.entries()) {
        if (i % 3 === 2) {
          const { id, key } = after;
          await write(stage, { table, id }, [deleteKey(text(key), del(stage.now + 1))]);
        }
        const wanted = places.slice(i + 1);
        expect(await placesAfter(stage, table, after), `after ${after.id}`).toEqual(wanted);
      }
    },
  },
];

/** Where the rows of a table lie, in the order of a scan from a place on. */
async function placesAfter(
  stage: PortStage,
  table: string,
  after: RowPlace | undefined,
): Promise<readonly RowPlace[]> {
  const read = { table, segment: { index: 0, of: 1 }, projection: "keys" } as const;
  const places: RowPlace[] = [];
  let from: Pick<ScanRead, "cursor" | "after"> = { cursor: undefined, after };
  do {
    const page = await stage.engine.scan(
      { ...read, ...from, rowLimit: 7, byteLimit: 1_000 },
      stage.call(),
    );
    places.push(...page.entries.map(({ id, row: { key } }) => ({ id, key })));
    from = { cursor: page.cursor };
  } while (from.cursor !== undefined);
  return places;
}

export const readCases: readonly PortCase[] = [...ranges, ...others];
