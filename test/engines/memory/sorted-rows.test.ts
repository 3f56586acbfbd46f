// Goal: SortedRows is a plain sorted list, also once its blocks have split, emptied and gone.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { type KeyedRow, SortedRows } from "../../../src/engines/memory/sorted-rows.ts";
import { compareBytes, concatBytes, EMPTY_BYTES, toHex } from "../../../src/model/bytes.ts";
import { ALL_KEYS, inRange, type KeyRange } from "../../../src/model/range.ts";
import { closeRanges } from "../../model/arbitraries.ts";

/** What a row is told apart by here; everything else is the same in all. */
function rowOf(key: Uint8Array, stamp: number): KeyedRow {
  const version = { time: stamp, rank: 0, expiry: 0, nonce: new Uint8Array(16) } as const;
  return { key, version, removeAt: 0, value: EMPTY_BYTES, metadata: EMPTY_BYTES };
}

type Model = Map<string, KeyedRow>;

function sorted(model: Model): readonly KeyedRow[] {
  return [...model.values()].toSorted((a, b) => compareBytes(a.key, b.key));
}

function visited(rows: SortedRows, range: KeyRange, reverse: boolean, most: number): KeyedRow[] {
  const seen: KeyedRow[] = [];
  rows.visit(range, reverse, (row) => {
    seen.push(row);
    return seen.length < most;
  });
  return seen;
}

const names = (rows: readonly KeyedRow[]): readonly string[] =>
  rows.map((row) => `${toHex(row.key)}@${row.version.time}`);

function expectSame(rows: SortedRows, model: Model, range: KeyRange, most: number): void {
  const wanted = sorted(model).filter((row) => inRange(range, row.key));
  expect(names(visited(rows, range, false, most))).toEqual(names(wanted.slice(0, most)));
  const backward = wanted.toReversed().slice(0, most);
  expect(names(visited(rows, range, true, most))).toEqual(names(backward));
}

/** A key of one or two bytes after a fixed start: 3,000 of them are distinct often enough to split blocks. */
function keyOf(n: number): Uint8Array {
  return n % 5 === 0 ? Uint8Array.of(n >> 8, n & 0xff, 0) : Uint8Array.of(n >> 8, n & 0xff);
}

const inserts = fc.array(fc.integer({ min: 0, max: 0xffff }), {
  minLength: 2_100,
  maxLength: 2_600,
  size: "max",
});
const stretch = fc.tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0xffff }));

test.prop(
  [inserts, fc.array(stretch, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 40 })],
  {
    numRuns: 25,
  },
)("SortedRows of 2,000 rows and more reads as a sorted list does", (numbers, stretches, most) => {
  const rows = new SortedRows();
  const model: Model = new Map();
  for (const [stamp, n] of numbers.entries()) {
    const row = rowOf(keyOf(n), stamp);
    rows.set(row);
    model.set(toHex(row.key), row);
  }
  expectSame(rows, model, ALL_KEYS, Number.POSITIVE_INFINITY);
  for (const [a, b] of stretches) {
    const range = { start: keyOf(a), end: keyOf(b) };
    expectSame(rows, model, range, most);
    expectSame(rows, model, { start: range.start }, most);
    expectSame(rows, model, { end: range.end }, most);
    expect(rows.get(range.start)).toBe(model.get(toHex(range.start)));
  }
});

test.prop([inserts, stretch, fc.integer({ min: 1, max: 7 })], { numRuns: 15 })(
  "SortedRows stays in order while stretches of it are deleted and filled again",
  (numbers, [a, b], every) => {
    const rows = new SortedRows();
    const model: Model = new Map();
    for (const [stamp, n] of numbers.entries()) {
      const row = rowOf(keyOf(n), stamp);
      rows.set(row);
      model.set(toHex(row.key), row);
    }
    const range = { start: keyOf(Math.min(a, b)), end: keyOf(Math.max(a, b)) };
    for (const [i, row] of sorted(model).entries()) {
      if (!inRange(range, row.key) && i % every !== 0) continue;
      rows.delete(row.key);
      rows.delete(row.key);
      model.delete(toHex(row.key));
    }
    expectSame(rows, model, ALL_KEYS, Number.POSITIVE_INFINITY);
    expectSame(rows, model, range, 10);
    for (const n of numbers.slice(0, 700)) {
      const row = rowOf(keyOf(n), 1);
      rows.set(row);
      model.set(toHex(row.key), row);
    }
    expectSame(rows, model, ALL_KEYS, Number.POSITIVE_INFINITY);
    expectSame(rows, model, range, 10);
  },
);

test.prop([fc.array(fc.constantFrom(0, 1, 0x80, 0xff).map((b) => Uint8Array.of(b))), closeRanges])(
  "SortedRows of a few rows reads any range",
  (keys, range) => {
    const rows = new SortedRows();
    const model: Model = new Map();
    for (const [stamp, key] of [EMPTY_BYTES, ...keys].entries()) {
      const row = rowOf(key, stamp);
      rows.set(row);
      model.set(toHex(key), row);
    }
    expectSame(rows, model, range, Number.POSITIVE_INFINITY);
  },
);

test.each(["ascending", "descending"])(
  "SortedRows filled %s and emptied is as good as new",
  (way) => {
    const rows = new SortedRows();
    const keys = Array.from({ length: 2_500 }, (_, n) => concatBytes(keyOf(n)));
    const order = way === "ascending" ? keys : keys.toReversed();
    for (const key of order) rows.set(rowOf(key, 1));
    expect(visited(rows, ALL_KEYS, false, 9_999).length).toBe(2_500);
    for (const key of order) rows.delete(key);
    expect(visited(rows, ALL_KEYS, false, 9_999)).toEqual([]);
    expect(visited(rows, { end: keys[7] }, true, 9_999)).toEqual([]);
    expect(rows.get(EMPTY_BYTES)).toBeUndefined();
    rows.delete(EMPTY_BYTES);
    rows.set(rowOf(EMPTY_BYTES, 2));
    expect(names(visited(rows, ALL_KEYS, true, 9_999))).toEqual(["@2"]);
  },
);
