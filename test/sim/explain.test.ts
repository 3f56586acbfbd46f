/** Explanations: what they call needed is, what they call decided is, and what passes beside a failure does. */
import { expect, test } from "vitest";
import { REPLICATED } from "../../sim/backends/replicated/backend.ts";
import { explain, explanationLines, nearestPassing } from "../../sim/explain/index.ts";
import { faultParts } from "../../sim/shrink/fault-parts.ts";
import type { Fails } from "../../sim/shrink/search.ts";
import { shrink } from "../../sim/shrink/shrink.ts";
import { type WatchPlan, watchPlans } from "../../sim/watch-plan.ts";
import { drawPlan, type Plan } from "../../sim/workload/plan.ts";
import { READ_BACK_FIRST } from "../../sim/workload/read-back.ts";

const plain = watchPlans(REPLICATED);

/** Worlds in which an operation that runs out of time breaks a rule. */
const watch: WatchPlan = async (plan, options) => {
  const run = await plain(plan, options);
  const late = run.journal.find(
    ({ operation, outcome }) => operation < READ_BACK_FIRST && outcome === "DEADLINE_EXCEEDED",
  );
  if (late === undefined) return run;
  const violation = { rule: "HASTE-1", what: "too late", operations: [late.operation], also: [] };
  return { ...run, violation };
};
const fails: Fails = ({ violation }) => violation?.rule === "HASTE-1";

/** The first world of which a small plan has one fault or two: more leave no room for what is not needed. */
async function smallPlan(): Promise<Plan> {
  for (let seed = 1; seed <= 40; seed += 1) {
    const plan = drawPlan(seed, REPLICATED.topology);
    const shrunk = await shrink({ plan, watch, fails, isOver: () => false });
    const { length } = shrunk === undefined ? [] : faultParts(shrunk.plan);
    if (shrunk !== undefined && length > 0 && length < 3) return shrunk.plan;
  }
  throw new Error("no world has an operation that runs out of time");
}

const small = await smallPlan();

test("explain() calls those faults needed without which the plan passes, and no others", async () => {
  const idle = { from: 9_000_000, until: 9_000_001, island: [0], direction: "both" as const };
  const plan = { ...small, cuts: [...small.cuts, idle] };
  const explanation = await explain({ plan, watch, fails });
  const faults = explanation?.faults ?? [];
  const cut = faults.find(({ says }) => says.includes("9 s"));
  expect(cut?.isNecessary).toBe(false);
  expect(faults.filter(({ isNecessary }) => isNecessary)).toHaveLength(faults.length - 1);
  const lines = explanationLines(explanation!, { afterVerdict: ["a"], atEnd: ["b"] });
  expect(lines.length).toBeLessThanOrEqual(15);
  expect(lines[0]).toBe("HASTE-1 is broken: too late.");
  expect(lines.join("\n")).toContain("Not needed: the cut of client 0");
  expect(lines.join("\n")).toMatch(/^Needed: .*; without it the plan passes/m);
});

test("explain() finds the event from which on every future fails, and not before", async () => {
  const explanation = await explain({ plan: small, watch, fails });
  const { event, futures, failedBefore, failedAfter } = explanation!.unavoidable;
  expect(failedAfter).toBeGreaterThanOrEqual(0.95 * futures);
  if (event > 0) expect(failedBefore).toBeLessThan(0.95 * futures);
  else expect(failedBefore).toBe(failedAfter);
});

test("explain() has at most 15 lines of any plan", async () => {
  const plan = drawPlan(1, REPLICATED.topology);
  const broken = { rule: "HASTE-1", what: "anything", operations: [1, 2], also: [] };
  const always: WatchPlan = async (each, options) => ({
    ...(await plain(each, options)),
    violation: broken,
  });
  const few = { ...plan, operations: plan.operations.map((list) => list.slice(0, 5)) };
  const explanation = await explain({ plan: few, watch: always, fails });
  expect(explanationLines(explanation!, { afterVerdict: ["a", "b"], atEnd: ["c"] })).toHaveLength(
    15,
  );
  expect(explanation?.unavoidable.event).toBe(0);
});

test("nearestPassing() shows a run that passes, and where it parts", async () => {
  const difference = await nearestPassing({ plan: small, watch, fails });
  expect(difference?.failing.verdict).toContain("HASTE-1 is broken");
  expect(difference?.passing.verdict).toBe("no rule is broken");
  expect(difference?.failing.event).not.toBe(difference?.passing.event);
  expect(difference?.event).toBeGreaterThan(0);
  const none = await nearestPassing({ plan: small, watch: plain, fails });
  expect(none).toBeUndefined();
});
