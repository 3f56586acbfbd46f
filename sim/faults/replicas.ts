/**
 * What Cassandra's replicas do beside writes and reads: hints for those that did not answer, read repair, rows that
 * end by the engine's own clock, tombstones that compaction drops after their grace. Each in some worlds.
 */
import { type Micros, MILLISECOND, SECOND } from "kvdal";
import type { NamespacePlan } from "../workload/namespace-plan.ts";
import { between, chance, type KeyedRandom } from "../world/keyed-random.ts";

/** The replicas of a world. */
export type ReplicasPlan = {
  /** When a coordinator sends a write again to those that did not acknowledge it; none without hints. */
  readonly hintsAfter: readonly Micros[];
  /** Whether a read that finds its replicas apart makes them equal before it answers. */
  readonly readRepair: boolean;
  /** How long after its expiry a row is not shown any more, by the coordinator's clock; undefined for never. */
  readonly expirySlack: Micros | undefined;
  /** Whether compaction drops tombstones, and what they hide, once replicas are repaired and no late write can come. */
  readonly compacts: boolean;
};

/** No two clocks of a world are so far apart: a row never ends while a server may take it for alive. */
const CLOCKS_APART: Micros = 2_100 * MILLISECOND;

/** One world in so many has hints, by default. */
export const HINTS_IN = 6;

/** Draws the replicas of a world; one in `hintsIn` has hints. */
export function drawReplicas(
  random: KeyedRandom,
  { putMax }: Pick<NamespacePlan, "putMax">,
  hintsIn: number,
): ReplicasPlan {
  const [hints, first, second] = [
    chance(random, 1, hintsIn),
    between(random, 10, 60),
    between(random, 80, 250),
  ];
  const slack = CLOCKS_APART + random.below(SECOND);
  return {
    // A hint is a write that is under way for longer: no longer than the namespace allows for.
    hintsAfter: hints && putMax >= SECOND ? [first * MILLISECOND, second * MILLISECOND] : [],
    readRepair: chance(random, 1, 6),
    expirySlack: chance(random, 1, 6) ? slack : undefined,
    compacts: chance(random, 1, 6),
  };
}
