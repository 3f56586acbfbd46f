// Goal: retries stop for each of their reasons at the very bound, and every wait is bounded and jittered.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { decideRetry, type RetryFacts, type RetryLimits } from "../../src/policy/retry.ts";

const limits: RetryLimits = { attemptsMax: 4, backoffBase: 1_000, backoffMax: 5_000 };
const facts: RetryFacts = {
  attempts: 1,
  retry: "safe",
  repeatable: true,
  timeLeft: 1_000_000,
  isAffordable: true,
  draw: 0,
};

const decisions: readonly (readonly [name: string, Partial<RetryFacts>, string])[] = [
  ["a first failure", {}, "after 500"],
  ["a first failure, highest draw", { draw: 0xffff }, "after 999"],
  ["a second failure", { attempts: 2 }, "after 1000"],
  ["a third failure", { attempts: 3, draw: 0x8000 }, "after 3000"],
  ["the last attempt", { attempts: 4 }, "give up attempts"],
  ["past the last attempt", { attempts: 5 }, "give up attempts"],
  ["an error for good", { retry: "never" }, "give up final"],
  ["an unknown outcome with its token", { retry: "with-token" }, "after 500"],
  ["an unknown outcome without", { retry: "with-token", repeatable: false }, "give up final"],
  ["a safe error without a token", { repeatable: false }, "after 500"],
  ["a wait as long as the time left", { timeLeft: 500 }, "give up time"],
  ["a wait just shorter than the time left", { timeLeft: 501 }, "after 500"],
  ["a failure when the budget is used up", { isAffordable: false }, "give up budget"],
  ["a failure that time alone would end", { isAffordable: false, timeLeft: 0 }, "give up time"],
  ["no time left", { timeLeft: 0 }, "give up time"],
  ["less than no time left", { timeLeft: -7 }, "give up time"],
];

test.each(decisions)("decideRetry() after %s", (_name, change, wanted) => {
  const decision = decideRetry({ ...facts, ...change }, limits);
  expect(decision.kind === "retry" ? `after ${decision.after}` : `give up ${decision.why}`).toBe(
    wanted,
  );
});

test("decideRetry() without back-off goes on at once, but not without time", () => {
  const none = { attemptsMax: 4, backoffBase: 0, backoffMax: 0 };
  expect(decideRetry(facts, none)).toEqual({ kind: "retry", after: 0 });
  expect(decideRetry({ ...facts, timeLeft: 0 }, none)).toEqual({ kind: "give_up", why: "time" });
});

test.prop([
  fc.integer({ min: 1, max: 5_000 }),
  fc.integer({ min: 0, max: 0xffff }),
  fc.integer({ min: 0, max: 10_000_000 }),
  fc.integer({ min: 0, max: 60_000_000 }),
])(
  "decideRetry() waits half to all of the doubled base, at most backoffMax",
  (attempts, draw, base, max) => {
    const wide = { attemptsMax: 5_001, backoffBase: base, backoffMax: max };
    const decision = decideRetry({ ...facts, attempts, draw, timeLeft: 2 ** 50 }, wide);
    if (decision.kind !== "retry") throw new Error("gave up");
    const full = base === 0 ? 0 : Math.min(base * 2 ** (attempts - 1), max);
    expect(Number.isSafeInteger(decision.after)).toBe(true);
    expect(decision.after).toBeGreaterThanOrEqual(Math.floor(full / 2));
    expect(decision.after).toBeLessThanOrEqual(full);
  },
);

test.prop([fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 0xffff })])(
  "decideRetry() never waits past the time left",
  (attempts, draw) => {
    for (const timeLeft of [1, 400, 1_000, 3_000]) {
      const decision = decideRetry({ ...facts, attempts, draw, timeLeft }, limits);
      if (decision.kind === "retry") expect(decision.after).toBeLessThan(timeLeft);
    }
  },
);
