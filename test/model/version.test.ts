// Goal: one total order of writes, the same as a value and as bytes, so that every engine elects one winner.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { compareBytes, concatBytes } from "../../src/model/bytes.ts";
import {
  compareVersions,
  decodeVersion,
  deleteVersion,
  encodeVersion,
  putVersion,
  readMicros,
  VERSION_BYTES,
  writeMicros,
  writeVersion,
} from "../../src/model/version.ts";
import { anyMicros, anyVersions, closeVersions } from "./arbitraries.ts";

const versions = fc.oneof(anyVersions, closeVersions);

test.prop([versions])("decodeVersion() reads what encodeVersion() writes", (version) => {
  const bytes = encodeVersion(version);
  expect(bytes.length).toBe(VERSION_BYTES);
  expect(decodeVersion(bytes)).toEqual(version);
});

test.prop([versions, fc.uint8Array({ maxLength: 9 }), fc.uint8Array({ maxLength: 9 })])(
  "decodeVersion() finds a version anywhere, and its nonce is a copy",
  (version, before, after) => {
    const bytes = concatBytes(before, new Uint8Array(VERSION_BYTES), after);
    writeVersion(bytes, before.length, version);
    expect(bytes.subarray(0, before.length)).toEqual(before);
    expect(bytes.subarray(before.length + VERSION_BYTES)).toEqual(after);
    const decoded = decodeVersion(bytes, before.length);
    bytes.fill(0xaa);
    expect(decoded).toEqual(version);
  },
);

test.prop([versions, versions])("encodeVersion() sorts as compareVersions() does", (a, b) => {
  const asBytes = compareBytes(encodeVersion(a), encodeVersion(b));
  expect(Math.sign(asBytes)).toBe(Math.sign(compareVersions(a, b)));
});

test.prop([closeVersions, closeVersions, closeVersions])(
  "compareVersions() is a total order",
  (a, b, c) => {
    expect(compareVersions(a, a)).toBe(0);
    expect(Math.sign(compareVersions(a, b))).toBe(0 - Math.sign(compareVersions(b, a)));
    if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
      expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
    }
    if (compareVersions(a, b) === 0) expect(a).toEqual(b);
  },
);

test("compareVersions() orders by time, then rank, then expiry, then nonce", () => {
  const low = new Uint8Array(16);
  const high = new Uint8Array(16).fill(0xff);
  const at = (
    generationTime: number,
    nonce = low,
  ): { generationTime: number; nonce: Uint8Array } => ({
    generationTime,
    nonce,
  });
  const ascending = [
    putVersion(at(5), 0),
    putVersion(at(5, high), 0),
    putVersion(at(5, high), 9),
    putVersion(at(5), 10),
    deleteVersion(at(5)),
    deleteVersion(at(5, high)),
    putVersion(at(6), 0),
  ];
  for (const [i, version] of ascending.entries()) {
    for (const [j, other] of ascending.entries()) {
      expect(Math.sign(compareVersions(version, other))).toBe(Math.sign(i - j));
    }
  }
});

test("decodeVersion() refuses bytes that no version has", () => {
  const good = encodeVersion(deleteVersion({ generationTime: 5, nonce: new Uint8Array(16) }));
  expect(() => decodeVersion(good.subarray(1))).toThrow(RangeError);
  expect(() => decodeVersion(good, 1)).toThrow(RangeError);
  expect(() => decodeVersion(new Uint8Array(0))).toThrow(RangeError);
  for (const [at, byte] of [
    [8, 3], // a rank there is not
    [0, 0x01], // a time past 2^53 - 1: it would be rounded
    [1, 0x20],
    [9, 0xff], // an expiry past 2^53 - 1
    [10, 0x20],
  ] as const) {
    const bad = good.slice();
    bad[at] = byte;
    expect(() => decodeVersion(bad), `byte ${at} = ${byte}`).toThrow(RangeError);
  }
});

test.prop([anyMicros])("readMicros() reads what writeMicros() writes, big-endian", (value) => {
  const bytes = new Uint8Array(10);
  writeMicros(bytes, 1, value);
  expect(readMicros(bytes, 1)).toBe(value);
  expect(new DataView(bytes.buffer).getBigUint64(1)).toBe(BigInt(value));
  expect([bytes[0], bytes[9]]).toEqual([0, 0]);
});
