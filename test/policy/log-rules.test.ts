// Goal: what waits is tried, put off, given up and refused at the very bounds that are declared.
import { expect, test } from "vitest";
import { ERROR_CODES, ERROR_TABLE } from "../../src/model/error.ts";
import {
  applyUntil,
  firstOpen,
  isPast,
  isTriedAgain,
  refusalOf,
  waitAfter,
} from "../../src/policy/log-rules.ts";

test("applyUntil() is the window of tokens, and the longest apply after it", () => {
  const bounds = { tokens: { maxAge: 100, maxDrift: 7 }, applyMax: 1_000 };
  expect(applyUntil(50, bounds)).toBe(1_150);
});

test.each(ERROR_CODES)("isTriedAgain() after %s", (code) => {
  const { retry } = ERROR_TABLE[code];
  const tries = [1, 2, 3, 4].map((refusals) => isTriedAgain({ code, retry, refusals }, 3));
  const mayPass = ["NAMESPACE_NOT_FOUND", "INTERNAL", "DATA_LOSS"].includes(code);
  const wanted = retry === "never" ? [mayPass, mayPass, false, false] : [true, true, true, true];
  expect(tries).toEqual(wanted);
});

test("waitAfter() doubles from the first wait to the longest", () => {
  const bounds = { backoffMicros: 10, backoffMicrosMax: 50 };
  expect([1, 2, 3, 4, 1_000].map((attempts) => waitAfter(attempts, bounds))).toEqual([
    10, 20, 40, 50, 50,
  ]);
});

test("refusalOf() refuses at the bound of lists, and past the bound of time", () => {
  const bounds = { pendingMax: 2, lagMicrosMax: 30 };
  expect(refusalOf({ pending: 1, lag: 30 }, bounds)).toBeUndefined();
  expect(refusalOf({ pending: 2, lag: 0 }, bounds)).toMatch(/^2 lists wait .*fewer than 2$/);
  expect(refusalOf({ pending: 0, lag: 31 }, bounds)).toMatch(/waited for 31 µs, .*at most 30$/);
});

test("a bucket is past when no server can be in it, and open from then on", () => {
  const bounds = { bucketMicros: 100, settleMicros: 10 };
  expect([isPast(3, 419, bounds), isPast(3, 420, bounds)]).toEqual([false, true]);
  expect([firstOpen(419, bounds), firstOpen(420, bounds)]).toEqual([3, 4]);
  expect(firstOpen(5, bounds)).toBe(0);
});
