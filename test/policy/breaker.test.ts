import { expect, test } from "vitest";
import {
  admitRead,
  afterFailure,
  BREAKER_CLOSED,
  type BreakerState,
  isOpen,
} from "../../src/policy/breaker.ts";

const rules = { failuresMax: 2, openFor: 100 };

function failed(...times: readonly number[]): BreakerState {
  return times.reduce((state, now) => afterFailure(state, now, rules), BREAKER_CLOSED);
}

test("it opens with the failure that is one too many", () => {
  expect(isOpen(failed(1), rules)).toBe(false);
  expect(admitRead(failed(1), 2, rules).admitted).toBe(true);
  expect(isOpen(failed(1, 2), rules)).toBe(true);
});

test("open, it admits nobody until its time is over, and each failure begins that anew", () => {
  expect(admitRead(failed(1, 2), 101, rules).admitted).toBe(false);
  expect(admitRead(failed(1, 2), 102, rules).admitted).toBe(true);
  expect(admitRead(failed(1, 2, 90), 102, rules).admitted).toBe(false);
});

test("then it admits one, and the others only when nothing has come of that", () => {
  const probe = admitRead(failed(1, 2), 102, rules);
  expect(admitRead(probe.state, 103, rules).admitted).toBe(false);
  expect(admitRead(probe.state, 202, rules).admitted).toBe(true);
});
