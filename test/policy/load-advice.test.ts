// Goal: percentages that say "none" only of none, and advice at its very bounds.
import { expect, test } from "vitest";
import { adviceFor, percentOf, utilizationOf } from "../../src/policy/load-advice.ts";

test.each([
  [0, 0, 0],
  [0, 7, 0],
  [1, 1_000, 1],
  [1, 100, 1],
  [999, 1_000, 100],
  [12, 100, 12],
  [7, 7, 100],
])("percentOf(%d, %d) is %d", (part, whole, percent) => {
  expect(percentOf(part, whole)).toBe(percent);
});

test.each([
  [{ requests: 0, compute: undefined }, "go_on"],
  [{ requests: 59, compute: 59 }, "go_on"],
  [{ requests: 60, compute: undefined }, "slow_down"],
  [{ requests: 0, compute: 60 }, "slow_down"],
  [{ requests: 79, compute: 0 }, "slow_down"],
  [{ requests: 80, compute: undefined }, "shed"],
  [{ requests: 1, compute: 100 }, "shed"],
] as const)("adviceFor(%j) is %s", (load, advice) => {
  expect(adviceFor(load)).toBe(advice);
});

test("utilizationOf() has what slows calls down as overall, and a full disk apart", () => {
  const latency = { overTarget: 12, overMax: 0 };
  const measured = { latency, storage: 17, compute: 10, requests: 1 };
  expect(utilizationOf(measured)).toEqual({ overall: 12, ...measured });
  expect(utilizationOf({ ...measured, requests: 30 }).overall).toBe(30);
  expect(utilizationOf({ ...measured, compute: 44 }).overall).toBe(44);
  expect(utilizationOf({ ...measured, latency: { overTarget: 50, overMax: 50 } }).overall).toBe(50);
});
