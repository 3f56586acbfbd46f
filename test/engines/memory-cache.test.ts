/** The cache in memory: the checks of every cache, then what only it promises: a budget, an order, an exact end. */
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { memoryCache } from "../../src/engines/memory-cache/adapter.ts";
import { Entries, ENTRY_BYTES } from "../../src/engines/memory-cache/entries.ts";
import { utf8 } from "../../src/model/bytes.ts";
import type { CacheEngine } from "../../src/ports/cache-engine.ts";
import { systemEnv } from "../../src/system/env.ts";
import { runNative } from "../../src/system/native.ts";
import { lookUp, testCache, within } from "./cache-cases.ts";

describe("memory-cache, as a cache", () => {
  testCache(memoryCache({ maxBytes: 8 * 1024 * 1024 }));
});

test("an entry ends to the microsecond, by the steady clock", async () => {
  const system = systemEnv();
  let now = 1000;
  const clock = { wall: () => 0, monotonic: () => now };
  const adapter = memoryCache({ maxBytes: 10_000 });
  const cache: CacheEngine = await adapter.open({ env: { ...system, clock }, native: runNative });
  await cache.set(utf8("k"), utf8("v"), 500, within());
  await cache.add(utf8("l"), utf8("v"), 501, within());
  now = 1499;
  expect(await lookUp(cache, utf8("k"))).toBe("v");
  now = 1500;
  expect(await lookUp(cache, utf8("k"))).toBeUndefined();
  expect(await lookUp(cache, utf8("l"))).toBe("v");
  expect(await cache.add(utf8("k"), utf8("w"), 1, within())).toEqual({ kind: "stored" });
});

test("the least recently used entry goes first, and looking counts as use", () => {
  const entries = new Entries(3 * (ENTRY_BYTES + 2));
  for (const key of ["a", "b", "c"]) entries.set(key, utf8(key), 10);
  entries.get("a", 0);
  entries.set("d", utf8("d"), 10);
  const left = ["a", "b", "c", "d"].filter((key) => entries.get(key, 0) !== undefined);
  expect(left).toEqual(["a", "c", "d"]);
});

const steps = fc.array(
  fc.record({
    verb: fc.constantFrom("set", "get", "delete"),
    key: fc.constantFrom("a", "bb", "ccc", "dddd", "e"),
    bytes: fc.nat({ max: 700 }),
    end: fc.nat({ max: 20 }),
  }),
  { maxLength: 60 },
);

property.prop([steps])("the budget holds, and what is found is what was set last", (all) => {
  const entries = new Entries(1000);
  const model = new Map<string, { bytes: number; end: number }>();
  for (const [now, { verb, key, bytes, end }] of all.entries()) {
    if (verb === "set") {
      const fits = entries.set(key, new Uint8Array(bytes), now + end);
      model.set(key, { bytes, end: now + end });
      if (!fits) model.delete(key);
    } else if (verb === "delete") {
      entries.delete(key);
      model.delete(key);
    } else {
      const found = entries.get(key, now);
      const wanted = model.get(key);
      // It may have been evicted, but never be another's, or past its end.
      if (found !== undefined) expect(found.length).toBe(wanted?.bytes);
      if (found !== undefined) expect(wanted?.end).toBeGreaterThan(now);
    }
    expect(entries.bytes).toBeLessThanOrEqual(1000);
  }
  for (const key of model.keys()) entries.delete(key);
  expect(entries.bytes).toBe(0);
});

test("memoryCache() refuses a budget without room for an entry", () => {
  expect(() => memoryCache({ maxBytes: 8191 })).toThrow(RangeError);
  expect(() => memoryCache({ maxBytes: Number.NaN })).toThrow(RangeError);
});
