// Goal: an attempt gets the least of all bounds, and a hedge only where there is time and leave for one.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { type AttemptFacts, planAttempt } from "../../src/policy/hedge.ts";

const facts: AttemptFacts = {
  limit: 2_000,
  timeLeft: 10_000,
  objective: { target: 100, max: 500 },
  mayHedge: true,
};

test.each<readonly [string, Partial<AttemptFacts>, budget: number, hedgeAfter: number | undefined]>(
  [
    ["ends at the longest latency and hedges at the target", {}, 500, 100],
    [
      "goes by the client's own limit where nothing was told",
      { objective: undefined },
      2_000,
      undefined,
    ],
    ["never gets more than the client's own limit", { limit: 300 }, 300, 100],
    ["never gets more than is left", { timeLeft: 120 }, 120, 100],
    ["is not hedged at its very end", { timeLeft: 100 }, 100, undefined],
    ["is not hedged when it is over before", { limit: 99 }, 99, undefined],
    [
      "is not hedged where target and longest are one",
      { objective: { target: 500, max: 500 } },
      500,
      undefined,
    ],
    ["is not hedged without leave", { mayHedge: false }, 500, undefined],
  ],
)("an attempt %s", (_name, change, budget, hedgeAfter) => {
  expect(planAttempt({ ...facts, ...change })).toEqual({ budget, hedgeAfter });
});

const micros = fc.integer({ min: 1, max: 1_000_000 });

test.prop([micros, micros, micros, micros, fc.boolean()])(
  "planAttempt() keeps all bounds, and a hedge has time of its own",
  (limit, timeLeft, one, other, mayHedge) => {
    const objective = { target: Math.min(one, other), max: Math.max(one, other) };
    const { budget, hedgeAfter } = planAttempt({ limit, timeLeft, objective, mayHedge });
    expect(budget).toBe(Math.min(limit, timeLeft, objective.max));
    if (hedgeAfter === undefined) return;
    expect(mayHedge).toBe(true);
    expect(hedgeAfter).toBe(objective.target);
    expect(hedgeAfter).toBeLessThan(budget);
  },
);
