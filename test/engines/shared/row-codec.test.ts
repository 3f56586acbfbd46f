/** Rows as bytes come back as they were, as copies, or not at all. */
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  decodeRowHead,
  decodeRowVersion,
  encodeRow,
  type StoredRow,
  takeRow,
} from "../../../src/engines/shared/row-codec.ts";
import { KvError } from "../../../src/model/error.ts";

const bytes = fc.uint8Array({ maxLength: 40 });
const micros = fc.maxSafeNat();
const version = fc.record({
  time: micros,
  rank: fc.constantFrom(0, 1, 2),
  expiry: micros,
  nonce: fc.uint8Array({ minLength: 16, maxLength: 16 }),
});
const rows: fc.Arbitrary<StoredRow> = fc.record({
  version,
  removeAt: micros,
  metadata: bytes,
  value: bytes,
}) as fc.Arbitrary<StoredRow>;

test.prop([rows, fc.nat({ max: 5 })])("takeRow() gives back what encodeRow() took", (row, pad) => {
  const encoded = encodeRow(row);
  const wide = new Uint8Array(encoded.length + 2 * pad);
  wide.set(encoded, pad);
  const view = wide.subarray(pad, pad + encoded.length);
  for (const stored of [encoded, view, Buffer.from(encoded)]) {
    expect(takeRow(stored)).toEqual(row);
    const { value, ...head } = row;
    expect(decodeRowHead(stored)).toEqual(head);
    expect(decodeRowVersion(stored)).toEqual(row.version);
    expect(value).toEqual(takeRow(stored).value);
  }
});

test.prop([rows])("decodeRowHead() copies, also out of a Buffer, whose slice would not", (row) => {
  const stored = Buffer.from(encodeRow(row));
  const taken = takeRow(stored);
  const head = decodeRowHead(stored);
  stored.fill(0xff);
  const { value, ...rest } = row;
  expect(head).toEqual(rest);
  expect(taken).toEqual({ ...rest, value: new Uint8Array(value.length).fill(0xff) });
  expect(Buffer.isBuffer(taken.value)).toBe(false);
  expect(Buffer.isBuffer(taken.version.nonce)).toBe(false);
});

test.prop([rows, fc.nat({ max: 44 })])(
  "takeRow() calls bytes that are cut short lost",
  (row, length) => {
    const cut = encodeRow(row).subarray(0, length);
    for (const decode of [takeRow, decodeRowHead, decodeRowVersion]) {
      expect(() => decode(cut)).toThrow(KvError);
      expect(() => decode(cut)).toThrow(/DATA_LOSS/);
    }
  },
);

test.prop([rows])(
  "takeRow() calls a row of an unknown rank, or of too much metadata, lost",
  (row) => {
    const ranked = encodeRow(row);
    ranked[8] = 3;
    expect(() => takeRow(ranked)).toThrow(/DATA_LOSS/);
    const long = encodeRow(row);
    long[41] = 0x7f;
    expect(() => takeRow(long)).toThrow(/DATA_LOSS/);
  },
);
