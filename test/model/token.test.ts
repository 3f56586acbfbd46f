// Goal: a client's tokens strictly increase, whatever its clock does (TOK-2), and have one shape (TOK-1).
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { nextGenerationTime, tokenFlaw } from "../../src/model/token.ts";

test.prop([fc.array(fc.integer({ min: 0, max: 2 ** 52 }), { minLength: 1, maxLength: 50 })])(
  "nextGenerationTime() strictly increases and is never behind the clock",
  (clock) => {
    let last = 0;
    for (const now of clock) {
      const next = nextGenerationTime(last, now);
      expect(next).toBeGreaterThan(last);
      expect(next).toBeGreaterThanOrEqual(now);
      last = next;
    }
    // Never further ahead than the highest reading and one for each token.
    expect(last).toBeLessThanOrEqual(Math.max(...clock) + clock.length);
  },
);

test("nextGenerationTime() is the clock itself while that moves on", () => {
  expect(nextGenerationTime(10, 11)).toBe(11);
  expect(nextGenerationTime(10, 10)).toBe(11);
  expect(nextGenerationTime(10, 3)).toBe(11);
});

test.each([
  [1, 16, undefined],
  [Number.MAX_SAFE_INTEGER, 16, undefined],
  [0, 16, "generation time is 0"],
  [-1, 16, "generation time is -1"],
  [1.5, 16, "generation time is 1.5"],
  [2 ** 53, 16, "generation time is 9007199254740992"],
  [Number.NaN, 16, "generation time is NaN"],
  [1, 15, "nonce is 15 bytes, wanted 16"],
  [1, 17, "nonce is 17 bytes, wanted 16"],
  [1, 0, "nonce is 0 bytes, wanted 16"],
])("tokenFlaw() of time %d and a nonce of %d bytes is %j", (generationTime, length, flaw) => {
  const found = tokenFlaw({ generationTime, nonce: new Uint8Array(length) });
  if (flaw === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(flaw);
});
