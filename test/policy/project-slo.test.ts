// Goal: the projection follows what reads took, grows with the rows asked for, and never forgets this call's slowest.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  NO_LATENCY,
  observeRead,
  projectRead,
  type ReadLatency,
  rowsInTime,
} from "../../src/policy/project-slo.ts";

const steady: ReadLatency = { mean: 800, deviation: 50, rows: 10 };
const plan = { latency: steady, slowestRead: 0, timeLeft: 1_000 };

test("observeRead() takes the first read for the mean, and learns the spread from the others", () => {
  const first = observeRead(NO_LATENCY, { micros: 800, rows: 10 });
  expect(first).toEqual({ mean: 800, deviation: 0, rows: 10 });
  const second = observeRead(first, { micros: 1_600, rows: 18 });
  expect(second).toEqual({ mean: 900, deviation: 200, rows: 11 });
});

test("observeRead() comes to rest on reads that are all alike", () => {
  let latency = observeRead(NO_LATENCY, { micros: 9_000, rows: 1 });
  for (let i = 0; i < 60; i += 1) latency = observeRead(latency, { micros: 500, rows: 40 });
  expect(projectRead({ latency, slowestRead: 0, timeLeft: 1 }, 40)).toBeLessThan(550);
});

test.each([
  ["nothing known", { ...plan, latency: NO_LATENCY }, 10, 0],
  ["nothing but this call's own", { ...plan, latency: NO_LATENCY, slowestRead: 70 }, 10, 70],
  ["a usual number of rows", plan, 10, 1_000],
  ["fewer rows", plan, 1, 1_000],
  ["three times the rows: half of the time grows", plan, 30, 2_000],
  ["a call that met worse", { ...plan, slowestRead: 5_000 }, 30, 5_000],
])("projectRead() of %s", (_name, asked, rows, wanted) => {
  expect(projectRead(asked, rows)).toBe(wanted);
});

test.each([
  ["nothing known", { ...plan, latency: NO_LATENCY }, Number.POSITIVE_INFINITY],
  ["just the usual time", plan, 10],
  ["twice the usual time", { ...plan, timeLeft: 2_000 }, 30],
  ["three quarters of it", { ...plan, timeLeft: 750 }, 5],
  ["next to nothing", { ...plan, timeLeft: 1 }, 1],
  ["no time", { ...plan, timeLeft: -1 }, 1],
])("rowsInTime() with %s", (_name, asked, wanted) => {
  expect(rowsInTime(asked)).toBe(wanted);
});

const anyLatency = fc.record({
  mean: fc.integer({ min: 1, max: 10 ** 7 }),
  deviation: fc.integer({ min: 0, max: 10 ** 7 }),
  rows: fc.integer({ min: 1, max: 5_000 }),
});

test.prop([anyLatency, fc.integer({ min: 1, max: 10 ** 8 })])(
  "rowsInTime() and projectRead() agree where more than the usual rows fit",
  (latency, timeLeft) => {
    const asked = { latency, slowestRead: 0, timeLeft };
    const rows = rowsInTime(asked);
    if (rows <= latency.rows) return;
    expect(projectRead(asked, rows)).toBeLessThanOrEqual(timeLeft * (1 + 1e-9));
    expect(projectRead(asked, rows + 2)).toBeGreaterThan(timeLeft * (1 - 1e-9));
  },
);
