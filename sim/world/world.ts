/** A simulated world: one queue of events, one virtual time, one fingerprint. Everything else hangs on it. */
import { type Applied, type Micros, type RecordedTelemetry, recordedTelemetry } from "kvdal";
import { Amplifier } from "../amplify/amplifier.ts";
import type { PageRecord, SeenItem } from "../check/history.ts";
import type { SparedName } from "../faults/registry/names.ts";
import { FaultTally } from "../faults/tally.ts";
import { EventQueue, type SimEvent } from "./event-queue.ts";
import { Fingerprint } from "./fingerprint.ts";
import type { Touches } from "./touches.ts";
import type { WorldTrace } from "./trace.ts";

/** A scan was given up after so many pages more, by an error with this code, or by its caller; then it went on. */
export type ScanStop = { readonly pages: number; readonly code: string | undefined };

/** An operation of a world, as it went. */
export type JournalEntry = {
  readonly operation: number;
  readonly client: number;
  readonly begun: Micros;
  /** Undefined while it is under way. */
  ended: Micros | undefined;
  /** What its client was told: `ok`, or the code of an error. */
  outcome: string;
  /** Of a write that ended with an error: whether it may have been applied, as its client was told. */
  applied?: Applied;
  /** Of a read: how many items came. */
  items: number;
  /** The event at which it ended. */
  endEvent: number;
  /** Of a read: what came, in its order, of a scan with its record; of a read by pages also those. */
  seen?: readonly (SeenItem & { readonly record?: number })[];
  pages?: readonly PageRecord[];
  /** Of a scan: how many pages came, and where it was given up and gone on with. */
  scanned?: { readonly pages: number; readonly stops: readonly ScanStop[] };
  /** Of a write: the time of its token. */
  dated?: Micros;
};

/** A real engine's native call that waits to be made from outside the drain. */
export type OutboxCall = {
  /** Makes the call; settles when the engine has answered, one way or the other. Never rejects. */
  readonly make: () => Promise<() => void>;
};

/** The wall clocks' common origin: the first instant of 2026, microseconds since 1970. */
export const WALL_ORIGIN: Micros = 1_767_225_600_000_000;

/** What is amplified in a world, and until when; and what never happens in it, though it comes with what does. */
export type Amplification = {
  readonly amplified: readonly string[];
  readonly healAt: Micros;
  readonly spared?: readonly SparedName[];
};

/** The state that the run loop moves. */
export class World {
  /** What all draws of the environment are keyed by. */
  seed: number;
  queue: EventQueue = new EventQueue();
  fingerprint: Fingerprint = new Fingerprint();
  /** Every operation that has begun, in order, where somebody wants to know. */
  journal: JournalEntry[] | undefined;
  /** Usual latencies may be longer by so much than planned, in a future that is drawn anew; else 0. */
  spread: Micros = 0;
  /** Virtual time, microseconds from the world's beginning. */
  now: Micros = 0;
  /** Events fired so far. */
  events = 0;
  /** Native calls that are due; the loop leaves its drain to make them (design, "A world over a real engine"). */
  readonly outbox: OutboxCall[] = [];
  /** What the code of all nodes counts, together. */
  readonly telemetry: RecordedTelemetry = recordedTelemetry();
  /** Which faults touch which calls; undefined where nobody counts. */
  touches: Touches | undefined;
  /** How often faults fired, and mattered. */
  readonly tally: FaultTally = new FaultTally();
  /** From then on nothing is lost, late or down. */
  isHealed = false;
  /** Its amplification points; none unless its plan has some. */
  readonly amplifier: Amplifier;
  /** Kinds of fault that come with others, and never do here. */
  readonly spared: readonly SparedName[];
  /** What was still there when it should have been gone (RES-1). */
  readonly left: string[] = [];

  /** Undefined for a world that nobody watches. */
  readonly trace: WorldTrace | undefined;

  /** `amplified` names the points that may fire until the virtual time `healAt`. */
  constructor(
    seed: number,
    trace?: WorldTrace,
    { amplified, healAt, spared = [] }: Amplification = { amplified: [], healAt: 0 },
  ) {
    this.spared = spared;
    this.seed = seed;
    this.amplifier = new Amplifier(amplified, healAt);
    this.trace = trace;
  }

  /** Faults are over. */
  heal(): void {
    this.isHealed = true;
    this.trace?.mark("healed");
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
