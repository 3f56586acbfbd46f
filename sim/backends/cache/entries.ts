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
const TOO_LARGE: CacheStored = { kind: "too_large" };
/** What memcached takes for an item beside key and value, with the hashed key, about. */
const ITEM_HEAD_BYTES = 128;
const PRESENT: CacheStored = { kind: "present" };
const MISS: CacheAnswer = { kind: "miss" };

/** How entries are kept. */
export type EntryShape = Pick<CachePlan, "wholeSeconds" | "sharesHashes"> & {
  /** Largest entry with its key and what the cache takes for itself, bytes; none for no such limit. */
  readonly itemBytesMax?: number;
};

/** When an entry of such a cache ends. */
export function endOf(
  { wholeSeconds }: Pick<EntryShape, "wholeSeconds">,
  { now, ttl }: EntryLife,
): Micros {
  if (!wholeSeconds) return now + ttl;
  return (Math.floor(now / SECOND) + Math.ceil(ttl / SECOND)) * SECOND;
}

/** Entries that can be taken out, too. */
export type SimulatedEntries = WorldEntries & { readonly delete: (key: Uint8Array) => void };

/** Entries in the world: under a hash of their key, with the key, as memcached's are. */
export function simulatedEntries(shape: EntryShape): SimulatedEntries {
  const { sharesHashes, itemBytesMax = Number.POSITIVE_INFINITY } = shape;
  const entries = new Map<string, { readonly bytes: Uint8Array; readonly end: Micros }>();
  const nameOf = (key: Uint8Array): string => toHex(sharesHashes ? key.subarray(0, -1) : key);
  const live = (key: Uint8Array, now: Micros): Uint8Array | undefined => {
    const entry = entries.get(nameOf(key));
    return entry === undefined || entry.end <= now ? undefined : entry.bytes;
  };
  const set = (key: Uint8Array, value: Uint8Array, life: EntryLife): CacheStored => {
    const bytes = wrapCached(key, value);
    if (bytes.length + ITEM_HEAD_BYTES > itemBytesMax) {
      // A value that is refused costs the old one its place: no reader is shown what was to be replaced.
      entries.delete(nameOf(key));
      return TOO_LARGE;
    }
    entries.set(nameOf(key), { bytes, end: endOf(shape, life) });
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
    // What is too large is refused before anybody looks whether something is there.
    add: (key, value, life) =>
      live(key, life.now) === undefined || value.length > itemBytesMax
        ? set(key, value, life)
        : PRESENT,
    delete: (key) => entries.delete(nameOf(key)),
    evict: (draw) => {
      const names = [...entries.keys()];
      return names.length > 0 && entries.delete(names[draw % names.length] as string);
    },
    flush: () => entries.clear(),
  };
}
