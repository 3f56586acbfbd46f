/** Swarm testing: worlds leave some kinds of fault out, so that others show what they can do. */
import { chance, type KeyedRandom } from "../world/keyed-random.ts";

/** Which kinds of fault a world has. */
export type Swarm = {
  /** None at all. */
  readonly calm: boolean;
  readonly loss: boolean;
  readonly duplicate: boolean;
  readonly tails: boolean;
  readonly partition: boolean;
  readonly crash: boolean;
  readonly slowEngine: boolean;
};

/** One world in eight has no faults but latency; half of the others have all, half a random choice. */
export function drawSwarm(random: KeyedRandom): Swarm {
  const calm = chance(random, 1, 8);
  const all = chance(random, 1, 2);
  const on = (): boolean => !calm && (chance(random, 1, 2) || all);
  return {
    calm,
    loss: on(),
    duplicate: on(),
    tails: on(),
    partition: on(),
    crash: on(),
    slowEngine: on(),
  };
}
