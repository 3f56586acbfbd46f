/** Faults of every message: latency tails (and so reorder), loss, duplication. */
import { type Micros, MILLISECOND } from "kvdal";
import { between, type KeyedRandom, pick } from "../world/keyed-random.ts";
import type { NetworkPlan } from "../world/network.ts";

const TAILS: readonly Micros[] = [5 * MILLISECOND, 40 * MILLISECOND, 200 * MILLISECOND];
const PPM: readonly number[] = [1_000, 10_000, 40_000];

/** Draws how the links of a world behave; what the swarm leaves out has chance 0. */
export function drawNetwork(
  random: KeyedRandom,
  on: { readonly loss: boolean; readonly duplicate: boolean; readonly tails: boolean },
): NetworkPlan {
  const latencyMin = between(random, 50, 200);
  const latencyMax = latencyMin + between(random, 50, 1_500);
  const tailMax = pick(random, TAILS);
  const [tailPpm, lossPpm, duplicatePpm] = [
    pick(random, PPM),
    pick(random, PPM),
    pick(random, PPM),
  ];
  return {
    latencyMin,
    latencyMax,
    tailMax,
    tailPpm: on.tails ? tailPpm : 0,
    lossPpm: on.loss ? lossPpm : 0,
    duplicatePpm: on.duplicate ? duplicatePpm : 0,
  };
}
