/** What caches answer, as cache cases write it. */
import type { CacheAnswer, CacheStored } from "kvdal/engine";

/** Nothing was found. */
export const MISS: CacheAnswer = { kind: "miss" };
/** It was stored. */
export const STORED: CacheStored = { kind: "stored" };

/** This value was found. */
export function hit(value: Uint8Array): CacheAnswer {
  return { kind: "hit", value };
}
