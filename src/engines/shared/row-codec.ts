/** One row as one byte string: version 33, removal time 8, length of metadata 4, metadata, value. */
import { EMPTY_BYTES } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";
import type { Micros } from "../../model/time.ts";
import {
  decodeVersion,
  readMicros,
  VERSION_BYTES,
  type Version,
  writeMicros,
  writeVersion,
} from "../../model/version.ts";

/** What is stored under one key: a row, or the marker of a deletion (rank 2), which has neither value nor metadata. */
export type StoredRow = {
  readonly version: Version;
  /** From when on the marker of a deletion may be removed; 0 for a row. */
  readonly removeAt: Micros;
  readonly metadata: Uint8Array;
  readonly value: Uint8Array;
};

/** A row without its value. */
export type RowHead = Omit<StoredRow, "value">;

const HEAD_BYTES = VERSION_BYTES + 8 + 4;

/** New bytes holding `row`. */
export function encodeRow(row: StoredRow): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + row.metadata.length + row.value.length);
  writeVersion(bytes, 0, row.version);
  writeMicros(bytes, VERSION_BYTES, row.removeAt);
  new DataView(bytes.buffer).setUint32(VERSION_BYTES + 8, row.metadata.length);
  bytes.set(row.metadata, HEAD_BYTES);
  bytes.set(row.value, HEAD_BYTES + row.metadata.length);
  return bytes;
}

/**
 * The row in bytes that `encodeRow` made and that nobody else has or will have: its value is a view of them, which
 * spares a copy and, what matters more, an allocation outside of the heap. Throws DATA_LOSS on anything else.
 */
export function takeRow(bytes: Uint8Array): StoredRow {
  const plain = plainView(bytes);
  const valueAt = valueOffset(plain);
  return { ...headOf(plain, valueAt), value: plain.subarray(valueAt) };
}

/** The row without its value, copied out of bytes that `encodeRow` made. Throws DATA_LOSS on anything else. */
export function decodeRowHead(bytes: Uint8Array): RowHead {
  const plain = plainView(bytes);
  return headOf(plain, valueOffset(plain));
}

/** Only the version, for the compare before a write. Throws DATA_LOSS on bytes that hold none. */
export function decodeRowVersion(bytes: Uint8Array): Version {
  return versionOf(plainView(bytes));
}

function versionOf(bytes: Uint8Array): Version {
  if (bytes.length < HEAD_BYTES) {
    throw new KvError("DATA_LOSS", `a stored row is ${bytes.length} bytes, wanted ${HEAD_BYTES}`);
  }
  try {
    return decodeVersion(bytes);
  } catch (cause) {
    throw new KvError("DATA_LOSS", "a stored row has no readable version", { cause });
  }
}

function headOf(bytes: Uint8Array, valueAt: number): RowHead {
  return {
    version: versionOf(bytes),
    removeAt: readMicros(bytes, VERSION_BYTES),
    metadata: valueAt === HEAD_BYTES ? EMPTY_BYTES : bytes.slice(HEAD_BYTES, valueAt),
  };
}

function valueOffset(bytes: Uint8Array): number {
  if (bytes.length < HEAD_BYTES) {
    throw new KvError("DATA_LOSS", `a stored row is ${bytes.length} bytes, wanted ${HEAD_BYTES}`);
  }
  let metadataBytes = 0;
  for (let at = VERSION_BYTES + 8; at < HEAD_BYTES; at += 1) {
    metadataBytes = metadataBytes * 256 + (bytes[at] as number);
  }
  const valueAt = HEAD_BYTES + metadataBytes;
  if (valueAt > bytes.length) {
    throw new KvError("DATA_LOSS", `a stored row ends at ${bytes.length}, wanted ${valueAt} bytes`);
  }
  return valueAt;
}

/** A view whose `slice` copies: that of a Node Buffer, which client libraries hand out, does not. */
function plainView(bytes: Uint8Array): Uint8Array {
  if (bytes.constructor === Uint8Array) return bytes;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
