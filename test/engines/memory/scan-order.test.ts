// Goal: every id that is there stands once, in its bucket and in order, whatever came and went between two looks.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { ScanOrder } from "../../../src/engines/memory/scan-order.ts";
import {
  bucketOf,
  bucketsOf,
  checkBucket,
  SCAN_BUCKETS,
} from "../../../src/engines/shared/scan-buckets.ts";

const step = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), id: fc.string({ maxLength: 2 }) }),
  fc.record({ kind: fc.constant("remove" as const), id: fc.string({ maxLength: 2 }) }),
  fc.record({ kind: fc.constant("look" as const), id: fc.constant("") }),
);

/** What the order says is there, bucket by bucket. */
function listed(order: ScanOrder, ids: ReadonlyMap<string, unknown>): readonly string[] {
  return Array.from({ length: SCAN_BUCKETS }, (_, i) => order.bucket(i, ids)).flatMap(
    (bucket, i) => {
      expect([...bucket]).toEqual([...bucket].toSorted());
      for (const id of bucket) expect(bucketOf(id)).toBe(i);
      return bucket.filter((id) => ids.has(id));
    },
  );
}

test.prop([fc.array(step)])("ScanOrder keeps what is there", (steps) => {
  const ids = new Map<string, true>();
  const order = new ScanOrder();
  for (const { kind, id } of steps) {
    if (kind === "look") expect(listed(order, ids).toSorted()).toEqual([...ids.keys()].toSorted());
    if (kind === "remove") ids.delete(id);
    if (kind === "add" && !ids.has(id)) {
      ids.set(id, true);
      order.add(id);
    }
  }
  expect(listed(order, ids).toSorted()).toEqual([...ids.keys()].toSorted());
});

test("ScanOrder forgets what is gone once that is much", () => {
  const ids = new Map<string, true>();
  const order = new ScanOrder();
  expect(listed(order, ids)).toEqual([]);
  for (let i = 0; i < 5_000; i += 1) {
    ids.set(`id-${i}`, true);
    order.add(`id-${i}`);
    ids.delete(`id-${i - 3}`);
  }
  expect(listed(order, ids).length).toBe(3);
  const kept = Array.from({ length: SCAN_BUCKETS }, (_, i) => order.bucket(i, ids).length);
  expect(kept.reduce((sum, one) => sum + one, 0)).toBeLessThan(1_100);
});

test.prop([fc.integer({ min: 1, max: SCAN_BUCKETS })])(
  "bucketsOf() gives every bucket to one segment, and none nothing",
  (of) => {
    let next = 0;
    for (let index = 0; index < of; index += 1) {
      const { first, end } = bucketsOf({ index, of });
      expect(first).toBe(next);
      expect(end).toBeGreaterThan(first);
      next = end;
    }
    expect(next).toBe(SCAN_BUCKETS);
  },
);

test("checkBucket() refuses buckets of other segments", () => {
  const segment = { first: 3, end: 5 };
  for (const bucket of [3, 4]) {
    expect(() => checkBucket(bucket, segment)).not.toThrow();
  }
  for (const bucket of [2, 5]) {
    expect(() => checkBucket(bucket, segment)).toThrow("another segment");
  }
});
