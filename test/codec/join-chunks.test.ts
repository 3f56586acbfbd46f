// Goal: cut and joined a value is the value, and nothing else passes for it (CHUNK-5).
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { CHECKSUM_BEGIN, addToChecksum, checksumBytes } from "../../src/codec/checksum.ts";
import { joinChunks } from "../../src/codec/join-chunks.ts";
import { chunksOf, describeChunks } from "../../src/codec/split-value.ts";
import { toHex, utf8 } from "../../src/model/bytes.ts";
import type { ChunkMetadata } from "../../src/model/item.ts";
import { errorOf } from "../fakes/error-of.ts";

const token = { generationTime: 7, nonce: new Uint8Array(16) };
const arbitraryValue = fc.uint8Array({ minLength: 1, maxLength: 200 });
const arbitrarySize = fc.integer({ min: 1, max: 40 });

function cut(value: Uint8Array, size: number): { chunk: ChunkMetadata; chunks: Uint8Array[] } {
  const chunk = describeChunks(value, size, { token, staging: new Uint8Array(8) });
  const chunks = chunksOf(value, size, { first: 0, count: chunk.count });
  return { chunk, chunks: chunks.map((part) => part.slice()) };
}

const lost = (chunk: ChunkMetadata, chunks: readonly Uint8Array[]): string | undefined =>
  errorOf(() => joinChunks(chunk, chunks))?.code;

describe("joinChunks()", () => {
  test.prop([arbitraryValue, arbitrarySize])("undoes chunksOf()", (value, size) => {
    const { chunk, chunks } = cut(value, size);
    expect(chunk).toMatchObject({ totalBytes: value.length, chunkBytes: size, token });
    expect(chunks.length).toBe(chunk.count);
    expect(joinChunks(chunk, chunks)).toEqual(value);
  });

  test.prop([arbitraryValue, arbitrarySize, fc.nat(), fc.nat({ max: 7 })])(
    "finds every bit that is not as it was put",
    (value, size, at, bit) => {
      const { chunk, chunks } = cut(value, size);
      const place = at % value.length;
      const damaged = chunks[Math.floor(place / size)] as Uint8Array;
      damaged[place % size] = (damaged[place % size] as number) ^ (1 << bit);
      expect(lost(chunk, chunks)).toBe("DATA_LOSS");
    },
  );

  test.prop([arbitraryValue, arbitrarySize, fc.nat()])(
    "finds a chunk too many, too few, too short or too long",
    (value, size, at) => {
      const { chunk, chunks } = cut(value, size);
      const place = at % chunks.length;
      const one = chunks[place] as Uint8Array;
      expect(lost(chunk, chunks.toSpliced(place, 1))).toBe("DATA_LOSS");
      expect(lost(chunk, chunks.toSpliced(place, 0, one))).toBe("DATA_LOSS");
      expect(lost(chunk, chunks.with(place, one.slice(1)))).toBe("DATA_LOSS");
      expect(lost(chunk, chunks.with(place, new Uint8Array(one.length + 1)))).toBe("DATA_LOSS");
      expect(lost(chunk, [])).toBe("DATA_LOSS");
    },
  );
});

test("the checksum is CRC-32, big-endian, and can be carried on from part to part", () => {
  const sum = addToChecksum(addToChecksum(CHECKSUM_BEGIN, utf8("1234")), utf8("56789"));
  expect(toHex(checksumBytes(sum))).toBe("cbf43926");
});
