/** A cache in front of the engine, and what becomes of it: it forgets, answers late or not at all, goes and comes back empty. */
import { type Micros, MILLISECOND, type NamespaceOptions } from "kvdal";
import { between, chance, type KeyedRandom, pick } from "../world/keyed-random.ts";
import type { Span } from "./span.ts";

/** The cache of a world. Chances are in millionths, per call. */
export type CachePlan = {
  /** Longest life of an entry, microseconds. */
  readonly ttl: Micros;
  /** How long a read waits for it. */
  readonly timeout: Micros;
  /** How long a marker lasts. */
  readonly marker: Micros;
  readonly recordBytesMax: number;
  readonly breaker: { readonly failuresMax: number; readonly openFor: Micros };
  /** Whether expiry counts whole seconds, as memcached's does. */
  readonly wholeSeconds: boolean;
  /** Whether keys that differ in their last byte are kept under one hash. */
  readonly sharesHashes: boolean;
  /** A call costs some other entry its place. */
  readonly evictPpm: number;
  /** A call is carried out, and not answered. */
  readonly silentPpm: number;
  /** An answer takes up to `lateMax` longer. */
  readonly latePpm: number;
  readonly lateMax: Micros;
  /** A write takes up to `slowWriteMax` longer on its way to the primary: what a marker is for. */
  readonly slowWritePpm: number;
  readonly slowWriteMax: Micros;
  /** It forgets everything. */
  readonly flushes: readonly Micros[];
  /** It is away, and comes back empty. */
  readonly away: readonly Span[];
  /** A server, of all in their order, does not reach it, while others do. */
  readonly cutOff: readonly (Span & { readonly server: number })[];
};

/** One world in so many has a cache. */
const CACHED_IN = 14;

/** Draws whether a world has a cache, and which; `forced` for a world that must have one. */
export function drawCache(
  random: KeyedRandom,
  {
    forced,
    calm,
    until,
  }: { readonly forced: boolean; readonly calm: boolean; readonly until: Micros },
): CachePlan | undefined {
  const has = chance(random, 1, CACHED_IN);
  if (!has && !forced) return undefined;
  const fails = !calm && chance(random, 2, 3);
  const sometimes = (ppm: readonly number[]): number =>
    fails && chance(random, 1, 2) ? pick(random, ppm) : 0;
  return {
    ttl: between(random, 20, pick(random, [60, 2_000])) * MILLISECOND,
    timeout: between(random, 3, 15) * MILLISECOND,
    marker: between(random, 1, pick(random, [300, 80_000])),
    recordBytesMax: pick(random, [40, 4_000, 4_000]),
    breaker: { failuresMax: between(random, 2, 6), openFor: between(random, 5, 50) * MILLISECOND },
    wholeSeconds: chance(random, 1, 2),
    sharesHashes: chance(random, 1, 6),
    evictPpm: sometimes([2_000, 20_000, 80_000]),
    silentPpm: sometimes([2_000, 20_000]),
    latePpm: sometimes([20_000, 100_000]),
    lateMax: between(random, 1, 20) * MILLISECOND,
    slowWritePpm: sometimes([100_000, 500_000]),
    slowWriteMax: between(random, 2, 12) * MILLISECOND,
    flushes: fails && chance(random, 1, 2) ? drawTimes(random, until) : [],
    away: fails && chance(random, 1, 4) ? drawAway(random, until) : [],
    cutOff: fails && chance(random, 1, 2) ? drawCutOffs(random, until) : [],
  };
}

function drawTimes(random: KeyedRandom, until: Micros): readonly Micros[] {
  const every = between(random, 3, 60) * MILLISECOND;
  return Array.from(
    { length: Math.floor(until / every) },
    (_, turn) => turn * every + random.below(every),
  );
}

function drawAway(random: KeyedRandom, until: Micros): CachePlan["away"] {
  const at = random.below(until / 2);
  return [{ at, until: at + between(random, 5, 120) * MILLISECOND }];
}

function drawCutOffs(random: KeyedRandom, until: Micros): CachePlan["cutOff"] {
  return Array.from({ length: between(random, 1, 6) }, () => {
    const at = random.below(until - 60 * MILLISECOND);
    return { server: random.below(2), at, until: at + between(random, 5, 60) * MILLISECOND };
  });
}

/** The cache as an option of a namespace. */
export function cacheOptions(plan: CachePlan): Required<Pick<NamespaceOptions, "cache">> {
  const { ttl, timeout, marker, recordBytesMax, breaker } = plan;
  return {
    cache: {
      ttlMicros: ttl,
      timeoutMicros: timeout,
      markerMicros: marker,
      recordBytesMax,
      breaker,
    },
  };
}
