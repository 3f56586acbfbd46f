/** What the cache of a world holds, by virtual time: in the world itself, or in a real cache. */
import { type Micros, SECOND, toHex } from "kvdal";
import { type CacheAnswer, type CacheStored, unwrapCached, wrapCached } from "kvdal/engine";
import type { CachePlan } from "../../faults/cache.ts";

/** The verbs of a cache that stands still meanwhile; a real one takes its time. */
export type WorldEntries = {
  /** Whether its verbs take real time. */
  readonly isReal: boolean;
  readonly get: (key: Uint8Array, now: Micros) => CacheAnswer | Promise<CacheAnswer>;
  readonly set: (
    key: Uint8Array,
    value: Uint8Array,
    life: EntryLife,
  ) => CacheStored | Promise<CacheStored>;
  readonly add: (
    key: Uint8Array,
    value: Uint8Array,
    life: EntryLife,
  ) => CacheStored | Promise<CacheStored>;
  /** One entry goes, whichever `draw` picks; false when there is none. */
  readonly evict: (draw: number) => boolean;
  /** All of them go. */
  readonly flush: () => void;
};

/** When an entry is stored, and for how long. */
export type EntryLife = { readonly now: Micros; readonly ttl: Micros };

const STORED: CacheStored = { kind: "stored" };
const PRESENT: CacheStored = { kind: "present" };
const MISS: CacheAnswer = { kind: "miss" };

/** When an entry of `plan`'s cache ends. */
export function endOf({ wholeSeconds }: CachePlan, { now, ttl }: EntryLife): Micros {
  if (!wholeSeconds) return now + ttl;
  return (Math.floor(now / SECOND) + Math.ceil(ttl / SECOND)) * SECOND;
}

/** Entries in the world: under a hash of their key, with the key, as memcached's are. */
export function simulatedEntries(plan: CachePlan): WorldEntries {
  const entries = new Map<string, { readonly bytes: Uint8Array; readonly end: Micros }>();
  const nameOf = (key: Uint8Array): string => toHex(plan.sharesHashes ? key.subarray(0, -1) : key);
  const live = (key: Uint8Array, now: Micros): Uint8Array | undefined => {
    const entry = entries.get(nameOf(key));
    return entry === undefined || entry.end <= now ? undefined : entry.bytes;
  };
  const set: WorldEntries["set"] = (key, value, life) => {
    entries.set(nameOf(key), { bytes: wrapCached(key, value), end: endOf(plan, life) });
    return STORED;
  };
  return {
    isReal: false,
    get: (key, now) => {
      const bytes = live(key, now);
      const value = bytes === undefined ? undefined : unwrapCached(key, bytes);
      return value === undefined ? MISS : { kind: "hit", value };
    },
    set,
    add: (key, value, life) =>
      live(key, life.now) === undefined ? set(key, value, life) : PRESENT,
    evict: (draw) => {
      const names = [...entries.keys()];
      return names.length > 0 && entries.delete(names[draw % names.length] as string);
    },
    flush: () => entries.clear(),
  };
}
