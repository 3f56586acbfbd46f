/** Troubles: faults that befall one node from one instant to another. A plan lists them; each can be left out of it. */
import type { Micros } from "kvdal";
import type { ClockPlan } from "../world/node.ts";
import type { Topology } from "../workload/plan.ts";
import { between, chance, type KeyedRandom, pick } from "../world/keyed-random.ts";
import { atlas } from "./atlas.ts";
import { type TroubleEntry, TROUBLES, type TroubleName } from "./registry/index.ts";
import type { ClockProfile } from "./clock.ts";
import type { CrashPlan } from "./crash.ts";

/** A trouble. */
export type Trouble = {
  readonly kind: TroubleName;
  readonly node: number;
  readonly at: Micros;
  readonly until: Micros;
  /** How much of it: microseconds, millionths, or a number of something, as the registry says. 0 where nothing is to say. */
  readonly by: number;
  /** The other node, of what is between two; -1 elsewhere. */
  readonly other: number;
};

/** What troubles of a world depend on. */
export type TroubleBounds = {
  readonly topology: Topology;
  readonly clocks: readonly ClockPlan[];
  readonly profile: ClockProfile;
  /** Outages that the world has anyway. */
  readonly crashes: readonly CrashPlan[];
  /** All are over by then. */
  readonly until: Micros;
};

/** Draws the troubles of a world: none in half of them, one to three kinds in most of the others, more in a few. */
export function drawTroubles(random: KeyedRandom, bounds: TroubleBounds): readonly Trouble[] {
  if (chance(random, 1, 4)) return [];
  const kinds = chance(random, 1, 2) ? between(random, 4, 8) : between(random, 1, 3);
  const troubles: Trouble[] = [];
  for (let i = 0; i < kinds; i += 1) {
    const entry = pick(random, TROUBLES);
    const count = between(random, 1, 3);
    if (entry.name === "swizzle") troubles.push(...drawSwizzle(random, entry, bounds));
    else for (let j = 0; j < count; j += 1) troubles.push(drawTrouble(random, entry, bounds));
  }
  return atlas(troubles, bounds);
}

function drawTrouble(random: KeyedRandom, entry: TroubleEntry, bounds: TroubleBounds): Trouble {
  const { name: kind, low, high, trouble } = entry;
  const [first, end] = nodesOf(entry, bounds.topology);
  const node = between(random, first, end - 1);
  const lasts = trouble.lasts[1] === 0 ? 0 : logUniform(random, ...trouble.lasts);
  const at = random.below(Math.max(1, bounds.until - lasts));
  const by = high === 0 ? 0 : logUniform(random, low, high);
  const other = kind === "partition_partial" ? otherThan(random, node, bounds.topology) : -1;
  return { kind, node, at, until: at + lasts, by, other };
}

/** Several nodes, one after another, freed in an order of its own. */
function drawSwizzle(
  random: KeyedRandom,
  entry: TroubleEntry,
  bounds: TroubleBounds,
): readonly Trouble[] {
  const first = drawTrouble(random, entry, bounds);
  const [begin, end] = nodesOf(entry, bounds.topology);
  const nodes = Array.from({ length: end - begin }, (_, i) => begin + i);
  return nodes
    .filter(() => chance(random, 1, 2))
    .map((node) => {
      const at = between(random, first.at, first.at + Math.floor((first.until - first.at) / 2));
      return { ...first, node, at, until: between(random, at + 1, Math.max(at + 1, first.until)) };
    });
}

/** The nodes that a kind can befall: from the first to the one before the second. */
function nodesOf({ trouble }: TroubleEntry, topology: Topology): readonly [number, number] {
  const { clients, servers, replicas } = topology;
  const all = clients + servers + replicas;
  switch (trouble.nodes) {
    case "clients":
      return [0, clients];
    case "servers":
      return [clients, clients + servers];
    case "replicas":
      return [clients + servers, all];
    case "members":
      return [clients, all];
    case "all":
      return [0, all];
    default:
      throw trouble.nodes satisfies never;
  }
}

function otherThan(random: KeyedRandom, node: number, { clients, servers, replicas }: Topology) {
  const all = clients + servers + replicas;
  return (node + 1 + random.below(all - 1)) % all;
}

/** A whole number from `low` to `high`, every doubling as likely as every other. */
export function logUniform(random: KeyedRandom, low: number, high: number): number {
  let doublings = 0;
  for (let reach = low * 2; reach <= high; reach *= 2) doublings += 1;
  const from = low * 2 ** random.below(doublings + 1);
  return between(random, from, Math.min(2 * from - 1, high));
}
