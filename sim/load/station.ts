/** A place that does one piece of work after another: what an engine with so much capacity is to its callers. */
import type { Micros } from "kvdal";
import type { World } from "../world/world.ts";

/** How a station works. */
export type StationPlan = {
  /** Pieces of work at a time. */
  readonly workers: number;
  /** How long the n-th piece takes, microseconds. */
  readonly micros: (n: number) => Micros;
};

/** Event codes of stations begin here. */
const STATION_CODE = 40_000;

/**
 * A station with a queue that has no end: what is in it will be done, in order, whoever has given up waiting by then.
 * That is what makes overload stay.
 */
export class Station {
  readonly #world: World;
  readonly #index: number;
  readonly #plan: StationPlan;
  readonly #queue: (() => void)[] = [];
  #next = 0;
  #busy = 0;
  #done = 0;

  constructor(world: World, index: number, plan: StationPlan) {
    this.#world = world;
    this.#index = index;
    this.#plan = plan;
  }

  /** Pieces that were done. */
  get done(): number {
    return this.#done;
  }

  /** Does the work when it is its turn. */
  work<T>(piece: () => Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      this.#queue.push(() => resolve(piece()));
      this.#begin();
    });
  }

  #begin(): void {
    while (this.#busy < this.#plan.workers && this.#next < this.#queue.length) {
      const piece = this.#queue[this.#next] as () => void;
      this.#next += 1;
      if (this.#next > QUEUE_SLACK) {
        this.#queue.splice(0, this.#next);
        this.#next = 0;
      }
      this.#busy += 1;
      const micros = this.#plan.micros(this.#done + this.#busy);
      this.#world.after(micros, STATION_CODE + this.#index, () => {
        this.#busy -= 1;
        this.#done += 1;
        piece();
        this.#begin();
      });
    }
  }
}

/** Places at the front of a queue that may be empty before it is moved up. */
const QUEUE_SLACK = 1_000;
