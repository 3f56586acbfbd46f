// Goal: metadata comes back as it was given, and anything else stored is DATA_LOSS, never a stray error.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  CODEC_NAME_BYTES_MAX,
  CONTENT_BYTES_MAX,
  decodeMetadata,
  encodeMetadata,
} from "../../src/codec/item-metadata.ts";
import { concatBytes, fromHex, toHex, utf8 } from "../../src/model/bytes.ts";
import { KvError } from "../../src/model/error.ts";
import type { StoredChunks } from "../../src/model/item.ts";
import { errorOf } from "../fakes/error-of.ts";

const content = fc.record(
  { type: fc.string({ unit: "grapheme" }), note: fc.uint8Array({ maxLength: 50 }) },
  { requiredKeys: [] },
);
const name = fc.oneof(
  fc.constantFrom("zstd", "lz4", "0a", "00ff", "0aF", "ABCD", "9c1e55f00d12"),
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 10 })
    // One grapheme may be three code points of four bytes each.
    .filter((text) => utf8(text).length <= CODEC_NAME_BYTES_MAX),
);
const size = fc.oneof(
  fc.maxSafeNat(),
  fc.constantFrom(0, 127, 128, 16_383, 16_384, 2 ** 32, Number.MAX_SAFE_INTEGER),
);
const compression = fc.record(
  { codec: name, originalBytes: size, dictionaryId: name },
  { requiredKeys: ["codec", "originalBytes"] },
);
const chunk = fc.record({
  count: size,
  chunkBytes: size,
  totalBytes: size,
  checksum: fc.uint8Array({ minLength: 4, maxLength: 4 }),
  staging: fc.uint8Array({ minLength: 8, maxLength: 8 }),
});
const metadata = fc.record({ content, compression, chunk }, { requiredKeys: [] });

test.prop([metadata, fc.uint8Array({ maxLength: 5 })])(
  "decodeMetadata() reads what encodeMetadata() writes, wherever it lies",
  (given, before) => {
    const encoded = encodeMetadata(given);
    const stored = concatBytes(before, encoded).subarray(before.length);
    const { content, ...others } = given;
    const saysNothing = content === undefined || Object.keys(content).length === 0;
    expect(decodeMetadata(stored)).toEqual(saysNothing ? others : given);
    expect(encoded.length === 0).toBe(saysNothing && Object.keys(others).length === 0);
  },
);

test.prop([metadata])("decodeMetadata() refuses what is cut short", (given) => {
  const whole = encodeMetadata({ ...given, content: { type: "text" } });
  for (let length = 1; length < whole.length; length += 1) {
    expect(errorOf(() => decodeMetadata(whole.subarray(0, length)))?.code).toBe("DATA_LOSS");
  }
});

// Stored bytes outlive the code that wrote them: these may be added to, never changed.
const golden: readonly (readonly [hex: string, meaning: ReturnType<typeof decodeMetadata>])[] = [
  ["", {}],
  ["0103000178ff", { content: { type: "x", note: fromHex("ff") } }],
  ["01020000", { content: { note: fromHex("") } }],
  ["01000000", {}],
  ["02010178", { content: { type: "x" } }],
  ["0202ff", { content: { note: fromHex("ff") } }],
  ["020401ac02", { compression: { codec: "zstd", originalBytes: 300 } }],
  ["020c0264050a0b", { compression: { codec: "lz4", originalBytes: 100, dictionaryId: "0a0b" } }],
  ["020c00026272010276", { compression: { codec: "br", originalBytes: 1, dictionaryId: "v" } }],
  [
    "021003808004ffff09010203041112131415161718",
    {
      chunk: {
        count: 3,
        chunkBytes: 65_536,
        totalBytes: 163_839,
        checksum: fromHex("01020304"),
        staging: fromHex("1112131415161718"),
      },
    },
  ],
];

test.each(golden)("the stored bytes %s still mean what they did", (hex, meaning) => {
  expect(decodeMetadata(fromHex(hex))).toEqual(meaning);
  if (hex.startsWith("02")) expect(toHex(encodeMetadata(meaning))).toBe(hex);
});

test("encodeMetadata() allows 4,096 bytes of content and refuses one more", () => {
  const fits = { note: new Uint8Array(CONTENT_BYTES_MAX - 4) };
  expect(decodeMetadata(encodeMetadata({ content: fits })).content).toEqual(fits);
  const tooLong = { type: "€", note: new Uint8Array(CONTENT_BYTES_MAX - 6) };
  expect(errorOf(() => encodeMetadata({ content: tooLong }))?.code).toBe("TOO_LARGE");
});

test("decodeMetadata() keeps a byte order mark in the type", () => {
  const content = { type: "\uFEFFtext" };
  expect(decodeMetadata(encodeMetadata({ content }))).toEqual({ content });
});

const goodChunk: StoredChunks = {
  count: 1,
  chunkBytes: 1,
  totalBytes: 1,
  checksum: new Uint8Array(4),
  staging: new Uint8Array(8),
};
const longName = "n".repeat(CODEC_NAME_BYTES_MAX + 1);

test.each([
  ["no codec", { compression: { codec: "", originalBytes: 1 } }],
  ["a long codec", { compression: { codec: longName, originalBytes: 1 } }],
  ["no id", { compression: { codec: "zstd", originalBytes: 1, dictionaryId: "" } }],
  ["a long id", { compression: { codec: "zstd", originalBytes: 1, dictionaryId: longName } }],
  ["a size below 0", { compression: { codec: "zstd", originalBytes: -1 } }],
  ["half a byte", { compression: { codec: "zstd", originalBytes: 0.5 } }],
  ["a size that is not exact", { chunk: { ...goodChunk, totalBytes: 2 ** 53 } }],
  ["no count", { chunk: { ...goodChunk, count: Number.NaN } }],
  ["a short checksum", { chunk: { ...goodChunk, checksum: new Uint8Array(3) } }],
])("encodeMetadata() refuses %s", (_what, given) => {
  expect(errorOf(() => encodeMetadata(given))?.code).toBe("INVALID_ARGUMENT");
});

test.each([
  ["format 3", "03010000"],
  ["format 1, cut short", "010100"],
  ["format 1, a type past the end", "01010005"],
  ["format 1, a type of 65,535 bytes", "0103ffff00"],
  ["format 1, a type that is not UTF-8", "01010001ff"],
  ["a flag of the future", "0220"],
  ["a dictionary of no compression", "02080201"],
  ["a type that is not UTF-8", "020101ff"],
  ["a codec number of the future", "02040301"],
  ["a number above 2^53 - 1", "020401ffffffffffffff7f"],
  ["a number without an end", "020401ffffffffffffffffffffffff"],
  ["bytes after the end", "0204010100"],
])("decodeMetadata() of %s is DATA_LOSS", (_what, hex) => {
  expect(errorOf(() => decodeMetadata(fromHex(hex)))?.code).toBe("DATA_LOSS");
});

test.prop([fc.constantFrom("", "01", "02", "0204", "020c", "0210", "021f"), fc.uint8Array()])(
  "decodeMetadata() of any bytes answers or is DATA_LOSS",
  (head, tail) => {
    try {
      decodeMetadata(concatBytes(fromHex(head), tail));
    } catch (error) {
      expect(error).toBeInstanceOf(KvError);
      expect((error as KvError).code).toBe("DATA_LOSS");
    }
  },
);
