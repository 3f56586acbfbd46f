// Goal: extra requests never pass their share and what was saved up, to the request, however long it goes on.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  canAfford,
  creditAfterCall,
  creditAfterExtra,
  extraBudget,
} from "../../src/policy/extra-budget.ts";

test.each([
  [0.05, 20],
  [0.2, 5],
  [1, 1],
  [0.3, 4],
])("a share of %d affords the first extra request after %d calls", (share, calls) => {
  const budget = extraBudget({ share, burst: 10 });
  let credit = 0;
  for (let call = 1; call <= calls; call += 1) {
    expect(canAfford(credit)).toBe(false);
    credit = creditAfterCall(credit, budget);
  }
  expect(canAfford(credit)).toBe(true);
});

test("a share of nothing affords nothing beyond what was there at first", () => {
  const budget = extraBudget({ share: 0, burst: 2 });
  let credit = budget.burst;
  for (let extra = 0; extra < 2; extra += 1) {
    expect(canAfford(credit)).toBe(true);
    credit = creditAfterExtra(creditAfterCall(credit, budget));
  }
  expect(canAfford(creditAfterCall(credit, budget))).toBe(false);
});

test("a burst of nothing saves up a single extra request that was earned", () => {
  const budget = extraBudget({ share: 0.5, burst: 0 });
  let credit = budget.burst;
  expect(canAfford(credit)).toBe(false);
  for (let call = 0; call < 10; call += 1) credit = creditAfterCall(credit, budget);
  expect(canAfford(credit)).toBe(true);
  expect(canAfford(creditAfterExtra(credit))).toBe(false);
});

test("a burst without end is never used up", () => {
  const budget = extraBudget({ share: 0, burst: Number.POSITIVE_INFINITY });
  expect(canAfford(creditAfterExtra(creditAfterExtra(budget.burst)))).toBe(true);
});

test.prop([
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 20 }),
  fc.array(fc.boolean(), { maxLength: 500 }),
])(
  "extras stay within share and burst at every moment, and use all of them",
  (percent, burst, wishes) => {
    const budget = extraBudget({ share: percent / 100, burst });
    let [credit, extras, calls] = [budget.burst, 0, 0];
    for (const wish of wishes) {
      credit = creditAfterCall(credit, budget);
      calls += 1;
      if (wish && canAfford(credit)) {
        credit = creditAfterExtra(credit);
        extras += 1;
      }
      expect(extras).toBeLessThanOrEqual(burst + (percent * calls) / 100);
      expect(credit).toBeGreaterThanOrEqual(0);
      expect(credit).toBeLessThanOrEqual(Math.max(budget.most, 0));
    }
  },
);
