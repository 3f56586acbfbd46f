/** What is made of hunts for planted bugs: estimates, what is needed, the file, and the program once. */
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { estimate, isNeeded, median, tallyOf } from "../../src/cli/mutants/estimate.ts";
import type { Hunt } from "../../src/cli/mutants/hunt.ts";
import { Hunter } from "../../src/cli/mutants/hunt-worlds.ts";
import { readKnownSeeds } from "../../src/cli/mutants/known-seeds.ts";
import { checkPlaces } from "../../src/cli/mutants/places.ts";
import { HuntState } from "../../src/cli/mutants/state-file.ts";
import { matrixLines, summaryLine } from "../../src/cli/mutants/text.ts";
import { isSettled, verdictOn } from "../../src/cli/mutants/verdict.ts";
import { REPLICATED } from "../../sim/backends/replicated/backend.ts";
import { FAULT_SWITCHES } from "../../sim/faults/only.ts";
import { MUTANTS } from "../../sim/mutants/list.ts";
import { kvdal, kvdalJson } from "../sim/kvdal.ts";

const SETTINGS = { seeds: 2_000, trials: 3, seconds: 7 };
const [MUTANT] = MUTANTS;
if (MUTANT === undefined) throw new Error("no mutants");

test("bugs that have lost their places are named before any is hunted, and what they look for", () => {
  expect(() => checkPlaces(MUTANTS)).not.toThrow();
  const lost = { ...MUTANT, find: "no such line" };
  expect(() => checkPlaces([...MUTANTS, lost])).toThrow(
    `once:\n  ${MUTANT.name}: "no such line" in ${MUTANT.file}`,
  );
});

/** Three trials, the last given up; `reads` alone saw nine failing worlds of ten. */
const HUNT: Hunt = {
  first: undefined,
  firstOracle: "reads",
  own: undefined,
  trials: [
    { firstSeed: 1, worlds: 4, found: true },
    { firstSeed: 1_000_001, worlds: 10, found: true },
    { firstSeed: 2_000_001, worlds: 6, found: false },
  ],
  sightings: [
    { oracles: ["reads"], worlds: 9 },
    { oracles: ["reads", "halves"], worlds: 1 },
  ],
};

test("the estimate counts the worlds of trials that were given up", () => {
  expect(tallyOf(HUNT.trials)).toEqual({ worlds: 20, found: 2 });
  expect(estimate({ worlds: 20, found: 2 }).mean).toBe(10);
  expect(estimate({ worlds: 7, found: 0 })).toMatchObject({ mean: null, high: null });
  expect(estimate({ worlds: 100, found: 100 })).toMatchObject({ mean: 1, low: 1 });
});

test("the interval holds the true mean in 19 of 20 hunts of 100 trials", () => {
  // Trials by a multiplicative generator: geometric, with a mean of 8.
  let state = 1;
  const isHit = (): boolean => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 < 1 / 8;
  };
  const intervals = Array.from({ length: 1_000 }, () => {
    let [worlds, found] = [0, 0];
    while (found < 100) {
      worlds += 1;
      if (isHit()) found += 1;
    }
    return estimate({ worlds, found });
  });
  const held = intervals.filter(({ low, high }) => low <= 8 && 8 <= (high ?? 0)).length;
  expect(held).toBeGreaterThan(925);
  expect(held).toBeLessThan(975);
});

test("what is left out is needed where the bug is lost or costs five times the worlds", () => {
  expect(isNeeded({ worlds: 40, found: 0 }, 8)).toBe(true);
  expect(isNeeded({ worlds: 80, found: 2 }, 8)).toBe(true);
  expect(isNeeded({ worlds: 78, found: 2 }, 8)).toBe(false);
});

test("median() of an even number is between the two in the middle", () => {
  expect([median([]), median([3]), median([9, 1, 2, 4])]).toEqual([null, 3, 3]);
});

