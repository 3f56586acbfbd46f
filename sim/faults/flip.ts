/** Fault, as far as a reader is concerned: the alias that it reads by flips, at each server at a time of its own. */
import { type Micros, MILLISECOND } from "kvdal";
import { between, chance, type KeyedRandom, pick } from "../world/keyed-random.ts";

/** A server, of all in their order, lets the alias point at the other namespace. */
export type FlipPlan = { readonly server: number; readonly at: Micros };

/** Draws the flips of a world until `until`: none in half of them. Each server has an even number of them. */
export function drawFlips(
  random: KeyedRandom,
  servers: number,
  until: Micros,
): readonly FlipPlan[] {
  const flips: FlipPlan[] = [];
  if (chance(random, 3, 4)) return flips;
  const every = pick(random, [4, 15, 50]) * MILLISECOND;
  for (let server = 0; server < servers; server += 1) {
    for (let at = between(random, 1, every); at + every < until; at += 2 * every) {
      flips.push({ server, at }, { server, at: at + between(random, 1, every) });
    }
  }
  return flips;
}
