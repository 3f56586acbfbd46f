/** A node: something that has a clock, can be down, and comes back without what it had in memory. */
import type { Micros } from "kvdal";
import type { CancelTimer, Clock, Env, Timers } from "kvdal/client";
import { ClockTroubles } from "../faults/clock-troubles.ts";
import { Lateness } from "../faults/lateness.ts";
import type { Trouble } from "../faults/trouble.ts";
import { LATENESS, WALL } from "../faults/trouble-groups.ts";
import { EVENTS } from "./event-codes.ts";
import type { SimEvent } from "./event-queue.ts";
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
export type NodePlan = {
  readonly index: number;
  readonly clock: ClockPlan;
  /** Of this node alone. */
  readonly troubles?: readonly Trouble[];
};

/** What a node is at in its present life: nothing, once it has nothing left to do (RES-1). */
export type NodeWork = { timers: number; requests: number; engineCalls: number };

/** A node of the world. */
export class SimNode {
  readonly index: number;
  readonly world: World;
  readonly scope: DrawScope = { key: 0 };
  readonly #clock: ClockPlan;
  readonly #monotonic: ClockPlan;
  /** What befalls it in this world. */
  readonly troubles: readonly Trouble[];
  /** Undefined where nothing is wrong: what is asked of it is asked all the time. */
  readonly #wall: ClockTroubles | undefined;
  readonly late: Lateness | undefined;
  up = true;
  /** Events that found it down. */
  missed = 0;
  /** Counts lives: what an earlier life has begun must not touch a later one. */
  incarnation = 0;
  work: NodeWork = idle();

  constructor(world: World, plan: NodePlan) {
    this.world = world;
    this.index = plan.index;
    this.#clock = plan.clock;
    const { troubles = [] } = plan;
    this.troubles = troubles;
    const apart = troubles.filter(({ kind }) => kind === "clock_apart");
    this.#monotonic = apart.reduce(
      (clock, { by }) => ({ ...clock, driftPpm: clock.driftPpm + by }),
      plan.clock,
    );
    const wall = troubles.filter(({ kind }) => WALL.has(kind));
    this.#wall = wall.length === 0 ? undefined : new ClockTroubles(world, wall);
    const late = troubles.filter(({ kind }) => LATENESS.has(kind));
    this.late = late.length === 0 ? undefined : new Lateness(world, this, late);
  }

  /** The node goes down; its timers and everything it was doing are gone. */
  crash(): void {
    this.up = false;
    this.incarnation += 1;
    this.work = idle();
    this.world.trace?.crashed(this);
  }

  /** The node comes back with what was durable. */
  restart(): void {
    this.up = true;
    this.world.trace?.restarted(this);
  }

  /** The wall clock of this node, microseconds since 1970. */
  wall(): Micros {
    if (this.#wall === undefined) return wallAt(this.#clock, this.world.now);
    const { time, shift } = this.#wall.read();
    return wallAt(this.#clock, time, shift);
  }

  /** The world as code on this node meets it, in its present life: timers of an earlier one never fire. */
  env(): Env {
    const clock: Clock = { wall: () => this.wall(), monotonic: () => this.monotonic() };
    const timers: Timers = { after: (delay, fire) => this.timer(delay, fire) };
    return {
      clock,
      timers,
      random: new KeyedRandom(hash32(this.world.seed, this.index, this.incarnation), this.scope),
      telemetry: this.world.telemetry,
    };
  }

  /** The monotonic clock of this node. */
  monotonic(): Micros {
    return monotonicAt(this.#monotonic, this.world.now);
  }

  /** A timer of the node's present life. */
  timer(delay: Micros, fire: () => void): CancelTimer {
    const { work } = this;
    const event = this.#due(delay, work, fire);
    return () => {
      if (event.fire === undefined) return;
      event.fire = undefined;
      work.timers -= 1;
    };
  }

  #due(delay: Micros, work: NodeWork, fire: () => void): SimEvent {
    work.timers += 1;
    const due = Math.max(0, delay);
    const late = this.late === undefined ? 0 : this.late.ofTimer(due);
    return this.world.after(due + late, TIMER_CODE + this.index, () => {
      work.timers -= 1;
      if (this.up && this.work === work) fire();
    });
  }

  /** An engine call of the present life, which fails after `left`; the function returned ends it, the first time. */
  engineCall(left: Micros, fail: () => void): () => void {
    const { work } = this;
    work.engineCalls += 1;
    const event = this.#due(left, work, () => {
      work.engineCalls -= 1;
      fail();
    });
    return () => {
      if (event.fire === undefined) return;
      event.fire = undefined;
      work.timers -= 1;
      work.engineCalls -= 1;
    };
  }

  /** Called where the node should have nothing left to do, after an operation of that number: notes what it has. */
  expectIdle(where: string, operation?: number): void {
    const { timers, requests, engineCalls } = this.work;
    if (timers + requests + engineCalls === 0) return;
    const left = `${timers} timers, ${requests} requests and ${engineCalls} engine calls`;
    this.world.noteLeft(`${left} at node ${this.index} ${where}${operation ?? ""}`);
  }
}

function idle(): NodeWork {
  return { timers: 0, requests: 0, engineCalls: 0 };
}

/** What a clock shows at a virtual time, microseconds since 1970, where its troubles shift it. */
export function wallAt(clock: ClockPlan, now: Micros, shift: Micros = 0): Micros {
  const exact = WALL_ORIGIN + monotonicAt(clock, now) + clock.offset + shift;
  return clock.resolution === 1 ? exact : exact - (exact % clock.resolution);
}

function monotonicAt(clock: ClockPlan, now: Micros): Micros {
  return now + Math.floor((now * clock.driftPpm) / 1_000_000);
}

/** Event codes of timers begin here; below are the links of the network. */
const TIMER_CODE = EVENTS.timer.code;
