/** What may be kept in a cache, for how long, and what of it is believed (CACHE-2, CACHE-7): decisions only. */
import { equalBytes } from "../model/bytes.ts";
import type { Micros } from "../model/time.ts";

/** What an entry's life depends on. */
export type EntryFacts = {
  /** When it is stored, by the wall clock. */
  readonly now: Micros;
  readonly ttl: Micros;
  /** Longest life where a value lies in chunks. */
  readonly chunkedTtl: Micros;
  /** Whether any of its values does. */
  readonly chunked: boolean;
  /** When the first of its items ends; 0 for never. */
  readonly endsAt: Micros;
};

/** How long an entry lives, microseconds; 0 or less where it is not to be kept (CACHE-7). */
export function entryLife({ now, ttl, chunkedTtl, chunked, endsAt }: EntryFacts): Micros {
  const most = chunked ? chunkedTtl : ttl;
  return endsAt === 0 ? most : Math.min(most, endsAt - now);
}

/** Whether an entry was filled under the very stamps that are in force: then no write came between (CACHE-2). */
export function isUnder(
  filledUnder: readonly Uint8Array[],
  inForce: readonly Uint8Array[] | undefined,
): boolean {
  if (inForce === undefined || inForce.length !== filledUnder.length) return false;
  return filledUnder.every((stamp, i) => equalBytes(stamp, inForce[i] as Uint8Array));
}
