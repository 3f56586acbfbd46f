/** The namespace of a world, as its plan draws it: where values become chunks, and how old a token may be. */
import { type Micros, MILLISECOND, SECOND } from "kvdal";
import type { NamespaceOptions } from "kvdal/service";
import type { RegionsPlan } from "../faults/regions.ts";
import { between, chance, type KeyedRandom, pick } from "../world/keyed-random.ts";

/** The namespace of every world. */
export const NAMESPACE = "sim";
/** Points at it, or, where it was flipped, at a namespace in which nothing ever is. */
export const ALIAS = "sim_live";
/** That namespace. */
export const EMPTY_NAMESPACE = "sim_empty";

/** What of a namespace differs from world to world. */
export type NamespacePlan = {
  /** A longer value is chunked. */
  readonly chunkAboveBytes: number;
  readonly chunkBytes: number;
  /** Acceptance window of tokens. */
  readonly maxAge: Micros;
  readonly maxDrift: Micros;
  /** Longest that anything of an admitted put can be under way. */
  readonly putMax: Micros;
  /** How long chunks that nothing refers to stay. */
  readonly grace: Micros;
  /** When a server, `draw` says which, does a round of clean-up while clients are at work. */
  readonly cleanUps: readonly { readonly at: Micros; readonly draw: number }[];
  /** Most rows that one read of a page looks at (PAGE-5). */
  readonly rowsPerCallMax: number;
};

/** How far the clocks of a world may be off, and how long a message may take. */
export type WorldBounds = { readonly skewMax: Micros; readonly messageMax: Micros };

/** Longest that a server works on one attempt, and then some. */
const ATTEMPT_MAX: Micros = 40 * MILLISECOND;

/** Values of worlds are far below this; chunks cost messages, so most worlds go without. */
const NO_CHUNKS = { chunkAboveBytes: 1_024, chunkBytes: 1_024 };

/**
 * Draws the namespace. Where clocks and network allow it, half of the worlds have so short a window that tokens grow
 * too old and chunks are collected while writers and readers are still at work.
 */
export function drawNamespace(random: KeyedRandom, bounds: WorldBounds): NamespacePlan {
  // A few rows, so that pages end by them; in most worlds more than a record ever has.
  const rowsPerCallMax = chance(random, 1, 6) ? between(random, 4, 20) : 2_000;
  const chunks = chance(random, 3, 10)
    ? { chunkAboveBytes: between(random, 4, 60), chunkBytes: between(random, 5, 60) }
    : NO_CHUNKS;
  const short = chance(random, 2, 3);
  if (short && bounds.skewMax <= 20 * MILLISECOND && bounds.messageMax <= 50 * MILLISECOND) {
    return {
      ...chunks,
      rowsPerCallMax,
      maxAge: between(random, 60, 120) * MILLISECOND,
      maxDrift: 5 * MILLISECOND + 2 * bounds.skewMax,
      // Clocks of a client, a server and a collector differ, and all of them are compared.
      putMax: ATTEMPT_MAX + 2 * bounds.messageMax + 2 * bounds.skewMax,
      grace: between(random, 1, pick(random, [4, 60])) * MILLISECOND,
      cleanUps: chunks === NO_CHUNKS ? [] : drawCleanUps(random),
    };
  }
  // Narrow windows are passed by slow attempts and by clocks that are off: refusals, some after an unknown outcome.
  const narrow = chance(random, 1, 4);
  return {
    ...chunks,
    rowsPerCallMax,
    maxAge: narrow ? pick(random, [40 * MILLISECOND, 100 * MILLISECOND, SECOND]) : 10 * SECOND,
    maxDrift: narrow ? pick(random, [5 * MILLISECOND, 50 * MILLISECOND, SECOND / 2]) : 5 * SECOND,
    putMax: SECOND,
    grace: SECOND,
    cleanUps: [],
  };
}

/**
 * The namespace of a world of two regions. What is late is late by any time, so that nothing is cleaned up meanwhile.
 * Where no call waits for the other region, an item arrives there before its chunks may have: it has none.
 */
export function drawFarNamespace(
  random: KeyedRandom,
  { scope }: Pick<RegionsPlan, "scope">,
): NamespacePlan {
  const far = { skewMax: 0, messageMax: Number.POSITIVE_INFINITY };
  const drawn = drawNamespace(random, far);
  return scope === "LOCAL" ? { ...drawn, ...NO_CHUNKS } : drawn;
}

/** Rounds of clean-up at short intervals, by any server. */
function drawCleanUps(random: KeyedRandom): NamespacePlan["cleanUps"] {
  const every = between(random, 6, pick(random, [10, 60])) * MILLISECOND;
  return Array.from({ length: Math.floor(CLEAN_UPS_UNTIL / every) }, (_, turn) => ({
    at: (turn + 1) * every,
    draw: turn * 100 + random.below(100),
  }));
}

const CLEAN_UPS_UNTIL: Micros = 450 * MILLISECOND;

/** The options of the namespace that a plan describes. */
export function namespaceOptions(plan: NamespacePlan): NamespaceOptions {
  return {
    name: NAMESPACE,
    rowsPerCallMax: plan.rowsPerCallMax,
    tokens: { maxAge: plan.maxAge, maxDrift: plan.maxDrift },
    chunking: {
      aboveBytes: plan.chunkAboveBytes,
      chunkBytes: plan.chunkBytes,
      requestBytesMax: 2 * plan.chunkBytes,
      putMicrosMax: plan.putMax,
      graceMicros: plan.grace,
    },
  };
}

/** Time after the last write from which on chunks that nothing refers to are taken for that, by any clock. */
export function settledAfter({ maxAge, maxDrift, putMax }: NamespacePlan): Micros {
  return maxAge + maxDrift + putMax + CLOCKS_APART;
}

/** Time after that until they may be removed, by any clock. */
export function graceAfter({ grace }: NamespacePlan): Micros {
  return grace + CLOCKS_APART;
}

/** No two clocks of a world are further apart. */
const CLOCKS_APART: Micros = 3 * SECOND;
