// Goal: the acceptance window has inclusive bounds, and a refusal says by how much (TOK-3).
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { admitToken } from "../../src/policy/admit-token.ts";

const NOW = 1_700_000_000_000_000;
const window = { maxAge: 3_600, maxDrift: 5 };

test.each([
  [0, "admitted"],
  [-3_600, "admitted"],
  [5, "admitted"],
  [-3_601, "TOKEN_FROM_PAST by 1"],
  [6, "TOKEN_FROM_FUTURE by 1"],
  [-10_000, "TOKEN_FROM_PAST by 6400"],
  [1_000, "TOKEN_FROM_FUTURE by 995"],
])("admitToken() of a token %d µs from now is %s", (distance, wanted) => {
  expect(told(admitToken(NOW + distance, NOW, window))).toBe(wanted);
});

test("admitToken() with an empty window admits now alone", () => {
  const none = { maxAge: 0, maxDrift: 0 };
  expect(told(admitToken(NOW, NOW, none))).toBe("admitted");
  expect(told(admitToken(NOW - 1, NOW, none))).toBe("TOKEN_FROM_PAST by 1");
  expect(told(admitToken(NOW + 1, NOW, none))).toBe("TOKEN_FROM_FUTURE by 1");
});

test("admitToken() under a clock that stands at the beginning of time refuses nothing from then", () => {
  expect(told(admitToken(1, 0, window))).toBe("admitted");
});

const counts = fc.integer({ min: 0, max: 2 ** 40 });

test.prop([
  fc.integer({ min: 1, max: 2 ** 51 }),
  fc.integer({ min: 0, max: 2 ** 51 }),
  counts,
  counts,
])("admitToken() admits exactly now − maxAge to now + maxDrift", (time, now, maxAge, maxDrift) => {
  const admission = admitToken(time, now, { maxAge, maxDrift });
  const inside = time >= now - maxAge && time <= now + maxDrift;
  expect(admission.kind).toBe(inside ? "admitted" : "refused");
  if (admission.kind === "refused") expect(admission.by).toBeGreaterThan(0);
});

function told(admission: ReturnType<typeof admitToken>): string {
  return admission.kind === "admitted" ? "admitted" : `${admission.code} by ${admission.by}`;
}
