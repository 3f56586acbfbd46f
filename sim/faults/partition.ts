/** Fault: a set of nodes is cut off from the others for a while, both ways or one way only. */
import { type Micros, MILLISECOND } from "kvdal";
import { between, chance, type KeyedRandom, pick } from "../world/keyed-random.ts";
import type { Cut } from "../world/network.ts";

const DIRECTIONS: readonly Cut["direction"][] = ["both", "both", "out", "in"];

/** Draws one to three cuts, all over before `until`. */
export function drawCuts(random: KeyedRandom, nodes: number, until: Micros): readonly Cut[] {
  const cuts: Cut[] = [];
  const count = between(random, 1, 3);
  for (let i = 0; i < count; i += 1) {
    const from = random.below(until - 10 * MILLISECOND);
    const length = between(random, 5, 120) * MILLISECOND;
    const island: number[] = [];
    for (let node = 0; node < nodes; node += 1) if (chance(random, 1, 3)) island.push(node);
    cuts.push({
      from,
      until: Math.min(from + length, until),
      island,
      direction: pick(random, DIRECTIONS),
    });
  }
  return cuts;
}
