/** No false alarm in worlds of the unchanged code that no other test runs. Longer campaigns: `kvdal sim --seeds N`. */
import { expect, test } from "vitest";
import { kvdalJson, type SimJson } from "./kvdal.ts";

const SEEDS = 2_000;

test("sim reports nothing in 2,000 worlds of the unchanged code", async ({ signal }) => {
  const args = ["sim", "--from", "2000", "--seeds", `${SEEDS}`];
  const { worlds, operations, failing, coverage } = await kvdalJson<SimJson>(args, { signal });
  console.log(`simulated replicas: ${worlds} worlds, ${operations} calls`);
  expect(failing).toEqual([]);
  expect(coverage.contradicted).toEqual([]);
  expect(worlds).toBe(SEEDS);
}, 600_000);