test("a verdict names the faults and oracles without which the bug is lost", () => {
  const ablations = [
    { fault: "loss", worlds: 200, trials: 4, found: 0 },
    { fault: "tails", worlds: 50, trials: 4, found: 4 },
  ] as const;
  const verdict = verdictOn(MUTANT, HUNT, ablations);
  expect(verdict).toMatchObject({
    meanSeedsToDetect: 10,
    neededFaults: ["loss"],
    neededOracles: ["reads"],
  });
  expect(verdictOn(MUTANT, HUNT, undefined).neededFaults).toBeNull();
  expect(matrixLines([verdict]).join("\n")).toMatch(/10\.0 .*2\/3 {2}reads!, halves; loss/);
});

test("an equivalent bug need not be found, and counts for nothing in the summary", () => {
  const missed = verdictOn(MUTANT, { ...HUNT, trials: [] }, undefined);
  expect(isSettled(missed)).toBe(false);
  const equal = verdictOn({ ...MUTANT, equivalent: "Both are 1." }, HUNT, undefined);
  expect(isSettled(equal)).toBe(true);
  expect(summaryLine([missed, equal])).toBe("0 of 1 found, 1 equivalent");
});

test("the file of hunts goes on after a line that was cut off, and is held to its settings", () => {
  const file = join(mkdtempSync(join(tmpdir(), "kvdal-")), "hunts.jsonl");
  const ablation = { fault: "loss", worlds: 9, trials: 4, found: 4 } as const;
  new HuntState(file, SETTINGS).add("one", { ablation });
  const whole = readFileSync(file, "utf8");
  appendFileSync(file, '{"name":"one","abl');
  expect(new HuntState(file, SETTINGS).of("one")).toEqual({
    hunt: undefined,
    ablations: [ablation],
  });
  expect(readFileSync(file, "utf8")).toBe(whole);
  expect(() => new HuntState(file, { ...SETTINGS, trials: 4 })).toThrow("is of other hunts");
});

test("--known takes the world that is kept for the bug, and nothing is estimated from that", async () => {
  const known = readKnownSeeds();
  const names = MUTANTS.map(({ name }) => name);
  expect(Object.keys(known).filter((name) => !names.includes(name))).toEqual([]);
  const verdicts = await kvdalJson(["mutants", "no-tie-break", "--known"]);
  const seed = known["no-tie-break"];
  expect(verdicts).toMatchObject([{ found: true, seed, trials: 0, meanSeedsToDetect: null }]);
  const refused = await kvdal(["mutants", "--known", "--state", join(tmpdir(), "none")]);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("--state")]);
}, 60_000);

test("a hunt begins from the start where the known world finds nothing", async () => {
  const hunter = new Hunter(MUTANT, REPLICATED, () => 0);
  const task = { name: MUTANT.name, seeds: 2, trials: 1, cpuSeconds: 1, knownSeed: 77 };
  const hunt = await hunter.hunt({
    ...task,
    known: undefined,
    ablate: false,
    knownKinds: [],
    needs: false,
  });
  // The bug is not planted here.
  expect(hunt.trials).toEqual([{ firstSeed: 1, worlds: 2, found: false }]);
}, 60_000);

test("kvdal mutants --ablate hunts without each kind of fault, and goes on from its file", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "kvdal-")), "hunts.jsonl");
  const args = ["mutants", "clock-read-once-for-tokens", "--ablate", "--state", file];
  const verdicts = await kvdalJson<readonly object[]>(args);
  expect(verdicts).toMatchObject([
    { rule: "TOK-9", fault: null, oracle: "tokens", equivalent: null, found: true, trials: 20 },
  ]);
  expect(verdicts).toMatchObject([{ ablations: FAULT_SWITCHES.map((fault) => ({ fault })) }]);
  const whole = readFileSync(file, "utf8");
  // Ended amid the last but one.
  writeFileSync(file, whole.split("\n").slice(0, -3).join("\n"));
  expect(await kvdalJson(args)).toEqual(verdicts);
  expect(readFileSync(file, "utf8")).toBe(whole);
}, 120_000);
