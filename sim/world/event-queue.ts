/** What happens next: a binary heap of events by virtual time, first come first served within one instant. */
import type { Micros } from "kvdal";

/** An event. Without `fire` it was cancelled: it is skipped, not counted and leaves no trace. */
export type SimEvent = {
  readonly time: Micros;
  /** Breaks ties by the order of scheduling. */
  readonly order: number;
  /** What kind of event it is and where it happens, for the fingerprint. */
  readonly code: number;
  fire: (() => void) | undefined;
  /** Where it happens, if it comes to nothing when that is down. */
  readonly at: { readonly up: boolean; missed?: number } | undefined;
};

/** A queue of events. */
export class EventQueue {
  readonly #heap: SimEvent[] = [];
  #order = 0;

  /** Events in the queue, cancelled ones included. */
  get size(): number {
    return this.#heap.length;
  }

  /** Schedules `fire` for virtual time `time`; the event returned can be cancelled by clearing its `fire`. */
  push(time: Micros, code: number, fire: () => void, at?: SimEvent["at"]): SimEvent {
    const event: SimEvent = { time, order: this.#order, code, fire, at };
    this.#order += 1;
    this.#rise(event);
    return event;
  }

  /** Takes the earliest event out; undefined when there is none. */
  pop(): SimEvent | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first;
  }

  #rise(event: SimEvent): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as SimEvent;
      if (isBefore(above, event)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #sink(event: SimEvent): void {
    const heap = this.#heap;
    const length = heap.length;
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      const right = child + 1;
      if (right < length && isBefore(heap[right] as SimEvent, heap[child] as SimEvent)) {
        child = right;
      }
      const below = heap[child] as SimEvent;
      if (isBefore(event, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = event;
  }
}

function isBefore(a: SimEvent, b: SimEvent): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
