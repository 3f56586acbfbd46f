/** Deadlines of calls in this process, of which most end within the turn of the event loop in which they began. */
import type { Micros } from "../model/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { CancelTimer, Timers } from "../ports/timers.ts";

/** A call whose deadline is watched. */
export type WatchedCall = {
  readonly deadline: Micros;
  readonly onLate: () => void;
  /** New in this turn: it has no timer yet. */
  isNew: boolean;
  cancelTimer: CancelTimer | undefined;
};

/**
 * Watches deadlines. A timer a call is a good part of what a call in memory costs; here those that begin in one turn
 * have one look together when the turn is over, and only those that are still out by then get timers. No deadline is
 * missed for that: timers do not fire within a turn either.
 */
export class DeadlineWatch {
  readonly #clock: Clock;
  readonly #timers: Timers;
  #new: WatchedCall[] = [];
  /** Of the new ones, those that have not ended. */
  #out = 0;
  #cancelLook: CancelTimer = () => undefined;

  constructor(clock: Clock, timers: Timers) {
    this.#clock = clock;
    this.#timers = timers;
  }

  /** Calls `onLate` once the monotonic clock shows `deadline`, unless `end` comes first. */
  begin(deadline: Micros, onLate: () => void): WatchedCall {
    if (this.#new.length === 0) this.#cancelLook = this.#timers.after(0, () => this.#look());
    const call = { deadline, onLate, isNew: true, cancelTimer: undefined };
    this.#new.push(call);
    this.#out += 1;
    return call;
  }

  /** The call is over: nothing is left of it here (RES-1). */
  end(call: WatchedCall): void {
    call.cancelTimer?.();
    if (!call.isNew) return;
    call.isNew = false;
    this.#out -= 1;
    if (this.#out > 0) return;
    this.#cancelLook();
    this.#new = [];
  }

  /** The turn is over. */
  #look(): void {
    const calls = this.#new;
    this.#new = [];
    this.#out = 0;
    const now = this.#clock.monotonic();
    for (const call of calls) {
      if (!call.isNew) continue;
      call.isNew = false;
      call.cancelTimer = this.#timers.after(Math.max(0, call.deadline - now), call.onLate);
    }
  }
}
