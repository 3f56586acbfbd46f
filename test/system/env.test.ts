// Goal: the real environment keeps the promises of its ports, which the simulator's keeps by construction.
import { expect, test } from "vitest";
import { interpolated } from "../../src/system/clock.ts";
import { systemEnv } from "../../src/system/env.ts";
import { hmacKeys, hmacSha256 } from "../../src/system/hmac.ts";
import { runNative } from "../../src/system/native.ts";
import { systemTimers } from "../../src/system/timers.ts";
import { sleep } from "../../src/ports/timers.ts";
import { toHex, utf8 } from "../../src/model/bytes.ts";

test("systemEnv() tells the wall time in microseconds, inside the system clock's millisecond", () => {
  const { clock } = systemEnv();
  for (let i = 0; i < 20_000; i += 1) {
    const before = Date.now();
    const wall = clock.wall();
    expect(Number.isSafeInteger(wall)).toBe(true);
    expect(wall).toBeGreaterThanOrEqual(before * 1000);
    expect(wall).toBeLessThan((Date.now() + 1) * 1000);
  }
});

test("interpolated() moves between ticks and follows steps of the clock either way", () => {
  let millis = 1_000;
  let steady = 50;
  const wall = interpolated(
    () => millis,
    () => steady,
  );
  expect(wall()).toBe(1_000_000);
  steady += 400;
  expect(wall()).toBe(1_000_400);
  steady += 5_000; // the system clock lags: stay within its millisecond
  expect(wall()).toBe(1_000_999);
  millis = 90_000;
  expect(wall()).toBe(90_000_000);
  millis = 2;
  steady += 10;
  expect(wall()).toBe(2_999);
  millis = 3;
  steady += 10;
  expect(wall()).toBe(3_009);
});

test("systemEnv() has a monotonic clock that counts microseconds and never goes back", () => {
  const { clock } = systemEnv();
  let last = clock.monotonic();
  const start = last;
  while (last - start < 2_000) {
    const next = clock.monotonic();
    expect(next).toBeGreaterThanOrEqual(last);
    last = next;
  }
});

test.each([0, 1, 300, 1_000, 1_500, 20_000])(
  "a timer of %d µs never fires early",
  async (delay) => {
    const { clock, timers } = systemEnv();
    for (let i = 0; i < 20; i += 1) {
      const start = clock.monotonic();
      await sleep(timers, delay);
      expect(clock.monotonic() - start).toBeGreaterThanOrEqual(delay);
    }
  },
);

test("a timer fires after the call that starts it, a cancelled one never", async () => {
  const { timers } = systemEnv();
  const fired: string[] = [];
  for (const delay of [-5, 0, 100]) {
    timers.after(delay, () => fired.push(`kept ${delay}`));
    timers.after(delay, () => fired.push(`cancelled ${delay}`))();
  }
  expect(fired).toEqual([]);
  await sleep(timers, 5_000);
  expect(new Set(fired)).toEqual(new Set(["kept -5", "kept 0", "kept 100"]));
  expect(fired.length).toBe(3);
});

test("a timer of 60 days waits in steps that the platform can count", async () => {
  const timers = systemTimers({ wall: () => 0, monotonic: () => 0 });
  let fired = false;
  const cancel = timers.after(60 * 86_400 * 1_000_000, () => {
    fired = true;
  });
  await sleep(systemEnv().timers, 5_000);
  expect(fired).toBe(false);
  cancel();
  expect(() => timers.after(Number.NaN, () => undefined)).toThrow(RangeError);
});

test("chance is within bounds, and fresh bytes are the caller's own", () => {
  const random = systemEnv().random.fork("test");
  expect(random.below(1)).toBe(0);
  const seen = new Set(Array.from({ length: 200 }, () => random.below(3)));
  expect(seen).toEqual(new Set([0, 1, 2]));
  expect(random.below(2 ** 32)).toBeLessThan(2 ** 32);
  const bytes = random.bytes(16);
  expect(bytes.length).toBe(16);
  expect(bytes.buffer.byteLength).toBe(16);
  expect(toHex(bytes)).not.toBe(toHex(random.bytes(16)));
  expect(random.bytes(0).length).toBe(0);
  // Whether they come from a pool or not: of any length, none twice.
  const draws = [1, 16, 63, 64, 65, 5_000].flatMap((length) =>
    Array.from({ length: 300 }, () => random.bytes(length)),
  );
  for (const draw of draws) expect(draw.byteOffset).toBe(0);
  const nonces = draws.filter(({ length }) => length >= 16).map(toHex);
  expect(new Set(nonces).size).toBe(nonces.length);
});

test("hmacSha256() gives the first half of the known code, and keeps its own copy of the key", () => {
  // RFC 4231, test case 1.
  const key = new Uint8Array(20).fill(0x0b);
  const { current, keys } = hmacSha256(key);
  key.fill(0);
  expect(toHex(keys.get(current)!(utf8("Hi There")))).toBe("b0344c61d8db38535ca8afceaf0bf12b");
  expect(() => hmacSha256(new Uint8Array(15))).toThrow(RangeError);
});

test("hmacKeys() seals with the first key and knows each by an id that follows from the key alone", () => {
  const [a, b] = [new Uint8Array(16).fill(1), new Uint8Array(32).fill(2)];
  const [ab, ba] = [hmacKeys([a, b]), hmacKeys([b, a])];
  expect([ab.current, ba.current]).toEqual([hmacSha256(a).current, hmacSha256(b).current]);
  expect(new Set(ab.keys.keys())).toEqual(new Set(ba.keys.keys()));
  expect(() => hmacKeys([])).toThrow("no keys");
  expect(() => hmacKeys([a, b, a])).toThrow("twice");
  expect(() => hmacKeys([a, new Uint8Array(15)])).toThrow(RangeError);
});

test("runNative() runs the thunk and rejects when it throws at once", async () => {
  await expect(runNative("label", async () => 7)).resolves.toBe(7);
  const thrower = (): Promise<never> => {
    throw new TypeError("at once");
  };
  await expect(runNative("label", thrower)).rejects.toThrow("at once");
});
