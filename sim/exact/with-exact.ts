/**
 * Which worlds are asked at their end what is known to the last byte: of one region, whose reads and tokens are not
 * hurried. Real engines have been asked all of it by the conformance kit.
 */
import { SECOND } from "kvdal";
import { isShort } from "../workload/short-worlds.ts";
import type { Plan } from "../workload/plan.ts";
import { chance, planRandom } from "../world/keyed-random.ts";

/** Of those that may be asked, one in so many is not: others have less to do, too. */
const SPARED_IN = 3;
/** Of short worlds, each of which would take thrice as long, one in so many is asked. */
const ASKED_OF_SHORT = 64;
/** Of a token that is taken from a server's clock and used at once. */
const WINDOW_LEAST = SECOND;

/** The plan, with those calls where it is drawn so. */
export function withExact(plan: Plan): Plan {
  const { seed, topology, namespace, slowEngine, regions } = plan;
  const { levels, change } = slowEngine;
  const isLevelled = levels.readMax > 0 || change.levels.readMax > 0;
  const isHurried = isLevelled || Math.min(namespace.maxAge, namespace.maxDrift) < WINDOW_LEAST;
  const { replicas, engine } = topology;
  const isSimulated = (replicas > 1 || engine !== undefined) && regions === undefined;
  if (isHurried || !isSimulated || !isDrawn(seed, isShort(topology))) return plan;
  return { ...plan, exact: true };
}

function isDrawn(seed: number, short: boolean): boolean {
  const random = planRandom(seed, "exact");
  return short ? chance(random, 1, ASKED_OF_SHORT) : !chance(random, 1, SPARED_IN);
}
