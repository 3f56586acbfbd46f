/** The two cells of a row: they come back as written, and their bytes order writers as versions do (TOK-5, TOK-6). */
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { EMPTY_BYTES } from "../../../src/model/bytes.ts";
import type { KvError } from "../../../src/model/error.ts";
import { compareVersions, type Version } from "../../../src/model/version.ts";
import { decodeCells, markerCells, rowCells } from "../../../src/engines/cassandra/cells.ts";
import { timestampOf } from "../../../src/engines/cassandra/timestamps.ts";

const time = fc.maxSafeNat();
const nonce = fc.uint8Array({ minLength: 16, maxLength: 16 });
const bytes = fc.uint8Array({ maxLength: 40 });
const putVersion: fc.Arbitrary<Version> = fc
  .record({ time, expiry: fc.oneof(fc.constant(0), fc.maxSafeNat()), nonce })
  .map((version) => ({ ...version, rank: version.expiry === 0 ? 0 : 1 }));
const deleteVersion: fc.Arbitrary<Version> = fc
  .record({ time, nonce })
  .map((version) => ({ ...version, rank: 2, expiry: 0 }));
const anyVersion = fc.oneof(putVersion, deleteVersion);

const sign = (difference: number): number => Math.sign(difference);

describe("rowCells() and decodeCells()", () => {
  test.prop([putVersion, bytes, bytes])("give a row back", (version, value, metadata) => {
    const cells = rowCells(version, value, metadata);
    const wanted = { version, removeAt: 0, metadata, value };
    expect(decodeCells(cells.metadata, cells.value)).toEqual(wanted);
    expect(decodeCells(cells.metadata, undefined)).toEqual({ ...wanted, value: EMPTY_BYTES });
  });

  test.prop([deleteVersion, fc.maxSafeNat()])("give a marker back", (version, removeAt) => {
    const cells = markerCells(version, removeAt);
    const wanted = { version, removeAt, metadata: EMPTY_BYTES, value: EMPTY_BYTES };
    expect(decodeCells(cells.metadata, cells.value)).toEqual(wanted);
  });

  test.prop([anyVersion, anyVersion])("timestamps order as time and rank do", (a, b) => {
    const found = timestampOf(a) < timestampOf(b) ? -1 : timestampOf(a) > timestampOf(b) ? 1 : 0;
    expect(found).toBe(sign(a.time - b.time || a.rank - b.rank));
  });

  test.prop([putVersion, putVersion, bytes, bytes])(
    "of one timestamp order as versions do, both cells alike, whatever they hold",
    (left, right, one, other) => {
      const a = { ...left, expiry: Math.max(1, left.expiry), rank: 1 as const };
      const b = { ...right, time: a.time, rank: 1 as const, expiry: Math.max(1, right.expiry) };
      if (compareVersions(a, b) === 0) return;
      const [cellsA, cellsB] = [rowCells(a, one, other), rowCells(b, other, one)];
      const wanted = sign(compareVersions(a, b));
      expect(sign(Buffer.compare(cellsA.value, cellsB.value))).toBe(wanted);
      expect(sign(Buffer.compare(cellsA.metadata, cellsB.metadata))).toBe(wanted);
    },
  );

  test.prop([putVersion, bytes, bytes, bytes, bytes])(
    "of one version in two forms elect one of them in both cells",
    (version, value, metadata, otherValue, otherMetadata) => {
      const [one, other] = [
        rowCells(version, value, metadata),
        rowCells(version, otherValue, otherMetadata),
      ];
      const elected = (cell: "value" | "metadata"): Buffer =>
        Buffer.compare(one[cell], other[cell]) >= 0 ? one[cell] : other[cell];
      const row = decodeCells(elected("metadata"), elected("value"));
      expect([
        { value, metadata },
        { value: otherValue, metadata: otherMetadata },
      ]).toContainEqual({ value: row.value, metadata: row.metadata });
    },
  );

  test("refuse cells of two writers, short ones, and ranks and times that are none", () => {
    const version: Version = { time: 7, rank: 0, expiry: 0, nonce: new Uint8Array(16) };
    const other = { ...version, nonce: new Uint8Array(16).fill(1) };
    const { metadata, value } = rowCells(version, EMPTY_BYTES, EMPTY_BYTES);
    const strangeRank = Buffer.from(metadata);
    strangeRank[36] = 3;
    const strangeTime = Buffer.from(metadata);
    strangeTime[28] = 0xff;
    const refused = [
      [metadata, rowCells(other, EMPTY_BYTES, EMPTY_BYTES).value],
      [metadata.subarray(0, 36), value],
      [strangeRank, value],
      [strangeTime, value],
      [EMPTY_BYTES, value],
    ] as const;
    for (const [metadataCell, valueCell] of refused) {
      expect(() => decodeCells(metadataCell, valueCell)).toThrow(
        expect.objectContaining({ code: "DATA_LOSS" }) as KvError,
      );
    }
  });

  test("copy: the driver's buffers are slices of a pool", () => {
    const version: Version = { time: 7, rank: 0, expiry: 0, nonce: new Uint8Array(16).fill(5) };
    const cells = rowCells(version, Uint8Array.of(1), Uint8Array.of(2));
    const decoded = decodeCells(cells.metadata, cells.value);
    cells.metadata.fill(9);
    cells.value.fill(9);
    expect(decoded).toMatchObject({ version, value: Uint8Array.of(1), metadata: Uint8Array.of(2) });
  });
});
