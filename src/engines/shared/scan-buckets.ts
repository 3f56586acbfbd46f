/** Buckets of records by a hash of their ids, for engines without an order of their own to split a scan by. */
import { KvError } from "../../model/error.ts";
import type { ScanRead } from "../../ports/storage-engine.ts";

/** Number of buckets, hence most segments of a scan. */
export const SCAN_BUCKETS = 256;

/** The bucket of a record. */
export function bucketOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & 0xff;
}

/** The buckets of a segment: from `first` up to, not including, `end`. Segments meet without gap or overlap. */
export function bucketsOf({ index, of }: ScanRead["segment"]): { first: number; end: number } {
  const bound = (at: number): number => Math.floor((SCAN_BUCKETS * at) / of);
  return { first: bound(index), end: bound(index + 1) };
}

/** Throws INVALID_ARGUMENT unless the bucket is one of those. */
export function checkBucket(bucket: number, { first, end }: { first: number; end: number }): void {
  if (bucket >= first && bucket < end) return;
  throw new KvError("INVALID_ARGUMENT", "cursor is of another segment, wanted one of this");
}
