// Goal: a page stops for each of its reasons at the very bound, and always asks for something it can use.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { fillPage, fits, type PageFacts } from "../../src/policy/fill-page.ts";

const begin: PageFacts = {
  budgetBytes: 1_000,
  bytes: 0,
  items: 0,
  itemsLeft: 100,
  rowsExamined: 0,
  rowsExaminedMax: 50,
  averageBytes: 100,
  timeLeft: 10_000,
  slowestRead: 0,
  advanced: false,
};

const steps: readonly (readonly [name: string, Partial<PageFacts>, string])[] = [
  ["an untouched page", {}, "ask 10 rows 1000 bytes"],
  ["a half-full page", { bytes: 500, items: 5, advanced: true }, "ask 5 rows 500 bytes"],
  ["a last part of an item", { bytes: 999, items: 9 }, "ask 1 rows 1 bytes"],
  ["an average that does not divide", { averageBytes: 300 }, "ask 4 rows 1000 bytes"],
  ["few items wanted", { itemsLeft: 3 }, "ask 3 rows 1000 bytes"],
  ["few rows allowed", { rowsExamined: 48 }, "ask 2 rows 1000 bytes"],
  ["items above the budget", { averageBytes: 9_999 }, "ask 1 rows 1000 bytes"],
  ["tiny items", { averageBytes: 1 }, "ask 50 rows 1000 bytes"],
  ["all items had", { itemsLeft: 0 }, "finish items"],
  ["all bytes had", { bytes: 1_000, items: 1 }, "finish bytes"],
  ["more bytes than asked for", { bytes: 5_000, items: 1 }, "finish bytes"],
  ["all rows looked at", { rowsExamined: 50, advanced: true }, "finish rows"],
  ["more rows than allowed", { rowsExamined: 51, advanced: true }, "finish rows"],
  ["time for one more read", { advanced: true, slowestRead: 9_999 }, "ask 10 rows 1000 bytes"],
  ["time for none", { advanced: true, slowestRead: 10_000 }, "finish time"],
  ["no time at all", { advanced: true, timeLeft: 0 }, "finish time"],
  ["no time, before anything came of it", { timeLeft: -5 }, "ask 10 rows 1000 bytes"],
  [
    "enough items, in the moment time ends",
    { itemsLeft: 0, advanced: true, timeLeft: 0 },
    "finish items",
  ],
];

test.each(steps)("fillPage() of %s", (_name, change, wanted) => {
  const step = fillPage({ ...begin, ...change });
  const told =
    step.kind === "finish"
      ? `finish ${step.why}`
      : `ask ${step.rowLimit} rows ${step.byteLimit} bytes`;
  expect(told).toBe(wanted);
});

const count = (min: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min, max: 20 }), fc.integer({ min, max: 2 ** 31 }));

const anyFacts: fc.Arbitrary<PageFacts> = fc.record({
  budgetBytes: count(1),
  bytes: count(0),
  items: count(0),
  itemsLeft: fc.oneof(count(0), fc.constant(Number.MAX_SAFE_INTEGER)),
  rowsExamined: count(0),
  rowsExaminedMax: count(1),
  averageBytes: count(1),
  timeLeft: fc.integer({ min: -100, max: 2 ** 31 }),
  slowestRead: count(0),
  advanced: fc.boolean(),
});

test.prop([anyFacts])(
  "fillPage() asks for at least one row and byte, never past a bound",
  (facts) => {
    const step = fillPage(facts);
    if (step.kind === "finish") return;
    expect(Number.isSafeInteger(step.rowLimit)).toBe(true);
    expect(step.rowLimit).toBeGreaterThanOrEqual(1);
    expect(step.rowLimit).toBeLessThanOrEqual(facts.itemsLeft);
    expect(facts.rowsExamined + step.rowLimit).toBeLessThanOrEqual(facts.rowsExaminedMax);
    expect(step.byteLimit).toBeGreaterThanOrEqual(1);
    expect(facts.bytes + step.byteLimit).toBe(facts.budgetBytes);
  },
);

test.prop([anyFacts])("fillPage() never ends a page by time that has not advanced", (facts) => {
  const step = fillPage({ ...facts, advanced: false });
  expect(step.kind === "finish" && step.why === "time").toBe(false);
});

test.prop([anyFacts, fc.infiniteStream(fc.record({ rows: count(1), bytes: count(0) }))])(
  "fillPage() finishes after as many reads as rows are allowed, whatever they bring",
  (facts, reads) => {
    const most = Math.min(facts.rowsExaminedMax, 60);
    let now: PageFacts = { ...facts, rowsExamined: 0, rowsExaminedMax: most };
    for (let asked = 0; ; asked += 1) {
      const step = fillPage(now);
      if (step.kind === "finish") return;
      expect(asked).toBeLessThan(most);
      const { rows, bytes } = reads.next().value;
      now = { ...now, rowsExamined: now.rowsExamined + rows, bytes: now.bytes + bytes };
    }
  },
);

test.each([
  [0, 0, 10, 10, true],
  [0, 0, 11, 10, true], // a page that returns anything returns at least one item
  [1, 4, 6, 10, true],
  [1, 4, 7, 10, false],
  [1, 0, 0, 10, true],
  [1, 10, 0, 10, true],
])(
  "fits() with %d items of %d bytes, %d more into %d: %s",
  (items, bytes, more, budget, wanted) => {
    expect(fits(more, { bytes, items }, budget)).toBe(wanted);
  },
);
