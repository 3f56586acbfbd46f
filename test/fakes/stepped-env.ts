import type { Micros } from "../../src/model/time.ts";
import type { Env } from "../../src/ports/env.ts";
import type { Random } from "../../src/ports/random.ts";
import { type RecordedTelemetry, recordedTelemetry } from "../../src/system/recorded-telemetry.ts";

/** A world whose time moves only when told to. */
export type SteppedEnv = Env & {
  readonly telemetry: RecordedTelemetry;
  /** Moves time on, firing on the way whatever is due, each at its own instant, with turns between. */
  readonly advance: (by: Micros) => Promise<void>;
  /** Moves the clocks without firing anything: a process that was held up. */
  readonly stall: (by: Micros) => void;
  /** Sets the wall clock alone. */
  readonly setWall: (now: Micros) => void;
  /** Timers that have neither fired nor been cancelled. */
  readonly pendingTimers: () => number;
};

/** Wall time at which every stepped world begins. */
export const WALL_BEGIN: Micros = 1_700_000_000_000_000;

type Timer = { readonly due: Micros; readonly fire: () => void };

/** A stepped world; its chance is a count, so that each draw is known. */
export function steppedEnv(draw: (bound: number) => number = () => 0): SteppedEnv {
  let monotonic: Micros = 5_000;
  let wall: Micros = WALL_BEGIN;
  const timers = new Set<Timer>();
  const move = (by: Micros): void => {
    monotonic += by;
    wall += by;
  };
  const next = (until: Micros): Timer | undefined =>
    [...timers].filter(({ due }) => due <= until).toSorted((a, b) => a.due - b.due)[0];
  return {
    clock: { wall: () => wall, monotonic: () => monotonic },
    timers: {
      after: (delay, fire) => {
        const timer = { due: monotonic + Math.max(0, delay), fire };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    random: countingRandom(draw),
    telemetry: recordedTelemetry(),
    advance: async (by) => {
      const until = monotonic + by;
      await settle();
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        timers.delete(timer);
        move(Math.max(0, timer.due - monotonic));
        timer.fire();
        await settle();
      }
      move(until - monotonic);
    },
    stall: move,
    setWall: (now) => {
      wall = now;
    },
    pendingTimers: () => timers.size,
  };
}

/** Lets everything that can go on without time go on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function countingRandom(draw: (bound: number) => number): Random {
  let count = 0;
  return {
    below: draw,
    bytes: (length) => {
      count += 1;
      const bytes = new Uint8Array(length);
      if (length >= 4) new DataView(bytes.buffer).setUint32(length - 4, count);
      return bytes;
    },
    fork: () => countingRandom(draw),
  };
}
