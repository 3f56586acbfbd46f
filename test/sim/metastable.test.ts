/**
 * Overload that outlives its cause: ten virtual seconds of half more load than a server can bear, then half of that.
 * The queue that is left makes calls time out, retries keep it full, and nobody is served though there is room for all.
 * With the retry budget the system recovers by itself; with the budget taken out it does not.
 */
import { describe, expect, test } from "vitest";
import { type LoadCall, type LoadPlan, runLoad } from "../../sim/index.ts";
import { MILLISECOND, SECOND } from "../../src/model/time.ts";

/** Calls a second that the engine can bear. */
const CAPACITY = 200;
const CALM_UNTIL = 5 * SECOND;
const OVERLOADED_UNTIL = 15 * SECOND;
const END = 45 * SECOND;

const PLAN: LoadPlan = {
  seed: 1,
  clients: 4,
  limits: {
    timeoutMicros: 2 * SECOND,
    attemptTimeoutMicros: 200 * MILLISECOND,
    attemptsMax: 5,
    backoffBase: 10 * MILLISECOND,
    backoffMax: 200 * MILLISECOND,
  },
  stations: [{ workers: 1, micros: () => SECOND / CAPACITY }],
  requestsMax: Number.POSITIVE_INFINITY,
  phases: [
    { until: CALM_UNTIL, perSecond: CAPACITY / 2 },
    { until: OVERLOADED_UNTIL, perSecond: 1.5 * CAPACITY },
    { until: END, perSecond: CAPACITY / 2 },
  ],
};

/** No budget: as many retries as the attempts of each call allow. */
const NO_BUDGET = { retryShare: 1, retryBurst: Number.POSITIVE_INFINITY };

/** Share of the calls begun in a stretch of time that were answered. */
function answered(calls: readonly LoadCall[], from: number, until: number): number {
  const begun = calls.filter((call) => call.begun >= from && call.begun < until);
  return begun.filter(({ isAnswered }) => isAnswered).length / begun.length;
}

const calm = (calls: readonly LoadCall[]): number => answered(calls, 0, CALM_UNTIL - SECOND);
const overloaded = (calls: readonly LoadCall[]): number =>
  answered(calls, CALM_UNTIL + 5 * SECOND, OVERLOADED_UNTIL);
const atLast = (calls: readonly LoadCall[]): number => answered(calls, END - 5 * SECOND, END);

describe("ten seconds of overload", () => {
  test("are over when the queue that they left is worked off: retries have a budget", async () => {
    const { calls, telemetry, requests } = await runLoad(PLAN);
    expect([calm(calls), overloaded(calls), atLast(calls)]).toEqual([1, 0, 1]);
    // A fifth of the calls, and what the four clients had saved up.
    expect(requests).toBeLessThanOrEqual(1.2 * calls.length + 4 * 100);
    expect(telemetry.counter("retries_over_budget")).toBeGreaterThan(500);
  });

  test("never end with the budget taken out", async () => {
    const limits = { ...PLAN.limits, ...NO_BUDGET };
    const { calls, requests } = await runLoad({ ...PLAN, limits });
    expect([calm(calls), overloaded(calls), atLast(calls)]).toEqual([1, 0, 0]);
    expect(requests).toBeGreaterThan(4 * calls.length);
  });

  test("leave no queue behind where servers bound what they take, and clients send less when refused", async () => {
    const { calls, telemetry, requests } = await runLoad({ ...PLAN, requestsMax: 20 });
    expect([calm(calls), answered(calls, OVERLOADED_UNTIL + SECOND, END)]).toEqual([1, 1]);
    // Two thirds of the calls are what the engine can bear.
    expect(overloaded(calls)).toBeGreaterThan(0.6);
    expect(requests).toBeLessThan(calls.length);
    for (const counter of ["requests_shed", "calls_dropped", "calls_slowed"] as const) {
      expect(telemetry.counter(counter), counter).toBeGreaterThan(0);
    }
  });
});
