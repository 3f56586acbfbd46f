// Goal: a page stops for each of its reasons at the very bound, and always asks for something it can use.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { fillPage, fits, type PageFacts } from "../../src/policy/fill-page.ts";
import { NO_LATENCY } from "../../src/policy/project-slo.ts";

const begin: PageFacts = {
  budgetBytes: 1_000,
  bytes: 0,
  items: 0,
  itemsLeft: 100,
  rowsExamined: 0,
  rowsExaminedMax: 50,
  idleReads: 0,
  averageBytes: 100,
  storedBytes: 100,
  rowsKnown: 1_000,
  pagesByBytes: false,
  latency: NO_LATENCY,
  timeLeft: 10_000,
  slowestRead: 0,
  advanced: false,
};

const MIB = 1024 * 1024;
/** A namespace whose usual read of ten rows is projected to take 8,000 µs. */
const usual = { latency: { mean: 6_000, deviation: 500, rows: 10 } };

const steps: readonly (readonly [name: string, Partial<PageFacts>, string])[] = [
  ["an untouched page", {}, "ask 10 rows 1000 bytes"],
  ["a third of a page", { bytes: 300, items: 3, advanced: true }, "ask 7 rows 700 bytes"],
  ["a large page: a sixteenth more", { budgetBytes: 4_000 }, "ask 42 rows 4000 bytes"],
  ["an average that does not divide", { averageBytes: 300 }, "ask 3 rows 1000 bytes"],
  ["few items wanted", { itemsLeft: 3 }, "ask 3 rows 1000 bytes"],
  ["few rows allowed", { rowsExamined: 48 }, "ask 2 rows 1000 bytes"],
  ["items above the budget", { averageBytes: 9_999 }, "ask 1 rows 1000 bytes"],
  ["tiny items", { averageBytes: 1 }, "ask 50 rows 1000 bytes"],
  ["an engine that stops by bytes", { pagesByBytes: true }, "ask 16 rows 1000 bytes"],
  ["the same and few items wanted", { pagesByBytes: true, itemsLeft: 2 }, "ask 2 rows 1000 bytes"],
  [
    "a namespace that is new",
    { averageBytes: 1, rowsKnown: 0, rowsExaminedMax: 500 },
    "ask 64 rows 1000 bytes",
  ],
  [
    "one that is nearly new",
    { averageBytes: 1, rowsKnown: 3.5, rowsExaminedMax: 500 },
    "ask 76 rows 1000 bytes",
  ],
  [
    "rows of a MiB, values not wanted",
    { storedBytes: MIB, averageBytes: 9 },
    "ask 16 rows 1000 bytes",
  ],
  ["rows that no server holds", { storedBytes: 99 * MIB }, "ask 1 rows 1000 bytes"],
  ["one read of dead rows", { idleReads: 1, rowsExamined: 10 }, "ask 20 rows 1000 bytes"],
  ["many, and one item wanted", { idleReads: 5, itemsLeft: 1 }, "ask 32 rows 1000 bytes"],
  ["all items had", { itemsLeft: 0 }, "finish items"],
  ["all bytes had", { bytes: 1_000, items: 1 }, "finish bytes"],
  ["more bytes than asked for", { bytes: 5_000, items: 1 }, "finish bytes"],
  ["no place for an average item", { bytes: 901, items: 9 }, "finish bytes"],
  ["place for one just so", { bytes: 900, items: 9 }, "ask 1 rows 100 bytes"],
  ["less than a sixteenth left", { bytes: 938, items: 99 }, "finish bytes"],
  ["half a page in one item", { bytes: 500, items: 1 }, "ask 5 rows 500 bytes"],
  ["less than half, whatever comes next", { bytes: 499, items: 1 }, "ask 5 rows 501 bytes"],
  ["all rows looked at", { rowsExamined: 50, advanced: true }, "finish rows"],
  ["more rows than allowed", { rowsExamined: 51, advanced: true }, "finish rows"],
  ["time for one more read", { advanced: true, slowestRead: 9_999 }, "ask 10 rows 1000 bytes"],
  ["time for none", { advanced: true, slowestRead: 10_000 }, "finish time"],
  [
    "time for a usual read",
    { ...usual, advanced: true, timeLeft: 8_001 },
    "ask 10 rows 1000 bytes",
  ],
  ["no time for a usual read", { ...usual, advanced: true, timeLeft: 8_000 }, "finish time"],
  [
    "no time for a larger read than usual",
    { ...usual, advanced: true, timeLeft: 11_000, budgetBytes: 2_000 },
    "finish time",
  ],
  ["no time at all", { advanced: true, timeLeft: 0 }, "finish time"],
  ["time for fewer rows", { ...usual, timeLeft: 6_000 }, "ask 5 rows 1000 bytes"],
  ["no time, before anything came of it", { ...usual, timeLeft: -5 }, "ask 1 rows 1000 bytes"],
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
  idleReads: count(0),
  averageBytes: fc.double({ min: 1, max: 2 ** 31, noNaN: true }),
  storedBytes: fc.double({ min: 1, max: 2 ** 31, noNaN: true }),
  rowsKnown: fc.double({ min: 0, max: 4_096, noNaN: true }),
  pagesByBytes: fc.boolean(),
  latency: fc.oneof(
    fc.constant(NO_LATENCY),
    fc.record({ mean: count(0), deviation: count(0), rows: count(1) }),
  ),
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
    // Beyond the items that are wanted it goes only where dead rows are.
    if (facts.idleReads === 0) expect(step.rowLimit).toBeLessThanOrEqual(facts.itemsLeft);
    expect((step.rowLimit - 1) * facts.storedBytes).toBeLessThanOrEqual(16 * MIB);
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
