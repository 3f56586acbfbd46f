/** What becomes of requests to a DynamoDB-shaped engine: small pages, throttling, conflicts, failures, lag, late removal. */
import { type Micros, MILLISECOND, SECOND } from "kvdal";
import { between, chance, type KeyedRandom, pick } from "../world/keyed-random.ts";

/** The conditional engine of a world. Chances are in millionths, per request. */
export type ConditionalPlan = {
  /** A read looks at no more bytes than this and the item that crosses it. */
  readonly pageBytes: number;
  /** A request is refused for want of throughput; not carried out. */
  readonly throttlePpm: number;
  /** A batch is answered in part; most keys are left over. */
  readonly unprocessedPpm: number;
  /** A write meets somebody else's transaction; not carried out. */
  readonly conflictPpm: number;
  /** The service fails inside, before or after it has carried the request out. */
  readonly failurePpm: number;
  /** How far reads that are not asked to be consistent may lag behind, microseconds; 0 for never. */
  readonly lagMax: Micros;
  /** How long after its time an item is removed; undefined where the engine removes none. */
  readonly removal: { readonly min: Micros; readonly max: Micros } | undefined;
};

/** As the service documents it. */
export const PAGE_BYTES: number = 1024 * 1024;

/** Chances that are drawn, the least first. */
export const REFUSED_PPM: readonly number[] = [2_000, 20_000, 100_000];
/** No clock of a world is further behind: an item never goes while a server may take it for alive. */
const CLOCKS_BEHIND: Micros = 1_500 * MILLISECOND;

/** Draws the engine of a world; in a calm one nothing is refused. */
export function drawConditional(random: KeyedRandom, calm: boolean): ConditionalPlan {
  const sometimes = (): number => {
    const [is, ppm] = [chance(random, 1, 2), pick(random, REFUSED_PPM)];
    return is && !calm ? ppm : 0;
  };
  const bytes = between(random, 80, pick(random, [300, 2_000]));
  const removalMax = CLOCKS_BEHIND + between(random, 0, 4) * SECOND;
  return {
    pageBytes: chance(random, 1, 2) ? bytes : PAGE_BYTES,
    throttlePpm: sometimes(),
    unprocessedPpm: sometimes(),
    conflictPpm: sometimes(),
    failurePpm: sometimes(),
    lagMax: between(random, 1, 200) * MILLISECOND,
    removal: chance(random, 1, 2) ? { min: CLOCKS_BEHIND, max: removalMax } : undefined,
  };
}
