import { expect, test } from "vitest";
import { decodeEntry, encodeEntry, entryBytes } from "../../src/codec/cache-entry.ts";
import { putVersion } from "../../src/model/version.ts";

const version = putVersion({ generationTime: 7, nonce: new Uint8Array(16).fill(3) }, 90);
const rows = [
  { key: Uint8Array.of(), value: Uint8Array.of(1, 2), metadata: Uint8Array.of(9), version },
  { key: Uint8Array.of(5), value: Uint8Array.of(), metadata: Uint8Array.of(), version },
];
const stamps = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
const entry = { stamps, until: 1_700_000_000_000_000, rows };

test("an entry comes back as it was, in the bytes that it was said to take", () => {
  const bytes = encodeEntry(entry);
  expect(bytes.length).toBe(entryBytes(rows, stamps.length));
  expect(decodeEntry(bytes)).toEqual(entry);
  expect(decodeEntry(encodeEntry({ stamps: [], until: 0, rows: [] }))).toEqual({
    stamps: [],
    until: 0,
    rows: [],
  });
});

test("whatever ends early, goes on, or is of another format is no entry", () => {
  const bytes = encodeEntry(entry);
  for (let length = 0; length < bytes.length; length += 1) {
    expect(decodeEntry(bytes.subarray(0, length)), `${length} bytes`).toBeUndefined();
  }
  expect(decodeEntry(Uint8Array.of(...bytes, 0))).toBeUndefined();
  expect(decodeEntry(Uint8Array.of(2, ...bytes.subarray(1)))).toBeUndefined();
});
