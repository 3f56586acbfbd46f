/** Fault: an engine that takes its time now and then, more than a namespace's service levels allow (SLO-2). */
import { type Micros, MILLISECOND, type NamespaceOptions } from "kvdal";
import { between, chance, hash32, type KeyedRandom, pick, scale } from "../world/keyed-random.ts";
import type { World } from "../world/world.ts";

/** How slow the engine of a world is, and what its namespace's service levels are. */
export type SlowEnginePlan = {
  /** Chance of a native call to be slow, millionths; 0 for never. */
  readonly ppm: number;
  /** Longest that a slow one takes, microseconds. */
  readonly max: Micros;
  /** Longest latency of the namespace's reads (SLO-1); 0 for a namespace without service levels. */
  readonly readMax: Micros;
};

/** How much longer than usual the engine works on something named so, now. */
export type Slowness = (key: number) => Micros;

const PPM: readonly number[] = [20_000, 100_000, 300_000];
const MILLION = 1_000_000;

/** Draws the plan: half of the worlds have service levels; what the swarm leaves out is never slow. */
export function drawSlowEngine(random: KeyedRandom, on: boolean): SlowEnginePlan {
  const ppm = pick(random, PPM);
  const max = between(random, 2, 40) * MILLISECOND;
  const readMax = chance(random, 1, 2) ? between(random, 6, 25) * MILLISECOND : 0;
  return { ppm: on ? ppm : 0, max, readMax };
}

/** The service levels of the world's namespace, as options. */
export function serviceLevels({ readMax }: SlowEnginePlan): Pick<NamespaceOptions, "slo"> {
  return readMax === 0 ? {} : { slo: { read: { max: readMax } } };
}

/** The slowness of a world, until `isOver`. */
export function slownessOf(world: World, plan: SlowEnginePlan, isOver: () => boolean): Slowness {
  if (plan.ppm === 0) return () => 0;
  return (key) => {
    if (isOver()) return 0;
    const bits = hash32(world.seed, key, world.now, 0x510);
    if (scale(bits, MILLION) >= plan.ppm) return 0;
    return scale(hash32(bits, 1), plan.max);
  };
}
