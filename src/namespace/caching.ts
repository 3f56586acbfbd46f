/** How a namespace is cached in front of its primary (CACHE-1 to CACHE-7). */
import { KvError } from "../model/error.ts";
import { type Micros, MILLISECOND, MINUTE, SECOND } from "../model/time.ts";
import type { TokenWindow } from "../policy/admit-token.ts";
import type { BreakerRules } from "../policy/breaker.ts";
import type { CacheEngine } from "../ports/cache-engine.ts";
import { isWhole, refuse } from "./check-field.ts";
import type { ChunkStore } from "./chunking.ts";
import type { NamespaceOptions, Tiers } from "./namespace.ts";

/** A cache as it is asked for; `{}` for one with every field at its default. */
export type CacheOptions = {
  /** Longest life of an entry, default three minutes: with `eventual`, reads are behind by no more (CACHE-7). */
  readonly ttlMicros?: Micros | undefined;
  /** How long a read waits for the cache before it goes to the primary, default 20 ms (CACHE-3). */
  readonly timeoutMicros?: Micros | undefined;
  /** Largest record that is kept as a whole, bytes of its keys and values, default 64 KiB. */
  readonly recordBytesMax?: number | undefined;
  /** How long the marker of a write that came to no end keeps what it changes from being cached; default ten seconds. */
  readonly markerMicros?: Micros | undefined;
  /** Calls in a row that fail until reads go past the cache, default 5; and for how long, default a second. */
  readonly breaker?: Partial<BreakerRules> | undefined;
};

/** A cache as the service uses it. */
export type NamespaceCache = {
  readonly engine: CacheEngine;
  readonly ttl: Micros;
  /** Longest life of an entry that says where chunks lie: they may be collected once the item is overwritten. */
  readonly chunkedTtl: Micros;
  readonly timeout: Micros;
  readonly markerTtl: Micros;
  readonly recordBytesMax: number;
  readonly breaker: BreakerRules;
  /** Whether a write may be acknowledged only when no older value can be served any more (CACHE-2). */
  readonly strict: boolean;
};

const TTL_DEFAULT: Micros = 3 * MINUTE;
const TIMEOUT_DEFAULT: Micros = 20 * MILLISECOND;
const MARKER_DEFAULT: Micros = 10 * SECOND;
const RECORD_BYTES_DEFAULT = 64 * 1024;
const BREAKER_DEFAULT: BreakerRules = { failuresMax: 5, openFor: SECOND };

/**
 * The cache that `options` ask for; undefined when they ask for none. Throws INVALID_ARGUMENT for a field out of
 * bounds and where no cache was handed in, UNSUPPORTED for read-your-writes over several regions: a cache is one
 * region's, and a write elsewhere does not reach it.
 */
export function resolveCaching(
  { cache: wish, consistency = "quorum" }: NamespaceOptions,
  tiers: Tiers,
  { grace }: ChunkStore,
  { maxDrift }: TokenWindow,
): NamespaceCache | undefined {
  if (wish === undefined) return undefined;
  const { cache: engine } = tiers;
  if (engine === undefined) refuse("cache", "asked for", "none, since no cache is handed in");
  if (consistency === "global_quorum") {
    const wanted = "a level within one region, or no cache";
    throw new KvError(
      "UNSUPPORTED",
      `consistency is ${consistency} with a cache, wanted ${wanted}`,
    );
  }
  const ttl = wish.ttlMicros ?? TTL_DEFAULT;
  const cache: NamespaceCache = {
    engine,
    ttl,
    // Half of the grace is for the reader; clocks of two servers may differ by as much as tokens may.
    chunkedTtl: Math.min(ttl, Math.floor(grace / 2) - maxDrift),
    timeout: wish.timeoutMicros ?? TIMEOUT_DEFAULT,
    markerTtl: wish.markerMicros ?? MARKER_DEFAULT,
    recordBytesMax: wish.recordBytesMax ?? RECORD_BYTES_DEFAULT,
    breaker: { ...BREAKER_DEFAULT, ...wish.breaker },
    strict: consistency !== "eventual",
  };
  checkCache(cache);
  return cache;
}

function checkCache({ ttl, timeout, markerTtl, recordBytesMax, breaker }: NamespaceCache): void {
  const times = {
    ttlMicros: ttl,
    timeoutMicros: timeout,
    markerMicros: markerTtl,
    "breaker.openFor": breaker.openFor,
  };
  for (const [field, value] of Object.entries(times)) {
    if (!isWhole(value, 1)) refuse(`cache.${field}`, value, "whole microseconds >= 1");
  }
  if (!isWhole(breaker.failuresMax, 1)) {
    refuse("cache.breaker.failuresMax", breaker.failuresMax, "a whole number >= 1");
  }
  if (!isWhole(recordBytesMax, 0)) {
    refuse("cache.recordBytesMax", recordBytesMax, "a whole number of bytes");
  }
}
