// Goal: the order of keys is the one order all engines have, and its helpers hold to it.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  compareBytes,
  concatBytes,
  equalBytes,
  fromHex,
  fromUtf8,
  copyBytes,
  prefixEnd,
  readUint32,
  successor,
  toHex,
  utf8,
  writeUint32,
} from "../../src/model/bytes.ts";
import { anyBytes, closeKeys } from "./arbitraries.ts";

const keys = fc.oneof(anyBytes, closeKeys);

test.prop([keys, keys])("compareBytes() agrees with Buffer.compare", (a, b) => {
  expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
});

test.prop([keys, keys, keys])("compareBytes() is a total order", (a, b, c) => {
  expect(compareBytes(a, a)).toBe(0);
  expect(Math.sign(compareBytes(a, b))).toBe(0 - Math.sign(compareBytes(b, a)));
  if (compareBytes(a, b) <= 0 && compareBytes(b, c) <= 0) {
    expect(compareBytes(a, c)).toBeLessThanOrEqual(0);
  }
  expect(compareBytes(a, b) === 0).toBe(equalBytes(a, b));
});

test("compareBytes() sorts bytes without sign, and a prefix before its extensions", () => {
  const sorted = ["", "00", "0000", "7f", "7fff", "80", "ff", "ff00", "ffff"].map(fromHex);
  expect(sorted.toReversed().toSorted(compareBytes).map(toHex)).toEqual(sorted.map(toHex));
});

test.prop([keys, keys])("successor() leaves no room between a key and the next", (key, other) => {
  const next = successor(key);
  expect(compareBytes(key, next)).toBeLessThan(0);
  if (compareBytes(other, key) > 0) expect(compareBytes(other, next)).toBeGreaterThanOrEqual(0);
});

test.prop([keys, keys])(
  "prefixEnd() parts what starts with a prefix from the rest",
  (prefix, tail) => {
    const end = prefixEnd(prefix);
    const extension = concatBytes(prefix, tail);
    if (end === undefined) {
      expect(prefix.every((byte) => byte === 0xff)).toBe(true);
      return;
    }
    expect(compareBytes(extension, end)).toBeLessThan(0);
    expect(compareBytes(prefix, end)).toBeLessThan(0);
    expect(startsWith(end, prefix)).toBe(false);
  },
);

test.prop([keys, keys])("prefixEnd() is the least such bound", (prefix, other) => {
  const end = prefixEnd(prefix);
  if (end === undefined || compareBytes(other, prefix) < 0 || compareBytes(other, end) >= 0) return;
  expect(startsWith(other, prefix)).toBe(true);
});

test.prop([keys, fc.boolean()])(
  "nothing changes its argument, also where that is a Buffer",
  (bytes, is) => {
    const key = is ? Buffer.from(bytes) : bytes;
    const before = toHex(key);
    prefixEnd(key)?.fill(7);
    successor(key).fill(7);
    concatBytes(key).fill(7);
    copyBytes(key).fill(7);
    expect(toHex(key)).toBe(before);
  },
);

test.prop([fc.array(anyBytes, { maxLength: 6 })])("concatBytes() is Buffer.concat", (parts) => {
  expect(toHex(concatBytes(...parts))).toBe(Buffer.concat(parts).toString("hex"));
});

test.prop([anyBytes])("fromHex() reads what toHex() writes, in either case", (bytes) => {
  expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
  expect(equalBytes(fromHex(toHex(bytes).toUpperCase()), bytes)).toBe(true);
});

test.each(["0", "0g", "00 ", " 00", "00\n", "0x00"])("fromHex() refuses %j", (text) => {
  expect(() => fromHex(text)).toThrow(RangeError);
});

test("fromHex() takes a value of 16 MiB", () => {
  const text = "a5".repeat(16 * 1024 * 1024);
  expect(fromHex(text).length).toBe(16 * 1024 * 1024);
});

test.prop([fc.string({ unit: "binary" })])("fromUtf8() reads what utf8() writes", (text) => {
  expect(fromUtf8(utf8(text))).toBe(text);
});

test("fromUtf8() keeps a byte order mark: it is a character of the text like any other", () => {
  expect(fromUtf8(utf8("\uFEFFid"))).toBe("\uFEFFid");
});

test("fromUtf8() refuses malformed bytes instead of replacing them", () => {
  for (const hex of ["ff", "c0af", "eda080", "e282"]) {
    expect(() => fromUtf8(fromHex(hex))).toThrow(TypeError);
  }
});

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return equalBytes(bytes.subarray(0, prefix.length), prefix);
}

test.prop([fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.nat({ max: 4 })])(
  "writeUint32() and readUint32() are big-endian, wherever in the bytes",
  (value, at) => {
    const bytes = new Uint8Array(8);
    writeUint32(bytes, at, value);
    expect(readUint32(bytes, at)).toBe(value);
    expect(new DataView(bytes.buffer).getUint32(at)).toBe(value);
  },
);

test.prop([fc.string({ unit: "binary", maxLength: 16 })])(
  "fromUtf8() undoes utf8(), for short texts of ASCII and for others",
  (text) => {
    expect(fromUtf8(utf8(text))).toBe(text);
  },
);

test("fromUtf8() refuses bytes that are no UTF-8, however few", () => {
  expect(() => fromUtf8(Uint8Array.of(0x61, 0xff))).toThrow(TypeError);
});
