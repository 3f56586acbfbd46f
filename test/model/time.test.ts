// Goal: a microsecond count is exact or it is refused; nothing is rounded.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { DAY, isMicros, micros } from "../../src/model/time.ts";
import { anyMicros } from "./arbitraries.ts";

test.prop([anyMicros])("micros() takes every count in all three forms", (value) => {
  expect(micros(value)).toBe(value);
  expect(micros(BigInt(value))).toBe(value);
  expect(micros(String(value))).toBe(value);
});

test.prop([fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n })])(
  "micros() takes a BigInt exactly or not at all",
  (value) => {
    const inside = value >= 0n && value < 2n ** 53n;
    expect(micros(value)).toBe(inside ? Number(value) : undefined);
    const text = value.toString();
    expect(micros(text)).toBe(inside ? Number(value) : undefined);
  },
);

test.prop([fc.double()])(
  "micros() takes a number only when it is a whole one in bounds",
  (value) => {
    const taken = micros(value);
    if (taken === undefined) expect(isMicros(value)).toBe(false);
    else expect(taken).toBe(value);
  },
);

test.each([
  2 ** 53,
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2n ** 53n,
  2n ** 64n + 1n,
  -1n,
  "9007199254740992",
  "9007199254740993",
  "",
  " 1",
  "1\n",
  "+1",
  "-1",
  "1e3",
  "0x10",
  "1.0",
  "١",
])("micros() refuses %s", (value) => {
  expect(micros(value)).toBeUndefined();
});

test("DAY is 86,400 million microseconds", () => {
  expect(DAY).toBe(86_400_000_000);
});
