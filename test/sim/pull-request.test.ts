/**
 * What a pull request has the time for: 20,000 short worlds of its own, each run twice, and no false alarm among them. The
 * planted bugs are test/sim/mutants.test.ts; longer worlds, and the same ones for every commit, determinism.test.ts.
 */
import { expect, test } from "vitest";
import { seedOfCheckout } from "../steps/property-seed.ts";
import { kvdalJson, type SimJson } from "./kvdal.ts";

const SEEDS = 20_000;

test("20,000 short worlds of this commit break no rule, and each is equal on replay", async ({
  signal,
}) => {
  const from = seedOfCheckout() ?? 1;
  const range = ["--from", `${from}`, "--seeds", `${SEEDS}`, "--twice"];
  const args = ["sim", "--engine", "replicated-short", ...range];
  const result = await kvdalJson<SimJson>(args, { signal });
  console.log(`short worlds from ${from}: ${SEEDS}, ${result.operations} calls`);
  expect(result.failing).toEqual([]);
  expect(result.coverage.contradicted).toEqual([]);
  expect([result.worlds, result.repeated]).toEqual([SEEDS, SEEDS]);
  // Nearly all of what befalls a call does so in short worlds, too.
  expect(result.coverage.hit).toBeGreaterThan(400);
}, 600_000);
