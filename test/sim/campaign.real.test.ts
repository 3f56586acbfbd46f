/** No false alarm in 20,000 worlds of the unchanged code. */
import { expect, test } from "vitest";
import { kvdalJson, type SimJson } from "./kvdal.ts";

/** First seeds of the parts, one a process; further on than those that other tests run. */
const FIRST_SEEDS = [5_000, 15_000];
const SEEDS = 10_000;

test("sim reports nothing in 20,000 worlds of the unchanged code", async ({ signal }) => {
  const parts = await Promise.all(
    FIRST_SEEDS.map((from) =>
      kvdalJson<SimJson>(["sim", "--seeds", `${SEEDS}`, "--from", `${from}`], { signal }),
    ),
  );
  const sum = (field: "worlds" | "operations"): number =>
    parts.reduce((total, part) => total + part[field], 0);
  console.log(`simulated replicas: ${sum("worlds")} worlds, ${sum("operations")} calls`);
  expect(parts.flatMap(({ failing }) => failing)).toEqual([]);
  expect(sum("worlds")).toBe(20_000);
}, 600_000);
