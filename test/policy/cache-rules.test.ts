import { expect, test } from "vitest";
import { entryLife, isUnder } from "../../src/policy/cache-rules.ts";

const facts = { now: 1000, ttl: 100, chunkedTtl: 40, chunked: false, endsAt: 0 };

test.each([
  [{}, 100],
  [{ endsAt: 1099 }, 99],
  [{ endsAt: 1200 }, 100],
  [{ endsAt: 1000 }, 0],
  [{ chunked: true }, 40],
  [{ chunked: true, chunkedTtl: -5 }, -5],
  [{ chunked: true, endsAt: 1010 }, 10],
])("an entry of %j lives %d", (changes, life) => {
  expect(entryLife({ ...facts, ...changes })).toBe(life);
});

test("an entry is believed under the very stamps that it was filled under, all of them, in their order", () => {
  const [a, b] = [Uint8Array.of(1), Uint8Array.of(2)];
  expect(isUnder([a, b], [Uint8Array.of(1), Uint8Array.of(2)])).toBe(true);
  expect(isUnder([a, b], [b, a])).toBe(false);
  expect(isUnder([a], [a, b])).toBe(false);
  expect(isUnder([a, b], [a])).toBe(false);
  expect(isUnder([a], undefined)).toBe(false);
  expect(isUnder([], [])).toBe(true);
});
