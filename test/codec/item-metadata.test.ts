// Goal: content metadata comes back as it was given, and anything else stored is DATA_LOSS, never a stray error.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { CONTENT_BYTES_MAX, decodeContent, encodeContent } from "../../src/codec/item-metadata.ts";
import { concatBytes, fromHex } from "../../src/model/bytes.ts";
import { KvError } from "../../src/model/error.ts";
import { errorOf } from "../fakes/error-of.ts";

const content = fc.record(
  { type: fc.string({ unit: "grapheme" }), note: fc.uint8Array({ maxLength: 50 }) },
  { requiredKeys: [] },
);

test.prop([content, fc.uint8Array({ maxLength: 5 })])(
  "decodeContent() reads what encodeContent() writes, wherever it lies",
  (given, before) => {
    const encoded = encodeContent(given);
    const stored = concatBytes(before, encoded).subarray(before.length);
    const decoded = decodeContent(stored);
    if (Object.keys(given).length === 0) expect([encoded.length, decoded]).toEqual([0, undefined]);
    else expect(decoded).toEqual(given);
  },
);

test("encodeContent() allows 4,096 bytes and refuses one more", () => {
  const fits = { note: new Uint8Array(CONTENT_BYTES_MAX - 4) };
  expect(encodeContent(fits).length).toBe(CONTENT_BYTES_MAX);
  const tooLong = { type: "€", note: new Uint8Array(CONTENT_BYTES_MAX - 6) };
  expect(errorOf(() => encodeContent(tooLong))?.code).toBe("TOO_LARGE");
});

test("decodeContent() keeps a byte order mark in the type", () => {
  expect(decodeContent(encodeContent({ type: "\uFEFFtext" }))).toEqual({ type: "\uFEFFtext" });
});

test.each(["02010000", "010100", "01010005", "0103ffff00", "01010001ff"])(
  "decodeContent() of the bytes %s is DATA_LOSS",
  (hex) => {
    expect(errorOf(() => decodeContent(fromHex(hex)))?.code).toBe("DATA_LOSS");
  },
);

test.prop([fc.uint8Array({ maxLength: 12 })])(
  "decodeContent() of any bytes answers or is DATA_LOSS",
  (bytes) => {
    try {
      decodeContent(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(KvError);
    }
  },
);
