/** All amplification points. What counts are kept by is their place in this list. */
import type { Point } from "./point.ts";
import { CACHE_POINTS } from "./points/cache.ts";
import { CLIENT_POINTS } from "./points/clients.ts";
import { CLEAN_UP_POINTS } from "./points/clean-up.ts";
import { ENGINE_POINTS } from "./points/engines.ts";
import { LIST_POINTS } from "./points/lists.ts";
import { READ_POINTS } from "./points/reads.ts";
import { CHUNK_POINTS, WRITE_POINTS } from "./points/writes.ts";

/** All of them. */
export const POINTS: readonly Point[] = [
  ...CLIENT_POINTS,
  ...WRITE_POINTS,
  ...CHUNK_POINTS,
  ...READ_POINTS,
  ...CACHE_POINTS,
  ...CLEAN_UP_POINTS,
  ...LIST_POINTS,
  ...ENGINE_POINTS,
];

/** Their names. */
export const POINT_NAMES: readonly string[] = POINTS.map(({ name }) => name);

/** The place of each, by its name. */
export const POINT_PLACES: ReadonlyMap<string, number> = new Map(
  POINT_NAMES.map((name, place) => [name, place]),
);
