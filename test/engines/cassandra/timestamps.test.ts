/** Native expiry: whole seconds, late rather than early, never at once (TTL-1, TTL-3). */
import { describe, expect, test } from "vitest";
import { DAY, SECOND } from "../../../src/model/time.ts";
import {
  NATIVE_END_MAX,
  nativeTtlSeconds,
  TTL_SLACK_SECONDS,
  timestampOf,
} from "../../../src/engines/cassandra/timestamps.ts";

const NOW = Date.UTC(2026, 10, 24) * 1000;

describe("nativeTtlSeconds()", () => {
  test.each([
    ["a whole second ahead", NOW + SECOND, NOW, 1],
    ["a microsecond over a second is rounded up", NOW + SECOND + 1, NOW, 2],
    ["a microsecond ahead", NOW + 1, NOW, 1],
    ["now: never 0, which means for ever", NOW, NOW, 0],
    ["long ago", NOW - DAY, NOW, 0],
    ["ten years", NOW + 3650 * DAY, NOW, 3650 * 86_400],
  ])("%s", (_name, end, now, seconds) => {
    expect(nativeTtlSeconds(end, now)).toBe(seconds + TTL_SLACK_SECONDS);
  });

  test("leaves to sweep what Cassandra would refuse", () => {
    expect(NATIVE_END_MAX).toBeLessThan(Date.UTC(2038, 0, 19, 3, 14, 6) * 1000);
    expect(nativeTtlSeconds(NATIVE_END_MAX, NOW)).toBeDefined();
    expect(nativeTtlSeconds(NATIVE_END_MAX + 1, NOW)).toBeUndefined();
    expect(nativeTtlSeconds(NOW + 20 * 365 * DAY, NOW)).toBeUndefined();
    // 20 years, from a clock that is far behind.
    expect(nativeTtlSeconds(NATIVE_END_MAX, NATIVE_END_MAX - 20 * 365 * DAY)).toBeUndefined();
  });
});

test("timestampOf() is exact up to the last time there is", () => {
  const version = { rank: 2, expiry: 0, nonce: new Uint8Array(16) } as const;
  expect(timestampOf({ ...version, time: 2 ** 53 - 1 })).toBe(2n ** 55n - 2n);
});
