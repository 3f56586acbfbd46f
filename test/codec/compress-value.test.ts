// Goal: whatever is stored can be read as it was given; nothing is stored compressed that does not pay; and a reader
// without codec or dictionary gets a named error, never garbage (COMP-1 to COMP-3).
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { type CodecParts, type Dictionaries, noDictionaries } from "../../src/codec/codec-parts.ts";
import {
  compressValue,
  type CompressionWish,
  storedBytes,
} from "../../src/codec/compress-value.ts";
import { inPlace } from "../../src/codec/compressor.ts";
import { decompressValue } from "../../src/codec/decompress-value.ts";
import { encodeMetadata } from "../../src/codec/item-metadata.ts";
import { lz4 } from "../../src/codec/lz4.ts";
import { zstd } from "../../src/codec/zstd.ts";
import { equalBytes, utf8 } from "../../src/model/bytes.ts";
import type { Codec, Compressor } from "../../src/ports/codec.ts";
import { loadLz4 } from "../../src/system/lz4-library.ts";
import { rejectionOf } from "../fakes/error-of.ts";

const library = await loadLz4();
if (library === undefined) throw new Error("lz4-napi is not installed, wanted npm ci");
const codecs: readonly Codec[] = [zstd, lz4(library)];
const otherSide = ["zstd", "lz4"];

const parts: CodecParts = { codecs, compressor: inPlace, dictionaries: noDictionaries };
const wish: CompressionWish = { namespace: "n", codec: "zstd", otherSide };
const bounds = { namespace: "n", valueBytesMax: 8 * 1024 * 1024 };

const dictionary = utf8(
  '{"name":"somebody","language":"en","country":"NL","plan":"basic"}'.repeat(9),
);
const document = utf8(
  '{"name":"Ada","language":"en","country":"NL","plan":"basic","age":36,"x":1}',
);

/** Dictionaries of which `at` hand are found at once, and `further` are fetched. */
function dictionaries(
  current: string | undefined,
  atHand: readonly string[],
  further: readonly string[] = [],
): Dictionaries {
  return {
    current: () => current,
    find: (namespace, id) => (namespace === "n" && atHand.includes(id) ? dictionary : undefined),
    fetch: async (_namespace, id) => (further.includes(id) ? dictionary : undefined),
  };
}

const values = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.string({ maxLength: 400 }).map(utf8),
  fc.integer({ min: 0, max: 5000 }).map((times) => utf8('{"a":1},'.repeat(times))),
);
const wishes = fc.record({
  codec: fc.constantFrom("zstd", "lz4", "none"),
  level: fc.constantFrom(undefined, 1, 3, 19),
  minBytes: fc.constantFrom(undefined, 0, 1, 200),
  current: fc.constantFrom(undefined, "0a1b"),
});

test.prop([values, wishes])(
  "what compressValue() stores, decompressValue() reads, and it never takes more room",
  async (value, { current, ...wished }) => {
    const own = { ...parts, dictionaries: dictionaries(current, ["0a1b"]) };
    const stored = await compressValue(value, { ...wish, ...wished }, own);
    const back = await decompressValue(stored.bytes, stored.compression, bounds, own);
    expect(equalBytes(back, value)).toBe(true);
    const { compression } = stored;
    if (compression === undefined) expect(stored.bytes).toBe(value);
    else {
      expect(storedBytes(stored)).toBeLessThanOrEqual(value.length * 0.9);
      expect(compression.originalBytes).toBe(value.length);
    }
  },
);

describe("compressValue()", () => {
  test("records codec, size and dictionary", async () => {
    const own = { ...parts, dictionaries: dictionaries("0a1b", ["0a1b"]) };
    const { compression } = await compressValue(document, wish, own);
    const { length: originalBytes } = document;
    expect(compression).toEqual({ codec: "zstd", dictionaryId: "0a1b", originalBytes });
    expect(encodeMetadata({ compression }).length).toBeLessThan(10);
  });

  test("leaves random bytes as they are", async () => {
    const value = Uint8Array.from({ length: 2000 }, (_, i) => (i * i * 2_654_435_761) >>> 13);
    expect(zstd.compress(value, { level: 3 }).length).toBeGreaterThan(1800);
    expect(await compressValue(value, wish, parts)).toEqual({ bytes: value });
  });

  test("does without a dictionary that is current but gone", async () => {
    const own = { ...parts, dictionaries: dictionaries("0a1b", []) };
    const long = utf8('{"name":"Ada"},'.repeat(100));
    const { compression } = await compressValue(long, wish, own);
    expect(compression).toEqual({ codec: "zstd", originalBytes: long.length });
  });

  test("hands values above 1 MiB to the compressor, and no others, both ways", async () => {
    const handed: number[] = [];
    const watched: Compressor = {
      compress: (codec, value, how) => {
        handed.push(value.length);
        return inPlace.compress(codec, value, how);
      },
      decompress: (codec, bytes, how) => {
        handed.push(-how.originalBytes);
        return inPlace.decompress(codec, bytes, how);
      },
    };
    const own = { ...parts, compressor: watched };
    for (const length of [1_048_576, 1_048_577]) {
      const { bytes, compression } = await compressValue(new Uint8Array(length), wish, own);
      expect((await decompressValue(bytes, compression, bounds, own)).length).toBe(length);
    }
    expect(handed).toEqual([1_048_577, -1_048_577]);
  });
});

describe("decompressValue()", () => {
  const own = { ...parts, dictionaries: dictionaries("0a1b", ["0a1b"]) };

  test("fetches a dictionary that is not at hand", async () => {
    const { bytes, compression } = await compressValue(document, wish, own);
    const fetching = { ...parts, dictionaries: dictionaries(undefined, [], ["0a1b"]) };
    expect(await decompressValue(bytes, compression, bounds, fetching)).toEqual(document);
  });

  test("names the dictionary that is gone", async () => {
    const { bytes, compression } = await compressValue(document, wish, own);
    const error = await rejectionOf(decompressValue(bytes, compression, bounds, parts));
    expect(error?.code).toBe("DATA_LOSS");
    expect(error?.message).toContain("the dictionary 0a1b of the namespace n is gone");
  });

  test("looks for a dictionary in its own namespace only", async () => {
    const { bytes, compression } = await compressValue(document, wish, own);
    const elsewhere = { ...bounds, namespace: "m" };
    const error = await rejectionOf(decompressValue(bytes, compression, elsewhere, own));
    expect(error?.code).toBe("DATA_LOSS");
  });

  test("names the codec that this side lacks, and those that it has", async () => {
    const value = utf8("the same again, ".repeat(20));
    const { bytes, compression } = await compressValue(value, { ...wish, codec: "lz4" }, parts);
    const poor = { ...parts, codecs: [zstd] };
    const error = await rejectionOf(decompressValue(bytes, compression, bounds, poor));
    expect(error?.code).toBe("UNSUPPORTED");
    expect(error?.message).toContain('the codec "lz4", known here: zstd');
  });

  test("reads nothing that claims to be larger than a value may be", async () => {
    const { bytes } = await compressValue(new Uint8Array(1000), wish, parts);
    const compression = { codec: "zstd", originalBytes: bounds.valueBytesMax + 1 };
    const error = await rejectionOf(decompressValue(bytes, compression, bounds, parts));
    expect(error?.code).toBe("TOO_LARGE");
  });
});
