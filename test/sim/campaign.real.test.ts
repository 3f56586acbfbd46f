/** No false alarm in 20,000 worlds of the unchanged code. */
import { expect, test } from "vitest";
import { kvdalJson, type SimJson } from "./kvdal.ts";

test("sim reports nothing in 20,000 worlds of the unchanged code", async () => {
  const result = await kvdalJson<SimJson>(["sim", "--seeds", "20000", "--from", "5000"]);
  console.log(`simulated replicas: ${result.worlds} worlds, ${result.operations} calls`);
  expect(result.failing).toEqual([]);
  expect(result.worlds).toBe(20_000);
}, 300_000);
