/** A node: something that has a clock, can be down, and comes back without what it had in memory. */
import type { Micros } from "kvdal";
import type { CancelTimer, Clock, Env, Timers } from "kvdal/client";
import { type DrawScope, hash32, KeyedRandom } from "./keyed-random.ts";
import { WALL_ORIGIN, type World } from "./world.ts";

/** How a node's clock is wrong. */
export type ClockPlan = {
  /** Ahead of true time by so much, microseconds; may be negative. */
  readonly offset: Micros;
  /** Gains so many microseconds a second; may be negative. */
  readonly driftPpm: number;
  /** The wall clock shows multiples of this, microseconds, >= 1: coarse clocks collide. */
  readonly resolution: Micros;
};

/** What a node is made from. */
export type NodePlan = { readonly index: number; readonly clock: ClockPlan };

/** A node of the world. */
export class SimNode {
  readonly index: number;
  readonly world: World;
  readonly scope: DrawScope = { key: 0 };
  readonly #clock: ClockPlan;
  up = true;
  /** Counts lives: what an earlier life has begun must not touch a later one. */
  incarnation = 0;

  constructor(world: World, plan: NodePlan) {
    this.world = world;
    this.index = plan.index;
    this.#clock = plan.clock;
  }

  /** The node goes down; its timers and everything it was doing are gone. */
  crash(): void {
    this.up = false;
    this.incarnation += 1;
  }

  /** The node comes back with what was durable. */
  restart(): void {
    this.up = true;
  }

  /** The wall clock of this node, microseconds since 1970. */
  wall(): Micros {
    return wallAt(this.#clock, this.world.now);
  }

  /** The world as code on this node meets it, in its present life: timers of an earlier one never fire. */
  env(): Env {
    const clock: Clock = { wall: () => this.wall(), monotonic: () => this.monotonic() };
    const timers: Timers = { after: (delay, fire) => this.timer(delay, fire) };
    return {
      clock,
      timers,
      random: new KeyedRandom(hash32(this.world.seed, this.index), this.scope),
    };
  }

  /** The monotonic clock of this node. */
  monotonic(): Micros {
    return monotonicAt(this.#clock, this.world.now);
  }

  /** A timer of the node's present life. */
  timer(delay: Micros, fire: () => void): CancelTimer {
    const { incarnation } = this;
    return this.world.timer(Math.max(0, delay), TIMER_CODE + this.index, () => {
      if (this.up && this.incarnation === incarnation) fire();
    });
  }
}

/** What a clock shows at a virtual time, microseconds since 1970. */
export function wallAt(clock: ClockPlan, now: Micros): Micros {
  const exact = WALL_ORIGIN + monotonicAt(clock, now) + clock.offset;
  return clock.resolution === 1 ? exact : exact - (exact % clock.resolution);
}

function monotonicAt(clock: ClockPlan, now: Micros): Micros {
  return now + Math.floor((now * clock.driftPpm) / 1_000_000);
}

/** Event codes of timers begin here; below are the links of the network. */
const TIMER_CODE = 10_000;
