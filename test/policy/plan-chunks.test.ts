// Goal: every chunk in exactly one portion, no portion too large or across partitions (CHUNK-1, CHUNK-2).
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { CHUNKS_PER_BUCKET } from "../../src/model/chunk.ts";
import {
  byBucket,
  type ChunkSpan,
  chunksPerRequest,
  isChunked,
  portions,
} from "../../src/policy/plan-chunks.ts";

const arbitrarySpan = fc.record({
  first: fc.integer({ min: 0, max: 500 }),
  count: fc.integer({ min: 1, max: 400 }),
});
const arbitraryMost = fc.integer({ min: 1, max: 100 });

const indices = ({ first, count }: ChunkSpan): number[] =>
  Array.from({ length: count }, (_, i) => first + i);

test.each([
  [0, 0, false],
  [1, 0, true],
  [64, 64, false],
  [65, 64, true],
])("isChunked() of %d bytes above %d is %s", (bytes, above, wanted) => {
  expect(isChunked(bytes, above)).toBe(wanted);
});

test.each([
  [64, 512, 8],
  [100, 512, 5],
  [512, 512, 1],
  [513, 512, 1],
])("chunksPerRequest() of %d bytes in %d is %d, at least one", (size, most, wanted) => {
  expect(chunksPerRequest(size, most)).toBe(wanted);
});

describe("spans are cut", () => {
  test.prop([arbitrarySpan, arbitraryMost])(
    "by portions(): in order, without gap, none larger than asked",
    (span, most) => {
      const parts = portions(span, most);
      expect(parts.flatMap(indices)).toEqual(indices(span));
      expect(Math.max(...parts.map(({ count }) => count))).toBeLessThanOrEqual(most);
      expect(parts.length).toBe(Math.ceil(span.count / most));
    },
  );

  test.prop([arbitrarySpan, arbitraryMost])(
    "by byBucket(): each part in the one bucket that it names",
    (span, most) => {
      const parts = byBucket(span, most);
      expect(parts.flatMap(indices)).toEqual(indices(span));
      for (const part of parts) {
        expect(part.count).toBeLessThanOrEqual(most);
        const buckets = indices(part).map((i) => Math.floor(i / CHUNKS_PER_BUCKET));
        expect(new Set(buckets)).toEqual(new Set([part.bucket]));
      }
    },
  );

  test("into nothing, when there is nothing", () => {
    expect(portions({ first: 3, count: 0 }, 8)).toEqual([]);
    expect(byBucket({ first: 3, count: 0 }, 8)).toEqual([]);
  });
});
