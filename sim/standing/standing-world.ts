/**
 * A world without plan, faults or clients, beside whatever else the process does: simulated engines stand in it behind
 * their port, as any adapter's do. Virtual time passes only for messages.
 */
import type { Micros } from "kvdal";
import { Network } from "../world/network.ts";
import { type ClockPlan, SimNode } from "../world/node.ts";
import { createPump } from "../world/run-loop.ts";
import { World } from "../world/world.ts";

const TRUE_CLOCK: ClockPlan = { offset: 0, driftPpm: 0, resolution: 1 };
/** Of every message: none overtakes another. */
const LATENCY: Micros = 100;
const CALM = {
  latencyMin: LATENCY,
  latencyMax: LATENCY,
  tailPpm: 0,
  tailMax: 0,
  lossPpm: 0,
  duplicatePpm: 0,
};

/** The world, and what an engine in it is made of. */
export type StandingWorld = {
  readonly world: World;
  readonly network: Network;
  readonly nodes: readonly SimNode[];
  /** A node for one more opener of the engine. */
  readonly server: () => SimNode;
  /** Has what was begun go on until nothing happens any more. */
  readonly pump: () => void;
  /** A number that no call before had. */
  readonly turn: () => number;
};

/** A world with so many nodes for an engine. */
export function standingWorld(engineNodes: number): StandingWorld {
  const world = new World(0);
  const node = (index: number): SimNode => new SimNode(world, { index, clock: TRUE_CLOCK });
  let [servers, turns] = [0, 0];
  return {
    world,
    network: new Network(world, CALM, []),
    nodes: Array.from({ length: engineNodes }, (_, index) => node(index)),
    server: () => {
      servers += 1;
      return node(engineNodes - 1 + servers);
    },
    pump: createPump(world),
    turn: () => {
      turns += 1;
      return turns;
    },
  };
}
