// Goal: a place names its row exactly, and bytes that name none are refused.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { decodeRowPlace, encodeRowPlace } from "../../src/model/row-place.ts";
import { checkSegment, checkSegmentCount } from "../../src/model/scan.ts";

const ids = fc.string({ minLength: 1, maxLength: 300, unit: "grapheme" });

test.prop([ids, fc.uint8Array({ maxLength: 40 })])("encodeRowPlace() and back", (id, key) => {
  const place = decodeRowPlace(encodeRowPlace({ id, key }));
  expect(place.id).toBe(id);
  expect([...place.key]).toEqual([...key]);
});

test("decodeRowPlace() refuses what names no row", () => {
  for (const bytes of [[], [0], [0, 2, 65], [0, 1, 0xff]]) {
    expect(() => decodeRowPlace(Uint8Array.from(bytes))).toThrow("INVALID_ARGUMENT");
  }
});

test("checkSegment() refuses segments that are none, at the very bounds", () => {
  expect(() => checkSegment({ index: 0, of: 1 }, 4)).not.toThrow();
  expect(() => checkSegment({ index: 3, of: 4 }, 4)).not.toThrow();
  for (const [index, of] of [
    [1, 1],
    [0, 5],
    [0, 0],
    [-1, 2],
    [0.5, 2],
    [Number.NaN, 2],
    [0, 1.5],
  ]) {
    const segment = { index: index as number, of: of as number };
    expect(() => checkSegment(segment, 4)).toThrow("INVALID_ARGUMENT");
  }
  expect(() => checkSegmentCount(256)).not.toThrow();
  expect(() => checkSegmentCount(257)).toThrow("wanted a whole number from 1 to 256");
});
