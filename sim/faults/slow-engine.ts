/** Fault: an engine that takes its time now and then, more than a namespace's service levels allow (SLO-2). */
import { type Micros, MILLISECOND, type NamespaceOptions } from "kvdal";
import { between, chance, hash32, type KeyedRandom, pick, scale } from "../world/keyed-random.ts";
import { faultBit } from "./kinds.ts";
import type { World } from "../world/world.ts";
import { faultPlace } from "./registry/index.ts";

/** How slow the engine of a world is, and what its namespace's service levels are. */
export type SlowEnginePlan = {
  /** Chance of a native call to be slow, millionths; 0 for never. */
  readonly ppm: number;
  /** Longest that a slow one takes, microseconds. */
  readonly max: Micros;
  /** Service levels at first, and from the instant `at` on, while clients are at work (SIG-3). */
  readonly levels: LevelsPlan;
  readonly change: { readonly at: Micros; readonly levels: LevelsPlan };
};

/** Service levels of a namespace. */
export type LevelsPlan = {
  /** Longest latency of the namespace's reads (SLO-1); 0 for a namespace without service levels. */
  readonly readMax: Micros;
  /** What most calls are to take, and clients hedge after (RETRY-3). */
  readonly target: Micros;
};

/** How much longer than usual the engine works on something named so, now, for the server at that node. */
export type Slowness = (key: number, server: number) => Micros;

const SLOW_ENGINE = faultBit("slow_engine");

const PPM: readonly number[] = [20_000, 100_000, 300_000];
const MILLION = 1_000_000;
const SLOW = faultPlace("slow_engine");
/** Longest latency of writes: longer than any attempt has. As a target it stands for no hedges. */
export const WRITE_MAX: Micros = 500 * MILLISECOND;

/** Draws the plan: half of the worlds have service levels, a third of those with targets to hedge at; what the swarm leaves out is never slow. */
export function drawSlowEngine(random: KeyedRandom, on: boolean): SlowEnginePlan {
  const ppm = pick(random, PPM);
  const max = between(random, 2, 40) * MILLISECOND;
  const isLevelled = chance(random, 1, 2);
  const isHedged = chance(random, 1, 3);
  const levels = (): LevelsPlan => {
    const readMax = isLevelled ? between(random, 6, 25) * MILLISECOND : 0;
    const target = between(random, 1, 4) * MILLISECOND;
    return { readMax, target: isHedged ? target : WRITE_MAX };
  };
  const first = levels();
  const change = { at: between(random, 100, 300) * MILLISECOND, levels: levels() };
  return { ppm: on ? ppm : 0, max, levels: first, change };
}

/** Service levels as options of a namespace. */
export function serviceLevels({ readMax, target }: LevelsPlan): Pick<NamespaceOptions, "slo"> {
  if (readMax === 0) return {};
  const read = { target: Math.min(target, readMax), max: readMax };
  return { slo: { read, write: { target, max: WRITE_MAX } } };
}

/** Whether two service levels are not the same: without a longest latency there are none. */
export function differ(one: LevelsPlan, other: LevelsPlan): boolean {
  const isSame = one.readMax === other.readMax;
  return !isSame || (one.readMax > 0 && one.target !== other.target);
}

/** The slowness of a world. */
export function slownessOf(world: World, plan: SlowEnginePlan): Slowness {
  if (plan.ppm === 0) return () => 0;
  return (key, server) => {
    if (world.isHealed) return 0;
    const bits = hash32(world.seed, key, world.now, 0x510);
    if (scale(bits, MILLION) >= plan.ppm) return 0;
    world.touches?.atNode(server, SLOW_ENGINE);
    world.tally.count(SLOW, true);
    return scale(hash32(bits, 1), plan.max);
  };
}
