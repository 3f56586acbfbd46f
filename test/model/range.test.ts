// Goal: a range, cut anywhere in either direction, is the rest of itself.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { compareBytes, concatBytes, prefixEnd, utf8 } from "../../src/model/bytes.ts";
import { matchKeys, matchRange, sortedUniqueKeys } from "../../src/model/predicate.ts";
import { ALL_KEYS, inRange, isEmptyRange, rangeAfter } from "../../src/model/range.ts";
import { closeKeys, closeRanges } from "./arbitraries.ts";

test.prop([closeRanges, closeKeys])(
  "inRange() means at or past the start, before the end",
  (range, key) => {
    const afterStart = range.start === undefined || Buffer.compare(range.start, key) <= 0;
    const beforeEnd = range.end === undefined || Buffer.compare(key, range.end) < 0;
    expect(inRange(range, key)).toBe(afterStart && beforeEnd);
    expect(inRange(ALL_KEYS, key)).toBe(true);
  },
);

test.prop([closeRanges, closeKeys])(
  "isEmptyRange() ranges hold no key, others their first",
  (range, key) => {
    if (isEmptyRange(range)) expect(inRange(range, key)).toBe(false);
    else expect(inRange(range, range.start ?? new Uint8Array(0))).toBe(true);
  },
);

test.prop([closeRanges, closeKeys, closeKeys])(
  "rangeAfter() keeps what lies beyond the key in the direction, and only that",
  (range, cut, key) => {
    const order = compareBytes(key, cut);
    if (!inRange(range, cut)) return;
    expect(inRange(rangeAfter(range, cut, false), key)).toBe(order > 0 && inRange(range, key));
    expect(inRange(rangeAfter(range, cut, true), key)).toBe(order < 0 && inRange(range, key));
  },
);

test.prop([closeKeys, closeKeys])(
  "matchRange() of a prefix holds the keys that start with it",
  (prefix, key) => {
    const predicate = matchRange(prefix, prefixEnd(prefix));
    if (predicate.kind !== "match_range") throw new Error("not a range");
    const starts = Buffer.compare(key.subarray(0, prefix.length), prefix) === 0;
    const allOnes = prefixEnd(prefix) === undefined;
    expect(inRange(predicate.range, key)).toBe(
      starts || (allOnes && Buffer.compare(key, prefix) > 0),
    );
  },
);

test("rangeAfter() goes on with a key's own extensions", () => {
  const rest = rangeAfter(ALL_KEYS, utf8("a"), false);
  expect(inRange(rest, utf8("a"))).toBe(false);
  expect(inRange(rest, concatBytes(utf8("a"), Uint8Array.of(0)))).toBe(true);
});

test("isEmptyRange() counts a range up to the empty key as empty, and all keys as not", () => {
  expect(isEmptyRange({ end: new Uint8Array(0) })).toBe(true);
  expect(isEmptyRange({ start: new Uint8Array(0), end: new Uint8Array(0) })).toBe(true);
  expect(isEmptyRange({ start: utf8("b"), end: utf8("a") })).toBe(true);
  expect(isEmptyRange({ start: utf8("b") })).toBe(false);
  expect(isEmptyRange(ALL_KEYS)).toBe(false);
});

test.prop([fc.array(closeKeys, { maxLength: 20 })])(
  "sortedUniqueKeys() sorts, drops repeats and leaves the list of the caller alone",
  (keys) => {
    const before = [...keys];
    const hexes = new Set(keys.map((key) => Buffer.from(key).toString("hex")));
    const sorted = sortedUniqueKeys(keys);
    expect(new Set(sorted.map((key) => Buffer.from(key).toString("hex")))).toEqual(hexes);
    expect(sorted.length).toBe(hexes.size);
    for (let i = 1; i < sorted.length; i += 1) {
      expect(compareBytes(sorted[i - 1] as Uint8Array, sorted[i] as Uint8Array)).toBeLessThan(0);
    }
    expect(keys).toEqual(before);
    expect(matchKeys(...keys)).toEqual({ kind: "match_keys", keys });
  },
);
