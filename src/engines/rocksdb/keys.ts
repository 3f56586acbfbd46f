/**
 * Where things lie: `kind | length of table, 2 | table | bucket, 1 | length of id, 2 | id | key`. The lengths make
 * records prefix-free, so that no range of one can touch a neighbour; inside a record keys sort as they are
 * (DATA-2). The bucket is a byte of hash of the id: it makes every segment of a scan one stretch of keys.
 */
import { concatBytes, fromUtf8, prefixEnd, utf8 } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";
import { checkId } from "../../model/limits.ts";
import type { KeyRange } from "../../model/range.ts";
import type { Partition } from "../../ports/storage-engine.ts";

/** What is stored: the format's mark, a row, or the range tombstones of a record. One column family for all. */
export type Kind = 0 | 1 | 2;

/** The single key that says whose database this is. */
export const FORMAT: Kind = 0;
/** Rows and deletion markers. */
export const ROWS: Kind = 1;
/** Range tombstones: one list a record, under its empty key. */
export const TOMBSTONES: Kind = 2;

/** Number of buckets, hence most segments of a scan. */
export const BUCKETS = 256;

/** From `from` up to, not including, `to`. */
export type Stretch = { readonly from: Uint8Array; readonly to: Uint8Array };

/** What all keys of a table start with. */
export function tablePrefix(kind: Kind, table: string): Uint8Array {
  const name = utf8(table);
  return concatBytes(Uint8Array.of(kind), lengthOf(name), name);
}

/** What all keys of a record start with. Throws INVALID_ARGUMENT or TOO_LARGE for an id past its limits. */
export function recordPrefix(kind: Kind, { table, id }: Partition): Uint8Array {
  checkId(id);
  const name = utf8(id);
  const bucket = Uint8Array.of(bucketOf(name));
  return concatBytes(tablePrefix(kind, table), bucket, lengthOf(name), name);
}

/** The keys of a record that lie in `range`, which must not be empty. */
export function recordStretch(record: Uint8Array, range: KeyRange): Stretch {
  return {
    from: range.start === undefined ? record : concatBytes(record, range.start),
    to: range.end === undefined ? endOf(record) : concatBytes(record, range.end),
  };
}

/** The keys of one of `of` segments of a table, `of` at most 256. Every record lies in exactly one. */
export function segmentStretch(table: Uint8Array, index: number, of: number): Stretch {
  const first = Math.floor((BUCKETS * index) / of);
  const end = Math.floor((BUCKETS * (index + 1)) / of);
  return {
    from: concatBytes(table, Uint8Array.of(first)),
    to: end === BUCKETS ? endOf(table) : concatBytes(table, Uint8Array.of(end)),
  };
}

/** What a native key of a table says: which record, and which key in it. */
export type Place = { readonly id: string; readonly recordBytes: number };

/** Reads the record's part of a native key. `recordBytes` is the length of the record's prefix. */
export function placeOf(nativeKey: Uint8Array, tableBytes: number): Place {
  const idAt = tableBytes + 3;
  const high = nativeKey[tableBytes + 1];
  const low = nativeKey[tableBytes + 2];
  const recordBytes = idAt + ((high ?? 0) << 8) + (low ?? 0);
  if (low === undefined || recordBytes > nativeKey.length) {
    throw new KvError("DATA_LOSS", `a stored key is ${nativeKey.length} bytes, wanted more`);
  }
  return { id: fromUtf8(nativeKey.subarray(idAt, recordBytes)), recordBytes };
}

/** The least key past everything that starts with `prefix`. Every prefix here starts with a small byte. */
export function endOf(prefix: Uint8Array): Uint8Array {
  return prefixEnd(prefix) as Uint8Array;
}

function lengthOf(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(bytes.length >> 8, bytes.length & 0xff);
}

/** FNV-1a, folded to a byte. Stored with the data: never change it without a new format. */
function bucketOf(id: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of id) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & 0xff;
}
