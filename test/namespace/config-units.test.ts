// Goal: durations and sizes are exact, or refused; nothing is guessed and nothing rounded.
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { DAY, HOUR, MINUTE } from "../../src/model/time.ts";
import { durationText, parseBytes, parseDuration } from "../../src/namespace/config-units.ts";

describe("parseDuration()", () => {
  test.each([
    ["7us", 7],
    ["10ms", 10_000],
    ["180s", 180_000_000],
    ["1.5h", 90 * MINUTE],
    ["0.1s", 100_000],
    ["20 m", 20 * MINUTE],
    ["7d", 7 * DAY],
    ["0s", 0],
  ])("reads %s", (text, micros) => {
    expect(parseDuration(text)).toBe(micros);
  });

  test.each([
    "",
    "s",
    "180",
    180,
    "-1s",
    "1.s",
    "1h30m",
    "1H",
    "0.0000001s",
    "999999999d",
    null,
    {},
  ])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test.prop([fc.integer({ min: 0, max: 400 * DAY })])(
    "reads what durationText() writes",
    (micros) => {
      expect(parseDuration(durationText(micros))).toBe(micros);
    },
  );
});

test("durationText() takes the largest unit that leaves the duration whole", () => {
  expect([2 * DAY, HOUR, 61 * MINUTE, 1_500_000, 1].map(durationText)).toEqual([
    "2d",
    "1h",
    "61m",
    "1500ms",
    "1us",
  ]);
});

describe("parseBytes()", () => {
  test.each([
    [0, 0],
    [65_536, 65_536],
    ["65536", 65_536],
    ["64KiB", 65_536],
    ["1.5MiB", 1_572_864],
    ["2GiB", 2_147_483_648],
    ["9B", 9],
  ])("reads %j", (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  test.each([-1, 1.5, "64KB", "64kib", "1e3", "toString", "1toString", "", true])(
    "refuses %j",
    (text) => {
      expect(parseBytes(text)).toBeUndefined();
    },
  );
});
