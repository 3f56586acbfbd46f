/** Key ranges: half-open, either end open (GET-1), in byte order (DATA-2). */
import { compareBytes, successor } from "./bytes.ts";

/** `[start, end)`. A missing start is the first key, a missing end is past the last. */
export type KeyRange = {
  readonly start?: Uint8Array | undefined;
  readonly end?: Uint8Array | undefined;
};

/** Every key. */
export const ALL_KEYS: KeyRange = {};

/** Whether no key can lie in `range`: its start is at or past its end. An empty result, not an error (GET-1). */
export function isEmptyRange(range: KeyRange): boolean {
  if (range.end === undefined) return false;
  if (range.start === undefined) return range.end.length === 0;
  return compareBytes(range.start, range.end) >= 0;
}

/** Whether `key` lies in `range`. */
export function inRange(range: KeyRange, key: Uint8Array): boolean {
  if (range.start !== undefined && compareBytes(key, range.start) < 0) return false;
  return range.end === undefined || compareBytes(key, range.end) < 0;
}

/**
 * What is left of `range` once a traversal has passed `key`. Forward, the next key is the least one greater
 * than `key`, which may well start with it; in reverse, everything before it.
 */
export function rangeAfter(range: KeyRange, key: Uint8Array, reverse: boolean): KeyRange {
  return reverse ? { start: range.start, end: key } : { start: successor(key), end: range.end };
}
