/** Which amplification points a world has. */
import { chance, planRandom } from "../world/keyed-random.ts";
import { POINT_NAMES } from "./list.ts";

/** Of so many worlds one has points at all: what is common is found in the others as ever. */
const WORLDS = 2;
/** Of so many points such a world has one. */
const SHARE = 4;

/** Draws them: each by its own name, so that a further point changes nothing of the others. None for a calm world. */
export function drawPoints(seed: number, calm: boolean): readonly string[] {
  if (calm || !chance(planRandom(seed, "amplified"), 1, WORLDS)) return [];
  return POINT_NAMES.filter((name) => chance(planRandom(seed, `point ${name}`), 1, SHARE));
}
