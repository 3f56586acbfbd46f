/** Short worlds: their plans have the same kinds of fault as long ones, and fewer calls. */
import { REPLICATED, REPLICATED_SHORT, planOfSeed } from "kvdal/sim";
import { expect, test } from "vitest";
import type { Plan } from "../../sim/workload/plan.ts";

const SEEDS = Array.from({ length: 400 }, (_, i) => 1 + i);

const short = SEEDS.map((seed) => planOfSeed(seed, { factory: REPLICATED_SHORT, isCached: false }));
const long = SEEDS.map((seed) => planOfSeed(seed, { factory: REPLICATED, isCached: false }));

const callsOf = ({ operations }: Plan): number => operations.flat().length;
const share = (plans: readonly Plan[], has: (plan: Plan) => boolean): number =>
  plans.filter(has).length / plans.length;

test("clients of a short world make a tenth of the calls of others, at most", () => {
  expect(Math.max(...short.map(callsOf))).toBeLessThan(Math.min(...long.map(callsOf)) / 10);
});

test.each<[string, (plan: Plan) => boolean]>([
  ["troubles", ({ troubles }) => troubles.length > 0],
  ["crashes", ({ crashes }) => crashes.length > 0],
  ["cuts", ({ cuts }) => cuts.length > 0],
  ["a cache", ({ cache }) => cache !== undefined],
  ["lists", ({ lists }) => lists !== undefined],
  ["two regions", ({ regions }) => regions !== undefined],
  ["amplification points", ({ amplified }) => amplified.length > 0],
])("as many short worlds have %s", (_, has) => {
  expect(share(short, has)).toBeCloseTo(share(long, has), 1);
  expect(share(short, has)).toBeGreaterThan(0);
});

test("faults of a short world end sooner, and all before that", () => {
  for (const { healAt, troubles, cuts, crashes } of short) {
    expect(healAt).toBeLessThan(long[0]?.healAt ?? 0);
    for (const { from } of cuts) expect(from).toBeLessThan(healAt);
    for (const { at } of [...troubles, ...crashes]) expect(at).toBeLessThan(healAt);
  }
});

test("few short worlds are asked what is known to the last byte, which takes longest", () => {
  expect(share(long, ({ exact }) => exact === true)).toBeGreaterThan(0.1);
  expect(share(short, ({ exact }) => exact === true)).toBeLessThan(0.05);
});
