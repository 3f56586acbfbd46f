/** A simulated world: one queue of events, one virtual time, one fingerprint. Everything else hangs on it. */
import { type Micros, type RecordedTelemetry, recordedTelemetry } from "kvdal";
import { EventQueue, type SimEvent } from "./event-queue.ts";
import { Fingerprint } from "./fingerprint.ts";

/** A real engine's native call that waits to be made from outside the drain. */
export type OutboxCall = {
  /** Makes the call; settles when the engine has answered, one way or the other. Never rejects. */
  readonly make: () => Promise<() => void>;
};

/** The wall clocks' common origin: the first instant of 2026, microseconds since 1970. */
export const WALL_ORIGIN: Micros = 1_767_225_600_000_000;

/** The state that the run loop moves. */
export class World {
  readonly seed: number;
  readonly queue: EventQueue = new EventQueue();
  readonly fingerprint: Fingerprint = new Fingerprint();
  /** Virtual time, microseconds from the world's beginning. */
  now: Micros = 0;
  /** Events fired so far. */
  events = 0;
  /** Native calls that are due; the loop leaves its drain to make them (design, "A world over a real engine"). */
  readonly outbox: OutboxCall[] = [];
  /** What the code of all nodes counts, together. */
  readonly telemetry: RecordedTelemetry = recordedTelemetry();
  /** What was still there when it should have been gone (RES-1). */
  readonly left: string[] = [];

  constructor(seed: number) {
    this.seed = seed;
  }

  /** Schedules `fire` in `delay` microseconds of virtual time; it is left out when `at` is down by then. */
  after(delay: Micros, code: number, fire: () => void, at?: SimEvent["at"]): SimEvent {
    return this.queue.push(this.now + delay, code, fire, at);
  }

  /** Notes something that should be gone by now; the first is enough. */
  noteLeft(what: string): void {
    if (this.left.length === 0) this.left.push(what);
  }
}
