/**
 * Answers of sound worlds, damaged: every damage that a sound system could not have answered with is caught, and every
 * oracle is the one that catches some. More worlds: `kvdal corruptors`.
 */
import { beforeAll, expect, test } from "vitest";
import { ORACLES } from "../../sim/check/index.ts";
import { REPLICATED } from "../../sim/backends/replicated/backend.ts";
import { CORRUPTORS } from "../../sim/corrupt/list.ts";
import { type CorruptorResult, runCorruptors } from "../../sim/corrupt/run-corruptors.ts";

/** The first worlds in which every corruptor finds something to damage. */
const WORLDS = 60;

let results: readonly CorruptorResult[] = [];

beforeAll(async () => {
  results = await runCorruptors({ factory: REPLICATED, firstSeed: 1, seeds: WORLDS });
}, 60_000);

test("there are two dozen corruptors, each of its own name", () => {
  const names = new Set(CORRUPTORS.map(({ name }) => name));
  expect(names.size).toBe(CORRUPTORS.length);
  expect(names.size).toBeGreaterThanOrEqual(24);
});

test.each(CORRUPTORS)("caught wherever it matters: $name: $what", ({ name }) => {
  const result = results.find((one) => one.name === name);
  expect(result?.missed).toEqual([]);
  expect(result?.applied).toBeGreaterThan(0);
});

/** Damages that leave an answer which a sound system may have given, in some worlds. */
const MAY_BE_HARMLESS: readonly string[] = [
  "item-dropped",
  "arrived-write-not-shown",
  "old-value",
  "deleted-item-back",
  "expired-item-returned",
  "half-a-put",
  "page-skipped",
  "page-repeated",
  "scan-misses-an-item",
  "acknowledged-write-lost",
  "error-as-absence",
  "refusal-acknowledged",
  "applied-told-as-refused",
];

test("some damage is harmless, and is seen to be; most is never", () => {
  const harmless = results.filter((one) => one.harmless > 0);
  const names = harmless.map(({ name }) => name);
  expect(names).toContain("item-dropped");
  const others = harmless.filter(({ name }) => !MAY_BE_HARMLESS.includes(name));
  // In world 31 a server's clock was so far behind the token that it may well have said so.
  expect(others.map((one) => [one.name, one.harmless])).toEqual([["token-taken-as-refused", 1]]);
});

/** What it judges is compared while the world runs; its planted bugs show that it can fail (sim/mutants/exact.ts). */
const COMPARED_AT_ONCE = "exact calls";
const corruptible = ORACLES.filter(({ name }) => name !== COMPARED_AT_ONCE);

test.each(corruptible)("the oracle of $name is the one that catches a corruptor", ({ name }) => {
  const own = results.filter(({ oracles }) => (oracles[name] ?? 0) > 0);
  expect(own.map((one) => one.name)).not.toEqual([]);
});

test("a corruptor that no oracle sees is told as missed", async () => {
  const blind = { name: "blind", what: "nothing is judged", corrupt: CORRUPTORS[0]!.corrupt };
  const [result] = await runCorruptors({
    factory: REPLICATED,
    firstSeed: 1,
    seeds: 10,
    corruptors: [blind],
    oracles: ORACLES.filter(({ name }) => name !== "reads" && name !== "cache"),
  });
  expect(result?.missed.length).toBeGreaterThan(0);
});
