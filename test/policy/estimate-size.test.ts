// Goal: the estimate is the mean of what was seen lately, and a page's own items correct what was thought before.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  expectedItemBytes,
  ITEM_BYTES_ASSUMED,
  meanBytes,
  NO_SIZES,
  observeSizes,
} from "../../src/policy/estimate-size.ts";

const pages = (
  count: number,
  items: number,
  bytesEach: number,
): { items: number; bytes: number }[] =>
  Array.from({ length: count }, () => ({ items, bytes: items * bytesEach }));

const means: readonly (readonly [string, readonly { items: number; bytes: number }[], number])[] = [
  ["one page", pages(1, 10, 50), 50],
  ["pages of two sizes, by their items", [...pages(1, 30, 10), ...pages(1, 10, 50)], 20],
  ["empty items", pages(1, 5, 0), 1],
  // 4,096 of 1,000 bytes and as many of 0: each half of what is remembered.
  ["a change, as many items later", [...pages(1, 4_096, 1_000), ...pages(1, 4_096, 0)], 500],
];

test.each(means)("meanBytes() of %s", (_name, seen, wanted) => {
  expect(meanBytes(seen.reduce(observeSizes, NO_SIZES))).toBe(wanted);
});

test("a new size is nearly all that is left after four times the memory", () => {
  const seen = [...pages(100, 100, 1_000), ...pages(164, 100, 10)];
  expect(meanBytes(seen.reduce(observeSizes, NO_SIZES))).toBeLessThan(40);
  expect(meanBytes(NO_SIZES)).toBeUndefined();
});

const anySeen = fc.record({
  items: fc.integer({ min: 1, max: 100_000 }),
  bytes: fc.integer({ min: 0, max: 2 ** 40 }),
});

test.prop([fc.array(anySeen, { minLength: 1, maxLength: 20 })])(
  "the mean lies between the smallest and the largest mean seen",
  (seen) => {
    const each = seen.map(({ items, bytes }) => Math.max(1, bytes / items));
    const mean = meanBytes(seen.reduce(observeSizes, NO_SIZES)) as number;
    // Fractions below a byte count for one only once they are alone.
    expect(mean).toBeGreaterThanOrEqual(
      Math.min(...seen.map((one) => one.bytes / one.items)) - 1e-6,
    );
    expect(mean).toBeLessThanOrEqual(Math.max(...each) * (1 + 1e-9));
  },
);

test.each([
  ["nothing at all", undefined, { items: 0, bytes: 0 }, ITEM_BYTES_ASSUMED],
  ["one item and no guess", undefined, { items: 1, bytes: 7 }, 7],
  ["empty items and no guess", undefined, { items: 3, bytes: 0 }, 1],
  ["a guess alone", 300, { items: 0, bytes: 0 }, 300],
  ["a guess and as much again", 300, { items: 8, bytes: 800 }, 200],
  ["a guess and much more", 1_000, { items: 792, bytes: 0 }, 10],
])("expectedItemBytes() of %s", (_name, prior, page, wanted) => {
  expect(expectedItemBytes(prior, page)).toBe(wanted);
});
