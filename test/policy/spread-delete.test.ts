// Goal: a retry computes the same removal time, deletion knowledge lives long enough, and a mass delete spreads out.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { utf8 } from "../../src/model/bytes.ts";
import { markerRemovalTime } from "../../src/policy/spread-delete.ts";

const nonces = fc.uint8Array({ minLength: 16, maxLength: 16 });
const spans = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 45 }));

test.prop([
  fc.integer({ min: 1, max: 2 ** 51 }),
  nonces,
  fc.uint8Array({ maxLength: 50 }),
  spans,
  spans,
])(
  "markerRemovalTime() lies within [retention, retention + jitter], the same each time",
  (generationTime, nonce, key, retention, jitter) => {
    const removal = markerRemovalTime({ generationTime, nonce }, key, retention, jitter);
    expect(Number.isSafeInteger(removal)).toBe(true);
    expect(removal).toBeGreaterThanOrEqual(generationTime + retention);
    expect(removal).toBeLessThanOrEqual(generationTime + retention + jitter);
    const again = { generationTime, nonce: nonce.slice() };
    expect(markerRemovalTime(again, key.slice(), retention, jitter)).toBe(removal);
  },
);

test("markerRemovalTime() spreads the keys of one delete evenly", () => {
  const token = { generationTime: 0, nonce: new Uint8Array(16).fill(7) };
  const buckets = Array.from({ length: 20 }, () => 0);
  for (let i = 0; i < 20_000; i += 1) {
    const removal = markerRemovalTime(token, utf8(`user:${i}`), 0, 20_000);
    const bucket = Math.floor(removal / 1_000);
    buckets[bucket] = (buckets[bucket] as number) + 1;
  }
  // 1,000 each by the mean; five standard deviations are 154.
  expect(Math.max(...buckets)).toBeLessThan(1_160);
  expect(Math.min(...buckets)).toBeGreaterThan(840);
});

test("markerRemovalTime() differs between deletes of the same key", () => {
  const times = new Set<number>();
  for (let byte = 0; byte < 200; byte += 1) {
    const token = { generationTime: 0, nonce: new Uint8Array(16).fill(byte) };
    times.add(markerRemovalTime(token, utf8("k"), 0, 2 ** 40));
  }
  expect(times.size).toBeGreaterThan(195);
});
