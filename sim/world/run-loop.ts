/**
 * The run loop: pop the earliest event, set the time, fire it, drain the microtasks, next. Synchronous, entered
 * from a macrotask; it is left only while a real engine's answer is awaited.
 */
import { findDrain, type Drain } from "./drain.ts";
import { createTraps } from "./traps.ts";
import type { World } from "./world.ts";

/** Why a run of the loop ended. */
export type LoopEnd = "idle" | "native" | "steps";

/** Most events of one world: a run that needs more does not end by itself. */
export const EVENTS_MAX = 2_000_000;

/** Fires events until there are none, a native call waits, or the world's events are used up. */
export function runEvents(world: World, drain: Drain): LoopEnd {
  const { queue, fingerprint, outbox } = world;
  while (world.events < EVENTS_MAX) {
    const event = queue.pop();
    if (event === undefined) return "idle";
    const { fire, at } = event;
    if (fire === undefined) continue;
    event.fire = undefined;
    world.now = event.time;
    world.events += 1;
    fingerprint.add(event.time);
    fingerprint.add(event.code);
    if (at === undefined || at.up) {
      fire();
      drain();
    } else {
      at.missed = (at.missed ?? 0) + 1;
      world.touches?.foundDown(event.code);
    }
    if (outbox.length > 0) return "native";
  }
  return "steps";
}

/**
 * Fires a world's events one a macrotask, without traps, beside whatever else the process does: for engines that stand
 * alone. Call what it returns whenever something was begun.
 */
export function createPump(world: World): () => void {
  let isRunning = false;
  const step = (): void => {
    const event = world.queue.pop();
    isRunning = event !== undefined;
    if (event === undefined) return;
    setImmediate(step);
    const { fire, at } = event;
    if (fire === undefined) return;
    event.fire = undefined;
    world.now = Math.max(world.now, event.time);
    if (at === undefined || at.up) fire();
  };
  return () => {
    if (isRunning) return;
    isRunning = true;
    setImmediate(step);
  };
}

const traps = createTraps();
let drain: Drain | undefined;

/**
 * Runs `work` synchronously from a macrotask, with the traps set and stack traces off (an error costs six times
 * as much with one). Resolves with what it returns; rejects with what it throws.
 */
export function inMacrotask<T>(work: (drain: Drain) => T): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  setImmediate(() => {
    const { stackTraceLimit } = Error;
    try {
      drain ??= findDrain();
      Error.stackTraceLimit = 0;
      traps.set();
      const done = work(drain);
      const sprung = traps.sprung();
      // Whoever reached for it may have swallowed what it was told.
      if (sprung === undefined) resolve(done);
      else reject(sprung);
    } catch (error) {
      reject(error);
    } finally {
      traps.lift();
      Error.stackTraceLimit = stackTraceLimit;
    }
  });
  return promise;
}

/** Runs a world to its end, leaving the loop for each native call of a real engine. */
export async function runWorld(world: World): Promise<LoopEnd> {
  for (;;) {
    const end = await inMacrotask((drain) => runEvents(world, drain));
    if (end !== "native") return end;
    for (let call = world.outbox.shift(); call !== undefined; call = world.outbox.shift()) {
      const deliver = await call.make();
      deliver();
    }
  }
}
