/** The benches run and give figures; how large they are is no test's business. */
import { expect, test } from "vitest";
import { type BenchReport } from "../../bench/report.ts";
import { kvdal, kvdalJson } from "../sim/kvdal.ts";

test("bench --quick runs every bench and gives finite figures", async () => {
  const report = await kvdalJson<BenchReport>(["bench", "--quick"]);
  expect(report.benches.length).toBeGreaterThanOrEqual(8);
  for (const { median, p25, p75, samples } of report.benches) {
    expect(median).toBeGreaterThan(0);
    expect(Number.isFinite(median)).toBe(true);
    expect(p25).toBeLessThanOrEqual(p75);
    expect(samples).toBeGreaterThan(1);
  }
}, 60_000);

test("bench refuses a filter that fits no bench", async () => {
  const run = await kvdal(["bench", "--filter", "nothing of this name"]);
  expect(run.code).toBe(2);
}, 60_000);
