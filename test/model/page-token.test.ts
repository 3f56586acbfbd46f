// Goal: a token survives its encoding, and bytes of another format are told apart.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { decodePageToken, encodePageToken } from "../../src/model/page-token.ts";
import { anyBytes, anyMicros } from "./arbitraries.ts";

const anyUint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test.prop([anyBytes, anyUint32, fc.stringMatching(/^[a-z0-9_]{0,48}$/), anyMicros, anyUint32])(
  "decodePageToken() reads what encodePageToken() writes",
  (after, keyId, namespace, itemsLeft, averageBytes) => {
    const token = { keyId, namespace, position: { after, itemsLeft, averageBytes } };
    const bytes = encodePageToken(token);
    const shifted = new Uint8Array([9, 9, 9, ...bytes]).subarray(3);
    const decoded = decodePageToken(shifted);
    shifted.fill(0);
    expect(decoded).toEqual(token);
  },
);

test("decodePageToken() knows its own format alone", () => {
  const position = { after: new Uint8Array(0), itemsLeft: 1, averageBytes: 1 };
  const bytes = encodePageToken({ keyId: 7, namespace: "abc", position });
  expect(decodePageToken(bytes)).toBeDefined();
  expect(decodePageToken(bytes.subarray(0, bytes.length - 1))).toBeUndefined();
  expect(decodePageToken(new Uint8Array(0))).toBeUndefined();
  bytes[0] = 1;
  expect(decodePageToken(bytes)).toBeUndefined();
});
