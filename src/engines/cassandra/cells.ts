/**
 * A row as two cells. Cassandra reconciles cell by cell, and breaks ties by comparing bytes: both cells begin with
 * the expiry and the nonce of their writer, so that both elect the same one and no row is a blend (TOK-6). A sum of
 * the metadata comes next: a write repeated under its token may be stored in another form (compressed, or in
 * chunks), and then one form is elected, too. Forms with the same metadata may be blended: it fits either value.
 *
 *   value           expiry 8 | nonce 16 | sum 4 | value
 *   value_metadata  expiry 8 | nonce 16 | sum 4 | time 8 | rank 1 | metadata, or for a marker the removal time 8
 */
import { crc32 } from "node:zlib";
import { EMPTY_BYTES } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";
import { isMicros, type Micros } from "../../model/time.ts";
import { NONCE_BYTES } from "../../model/token.ts";
import { RANK_DELETE, readMicros, type Version, writeMicros } from "../../model/version.ts";
import { ByteSlab } from "../shared/byte-slab.ts";

/** The two cells, in memory of their own. */
export type Cells = { readonly value: Buffer; readonly metadata: Buffer };

/** What two cells say: a row, or the marker of a deletion (rank 2), which has neither value nor metadata. */
export type Decoded = {
  readonly version: Version;
  /** From when on a marker may be removed; 0 for a row. */
  readonly removeAt: Micros;
  readonly metadata: Uint8Array;
  readonly value: Uint8Array;
};

const SUM_AT = 8 + NONCE_BYTES;
const WRITER_BYTES = SUM_AT + 4;
const RANK_AT = WRITER_BYTES + 8;
const METADATA_AT = RANK_AT + 1;

/** The cells of a row. */
export function rowCells(version: Version, value: Uint8Array, metadata: Uint8Array): Cells {
  return cellsOf(version, value, metadata);
}

/** The cells of a deletion marker that may be removed from `removeAt` on. */
export function markerCells(version: Version, removeAt: Micros): Cells {
  const until = new Uint8Array(8);
  writeMicros(until, 0, removeAt);
  return cellsOf(version, EMPTY_BYTES, until);
}

/**
 * What the cells say, copied out of them: the driver's buffers are slices of its own. `value` is absent when it was
 * not read. Throws DATA_LOSS when they do not decode, or come from two writers: no write of this adapter can lead
 * there.
 */
export function decodeCells(
  metadata: Uint8Array,
  value: Uint8Array | undefined,
  slab: ByteSlab = new ByteSlab(),
): Decoded {
  const rank = metadata[RANK_AT];
  if (metadata.length < METADATA_AT || (rank !== 0 && rank !== 1 && rank !== RANK_DELETE)) {
    throw new KvError("DATA_LOSS", `value_metadata of ${metadata.length} bytes has no version`);
  }
  if (value !== undefined && !isOfOneWriter(metadata, value)) {
    throw new KvError("DATA_LOSS", "value and value_metadata come from different writes");
  }
  const version: Version = {
    time: readMicros(metadata, WRITER_BYTES),
    rank,
    expiry: readMicros(metadata, 0),
    nonce: slab.copy(metadata, 8, SUM_AT),
  };
  if (!isMicros(version.time) || !isMicros(version.expiry)) {
    throw new KvError("DATA_LOSS", `value_metadata has time ${version.time}, past 2^53`);
  }
  if (rank === RANK_DELETE) {
    const removeAt = readMicros(metadata, METADATA_AT);
    return { version, removeAt, metadata: EMPTY_BYTES, value: EMPTY_BYTES };
  }
  return {
    version,
    removeAt: 0,
    metadata: slab.copy(metadata, METADATA_AT),
    value: value === undefined ? EMPTY_BYTES : slab.copy(value, WRITER_BYTES),
  };
}

function cellsOf(version: Version, value: Uint8Array, metadata: Uint8Array): Cells {
  const sum = crc32(metadata);
  return { value: valueCell(version, sum, value), metadata: metadataCell(version, sum, metadata) };
}

function valueCell(version: Version, sum: number, value: Uint8Array): Buffer {
  const cell = Buffer.allocUnsafeSlow(WRITER_BYTES + value.length);
  writeWriter(cell, version, sum);
  cell.set(value, WRITER_BYTES);
  return cell;
}

function metadataCell(version: Version, sum: number, metadata: Uint8Array): Buffer {
  const cell = Buffer.alloc(METADATA_AT + metadata.length);
  writeWriter(cell, version, sum);
  writeMicros(cell, WRITER_BYTES, version.time);
  cell[RANK_AT] = version.rank;
  cell.set(metadata, METADATA_AT);
  return cell;
}

function writeWriter(cell: Buffer, version: Version, sum: number): void {
  writeMicros(cell, 0, version.expiry);
  cell.set(version.nonce, 8);
  cell.writeUInt32BE(sum, SUM_AT);
}

/** Byte by byte: two views to compare would take longer. */
function isOfOneWriter(metadata: Uint8Array, value: Uint8Array): boolean {
  for (let i = 0; i < WRITER_BYTES; i += 1) {
    if (metadata[i] !== value[i]) return false;
  }
  return true;
}
