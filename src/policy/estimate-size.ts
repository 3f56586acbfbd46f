/** What an item is expected to weigh, from what was seen of others (PAGE-6). */

/** Average size assumed while nothing is known, bytes. */
export const ITEM_BYTES_ASSUMED = 1024;

/** A rolling mean: items seen and their bytes, old ones fading as new ones come. */
export type SizeEstimate = { readonly items: number; readonly bytes: number };

/** Nothing seen yet. */
export const NO_SIZES: SizeEstimate = { items: 0, bytes: 0 };

/** Items that the mean rests on at most: a change of what is written shows after so many. */
const ITEMS_REMEMBERED = 4096;

/** The estimate after some more items; each of them weighs as much as each of those remembered. */
export function observeSizes(estimate: SizeEstimate, seen: SizeEstimate): SizeEstimate {
  const items = estimate.items + seen.items;
  const bytes = estimate.bytes + seen.bytes;
  if (items <= ITEMS_REMEMBERED) return { items, bytes };
  return { items: ITEMS_REMEMBERED, bytes: (bytes * ITEMS_REMEMBERED) / items };
}

/** Mean bytes of an item, >= 1; undefined while nothing was seen. */
export function meanBytes({ items, bytes }: SizeEstimate): number | undefined {
  return items === 0 ? undefined : Math.max(1, bytes / items);
}

/** Items of this page that weigh as much as all that was known before it. */
const PRIOR_WEIGHT = 8;

/**
 * Bytes that the next item of a traversal is expected to take, >= 1: what was known before this page (the token's
 * own average, else the namespace's), corrected by the items of this page. A guess out of nothing counts for nothing
 * as soon as there is one item.
 */
export function expectedItemBytes(prior: number | undefined, page: SizeEstimate): number {
  if (prior === undefined) return meanBytes(page) ?? ITEM_BYTES_ASSUMED;
  return Math.max(1, (prior * PRIOR_WEIGHT + page.bytes) / (PRIOR_WEIGHT + page.items));
}
