/**
 * Worlds with lists of mutations do what they are for: servers crash at every step of the log, and lists end in every
 * way there is.
 */
import { expect, test } from "vitest";
import { drawPlan, REPLICATED, runPlan } from "../../sim/index.ts";
import { LOG_STEPS, type LogStep } from "../../sim/world/log-steps.ts";

/** Of these, one in nine or ten has lists. */
const SEEDS = 2_400;
const seeds = Array.from({ length: SEEDS }, (_, i) => i + 1);
const plans = seeds.map((seed) => drawPlan(seed, REPLICATED.topology));
const withLists = plans.filter(({ lists }) => lists !== undefined);

test("one world in nine or ten has lists", () => {
  expect(withLists.length).toBeGreaterThan(SEEDS / 16);
  expect(withLists.length).toBeLessThan(SEEDS / 9);
});

test("servers crash at every step of the log, and nothing is broken", async () => {
  const crashes = new Map<LogStep, number>(LOG_STEPS.map((step) => [step, 0]));
  for (const plan of withLists) {
    const { logSteps, violation } = await runPlan(plan, REPLICATED);
    expect(violation, `seed ${plan.seed}`).toBeUndefined();
    for (const [step, counted] of logSteps) {
      crashes.set(step, (crashes.get(step) ?? 0) + counted.crashes);
    }
  }
  const never = [...crashes].filter(([, count]) => count === 0).map(([step]) => step);
  expect(never, "steps at which no server crashed").toEqual([]);
}, 120_000);
