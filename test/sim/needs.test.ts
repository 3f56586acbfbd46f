/** What was measured of planted bugs and the kinds of fault that they need: it is of what there is, and it is enough. */
import { expect, test } from "vitest";
import { REPLICATED } from "../../sim/backends/replicated/backend.ts";
import { FAULT_NAMES, faultPlace, FAULTS, SPARED_NAMES } from "../../sim/faults/registry/index.ts";
import { withoutFault } from "../../sim/faults/without.ts";
import { MUTANTS } from "../../sim/mutants/list.ts";
import { countMutants, isProven, type Need, NEEDS, proofOf } from "../../sim/mutants/needs.ts";
import { runPlan } from "../../sim/run-plan.ts";
import { drawPlan, REPLICATED_TOPOLOGY } from "../../sim/workload/plan.ts";

const pairOf = ({ mutant, kind }: Pick<Need, "mutant" | "kind">): string => `${mutant} ${kind}`;

test("what was measured is of bugs that there are, of kinds that they are said to need, each once", () => {
  const pairs = MUTANTS.flatMap(({ name, faults = [] }) =>
    faults.map((kind) => pairOf({ mutant: name, kind })),
  );
  const measured = NEEDS.map(pairOf);
  expect(measured.filter((pair) => !pairs.includes(pair))).toEqual([]);
  expect(new Set(measured).size).toBe(measured.length);
  for (const { mutant, amid } of NEEDS) {
    expect(amid).toEqual(MUTANTS.find(({ name }) => name === mutant)?.without ?? []);
  }
});

test("every kind that a bug is said to need was measured", () => {
  const named = MUTANTS.flatMap(({ faults = [] }) => faults);
  expect(named.filter((kind) => !FAULT_NAMES.includes(kind))).toEqual([]);
  const measured = new Set(NEEDS.map(pairOf));
  const missing = MUTANTS.flatMap(({ name, faults = [] }) =>
    faults.map((kind) => pairOf({ mutant: name, kind })).filter((pair) => !measured.has(pair)),
  );
  expect(missing).toEqual([]);
});

test("every kind of fault has a planted bug that is lost, or costs five times the worlds, without it", () => {
  const unproven = FAULTS.filter(({ name }) => proofOf(name) === undefined).map(({ name }) => name);
  expect(unproven).toEqual([]);
});

test("a bug needs a kind where it was found often enough, and is lost, or five times as rare, without it", () => {
  const need = {
    mutant: "m",
    kind: "loss",
    worlds: 100,
    trials: 10,
    meanSeeds: 10,
    without: { found: 0, meanSeeds: null, atLeast: 27 },
    factor: null,
    alone: 0,
    amid: [],
    commit: "c",
  } as const;
  const costly = { ...need, mutant: "costly", factor: 5, without: { ...need.without, found: 2 } };
  const cheap = { ...need, mutant: "cheap", factor: 4.9 };
  const rare = { ...need, mutant: "rare", trials: 9 };
  const amid = { ...need, mutant: "amid", amid: ["tails"] };
  expect([need, costly, cheap, rare, amid].map(isProven)).toEqual([true, true, false, false, true]);
  expect(proofOf("loss", [cheap, amid, costly, need])).toBe(need);
  expect(proofOf("loss", [cheap, amid, costly])).toBe(costly);
  expect(proofOf("loss", [cheap, rare])).toBeUndefined();
  expect(proofOf("tails", [need])).toBeUndefined();
});

test("there are as many bugs as there should be, of the kinds that there should be", () => {
  const counts = countMutants();
  expect(counts.mutants).toBeGreaterThanOrEqual(60);
  expect(counts.families).toBeGreaterThanOrEqual(10);
  expect(counts.public).toBeGreaterThanOrEqual(8);
  expect(counts.twoFaults).toBeGreaterThanOrEqual(5);
  expect(counts.clockOnly).toBeGreaterThanOrEqual(5);
  expect(counts.equivalent).toBeGreaterThanOrEqual(2);
});

test("a plan without one kind of fault is the plan that it was, but for that", () => {
  const plans = Array.from({ length: 60 }, (_, i) => drawPlan(i + 1, REPLICATED_TOPOLOGY));
  const cuts = plans.flatMap((plan) => withoutFault(plan, "partition_one_way").cuts);
  const before = plans.flatMap((plan) => plan.cuts);
  expect(before.some(({ direction }) => direction !== "both")).toBe(true);
  expect(cuts).toEqual(before.filter(({ direction }) => direction === "both"));
  for (const plan of plans) {
    expect(withoutFault(plan, "pause")).toEqual({
      ...plan,
      troubles: plan.troubles.filter(({ kind }) => kind !== "pause"),
    });
  }
});

test("what comes with other kinds does not happen in a plan that is spared it, and they still do", async () => {
  const seen = { unsynced_loss: 0, double_delivery: 0 };
  for (let seed = 21; seed <= 40; seed += 1) {
    const plan = drawPlan(seed, REPLICATED_TOPOLOGY);
    for (const kind of SPARED_NAMES) {
      const place = faultPlace(kind);
      const [as, without] = [plan, withoutFault(plan, kind)].map((one) => runPlan(one, REPLICATED));
      const [{ faults }, less] = [await as!, await without!];
      seen[kind] += faults.fired[place]! > 0 && faults.mattered[place]! > 0 ? 1 : 0;
      expect(less.faults.mattered[place]).toBe(0);
    }
  }
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
}, 300_000);
