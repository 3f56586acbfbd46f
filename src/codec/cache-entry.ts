/**
 * Rows as one cache entry: format 1, end of life 8, number of stamps 1 and the stamps of 16 bytes each, number of rows
 * 4, and of each row version 33, lengths of key, metadata and value 4 each, then these. A cache may hold anything:
 * whatever does not decode is no entry.
 */
import type { Micros } from "../model/time.ts";
import {
  decodeVersion,
  readMicros,
  VERSION_BYTES,
  writeMicros,
  writeVersion,
} from "../model/version.ts";
import type { Row } from "../ports/storage-engine.ts";

/** Bytes of a stamp. */
export const STAMP_BYTES = 16;

/** What is kept of an answer of the primary. */
export type CacheEntry = {
  /** The stamps that were in force before the primary was read. */
  readonly stamps: readonly Uint8Array[];
  /** Wall clock from which on it is not believed any more (CACHE-7). */
  readonly until: Micros;
  readonly rows: readonly Row[];
};

const FORMAT = 1;
const HEAD_BYTES = 1 + 8 + 1;
const ROW_HEAD_BYTES: number = VERSION_BYTES + 3 * 4;

/** Bytes that rows take in an entry. */
export function entryBytes(rows: readonly Row[], stamps: number): number {
  let bytes = HEAD_BYTES + stamps * STAMP_BYTES + 4;
  for (const { key, metadata, value } of rows) {
    bytes += ROW_HEAD_BYTES + key.length + metadata.length + value.length;
  }
  return bytes;
}

/** New bytes holding the entry. */
export function encodeEntry({ stamps, until, rows }: CacheEntry): Uint8Array {
  const bytes = new Uint8Array(entryBytes(rows, stamps.length));
  const view = new DataView(bytes.buffer);
  bytes[0] = FORMAT;
  writeMicros(bytes, 1, until);
  bytes[9] = stamps.length;
  let at = HEAD_BYTES;
  for (const stamp of stamps) {
    bytes.set(stamp, at);
    at += STAMP_BYTES;
  }
  view.setUint32(at, rows.length);
  at += 4;
  for (const { version, ...parts } of rows) {
    writeVersion(bytes, at, version);
    at += VERSION_BYTES;
    const each = [parts.key, parts.metadata, parts.value];
    for (const { length } of each) {
      view.setUint32(at, length);
      at += 4;
    }
    for (const part of each) {
      bytes.set(part, at);
      at += part.length;
    }
  }
  return bytes;
}

/** The entry in bytes that are the caller's own, as views of them; undefined for anything that is not one. */
export function decodeEntry(bytes: Uint8Array): CacheEntry | undefined {
  if (bytes.length < HEAD_BYTES + 4 || bytes[0] !== FORMAT) return undefined;
  try {
    return readEntry(bytes);
  } catch (error) {
    // What `DataView` and `decodeVersion` throw for bytes that end too early, or are no version.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readEntry(bytes: Uint8Array): CacheEntry | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = HEAD_BYTES;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError("a cache entry ends early");
    at += length;
    return bytes.subarray(at - length, at);
  };
  const number = (): number => {
    at += 4;
    return view.getUint32(at - 4);
  };
  const stamps = Array.from({ length: bytes[9] as number }, () => take(STAMP_BYTES));
  const rows: Row[] = [];
  for (let left = number(); left > 0; left -= 1) {
    const version = decodeVersion(take(VERSION_BYTES));
    const [key, metadata, value] = [number(), number(), number()];
    rows.push({ version, key: take(key), metadata: take(metadata), value: take(value) });
  }
  return at === bytes.length ? { stamps, until: readMicros(bytes, 1), rows } : undefined;
}
