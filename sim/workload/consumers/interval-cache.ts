/**
 * The rules by which a cache of query results by intervals works, as published: what a bucket's result lives for, what of
 * the stored ones is a hit, and what is stored of those in which there is nothing.
 */

/** Life of the result of a bucket that is at most a minute old, and the longest there is; seconds. */
const LIFE_LEAST = 5;
const LIFE_MOST = 3_600;

/** How long the result of a bucket lives that is so many minutes old: 5 s under two minutes, then twice as long a minute. */
export function lifeSeconds(ageMinutes: number): number {
  return Math.min(LIFE_MOST, LIFE_LEAST * 2 ** Math.max(0, ageMinutes - 1));
}

/** How many of the wanted buckets, from the first on, are there without a hole: only they are a hit. */
export function prefixLength(wanted: readonly number[], stored: readonly number[]): number {
  let length = 0;
  while (length < wanted.length && stored[length] === wanted[length]) length += 1;
  return length;
}

/** What is stored of some buckets, in order: data, and what says that there is none, but not after the last data. */
export function toStore(
  buckets: readonly number[],
  isEmpty: (bucket: number) => boolean,
): readonly { readonly bucket: number; readonly isSentinel: boolean }[] {
  const last = buckets.findLastIndex((bucket) => !isEmpty(bucket));
  return buckets.slice(0, last + 1).map((bucket) => ({ bucket, isSentinel: isEmpty(bucket) }));
}
