// Goal: a position survives its encoding, and bytes of another format are told apart.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { decodePagePosition, encodePagePosition } from "../../src/model/page-token.ts";
import { anyBytes, anyMicros } from "./arbitraries.ts";

test.prop([anyBytes, anyMicros, fc.integer({ min: 1, max: 2 ** 32 - 1 })])(
  "decodePagePosition() reads what encodePagePosition() writes",
  (after, itemsLeft, averageBytes) => {
    const bytes = encodePagePosition({ after, itemsLeft, averageBytes });
    const shifted = new Uint8Array([9, 9, 9, ...bytes]).subarray(3);
    const decoded = decodePagePosition(shifted);
    shifted.fill(0);
    expect(decoded).toEqual({ after, itemsLeft, averageBytes });
  },
);

test("decodePagePosition() knows its own format alone", () => {
  const bytes = encodePagePosition({ after: new Uint8Array(0), itemsLeft: 1, averageBytes: 1 });
  expect(decodePagePosition(bytes)).toBeDefined();
  expect(decodePagePosition(bytes.subarray(0, bytes.length - 1))).toBeUndefined();
  expect(decodePagePosition(new Uint8Array(0))).toBeUndefined();
  bytes[0] = 2;
  expect(decodePagePosition(bytes)).toBeUndefined();
});
