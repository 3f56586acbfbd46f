/**
 * All steps of one run, for laying two runs side by side: events fired, events scheduled and from where, and what
 * clients were told. Taken only of runs that somebody looks into, and no longer than memory allows.
 */
import type { PlanRun } from "../plan-run.ts";
import { EventReader } from "../world/event-reader.ts";
import { EventQueue, type SimEvent } from "../world/event-queue.ts";
import { callersIn, stackHere } from "../world/stack.ts";

/** One step. */
export type Step = {
  readonly kind: "fires" | "schedules" | "tells";
  /** Number of the event that is being handled, from 1; 0 before the first. */
  readonly event: number;
  /** Of an event: when it happens or is to happen. */
  readonly time: number;
  /** Of an event its code; else what is told. */
  readonly code: number;
  /** Of an event that fires: the step that scheduled it; undefined where that was before the world began. */
  readonly scheduledAt?: number | undefined;
  /** Of an event that is scheduled: who does it, nearest first. */
  readonly stack?: readonly string[];
};

/** Most steps that are kept. */
export const STEPS_MAX = 400_000;

/** A fingerprint that notes every step of its world. */
export class StepLog extends EventReader {
  readonly steps: Step[] = [];
  readonly #stacks = new Map<string, readonly string[]>();
  /** By the event's place in the order of scheduling; those that are still to come. */
  readonly #scheduledAt = new Map<number, number>();
  #popped = -1;

  protected override fires(time: number, code: number): void {
    const scheduledAt = this.#scheduledAt.get(this.#popped);
    this.#scheduledAt.delete(this.#popped);
    this.#keep({ kind: "fires", event: this.world.events, time, code, scheduledAt });
  }

  protected override tells(value: number): void {
    const { events: event, now: time } = this.world;
    this.#keep({ kind: "tells", event, time, code: value });
  }

  scheduled({ order, time, code }: SimEvent): void {
    if (this.steps.length >= STEPS_MAX) return;
    this.#scheduledAt.set(order, this.steps.length);
    const stack = this.#stack();
    this.#keep({ kind: "schedules", event: this.world.events, time, code, stack });
  }

  popped({ order }: SimEvent): void {
    this.#scheduledAt.delete(this.#popped);
    this.#popped = order;
  }

  #keep(step: Step): void {
    if (this.steps.length < STEPS_MAX) this.steps.push(step);
  }

  /** Each stack is kept once, however many events are scheduled from there. */
  #stack(): readonly string[] {
    const here = stackHere();
    const known = this.#stacks.get(here);
    if (known !== undefined) return known;
    const stack = callersIn(here, isOfScheduling);
    this.#stacks.set(here, stack);
    return stack;
  }
}

/** Frames that every event is scheduled through say nothing. */
function isOfScheduling(frame: string): boolean {
  return /sim\/(divergence\/step-log|world\/(world|run-loop|node))\.ts/.test(frame);
}

/** Hands everything on to the queue of a world, and tells a log. */
class LoggedQueue extends EventQueue {
  readonly #inner: EventQueue;
  readonly #log: StepLog;

  constructor(inner: EventQueue, log: StepLog) {
    super();
    this.#inner = inner;
    this.#log = log;
  }

  override get size(): number {
    return this.#inner.size;
  }

  override push(...given: Parameters<EventQueue["push"]>): SimEvent {
    const event = this.#inner.push(...given);
    this.#log.scheduled(event);
    return event;
  }

  override pop(): SimEvent | undefined {
    const event = this.#inner.pop();
    if (event !== undefined) this.#log.popped(event);
    return event;
  }
}

/** Has all steps of a run noted, which has not begun yet. */
export function logSteps({ world }: Pick<PlanRun, "world">): StepLog {
  const log = new StepLog(world);
  world.fingerprint = log;
  world.queue = new LoggedQueue(world.queue, log);
  return log;
}
