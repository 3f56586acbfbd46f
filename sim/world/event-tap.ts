/**
 * All events of a run and what clients were told at each. At an event of choice it has the environment drawn anew from
 * there on.
 */
import type { Micros } from "kvdal";
import { EventReader } from "./event-reader.ts";
import type { World } from "./world.ts";

/** An event that was fired. */
export type FiredEvent = {
  readonly time: Micros;
  readonly code: number;
  /** What clients were told at it: other runs may have the same events and other answers. */
  readonly answers: readonly number[];
};

/** From event number `event` on, counted from 1, draws go by another seed, and latencies are spread by so much more. */
export type Reroll = { readonly event: number; readonly seed: number; readonly spread: Micros };

/** The tap of one world. */
export class EventTap extends EventReader {
  readonly fired: FiredEvent[] = [];
  readonly #reroll: Reroll | undefined;
  #answers: number[] = [];

  constructor(world: World, reroll?: Reroll) {
    super(world);
    this.#reroll = reroll;
  }

  protected override begins(event: number): void {
    if (event === this.#reroll?.event) this.#drawAnew(this.#reroll);
  }

  protected override fires(time: Micros, code: number): void {
    this.#answers = [];
    this.fired.push({ time, code, answers: this.#answers });
  }

  protected override tells(value: number): void {
    this.#answers.push(value);
  }

  #drawAnew({ seed, spread }: Reroll): void {
    this.world.seed = seed;
    this.world.spread = spread;
  }
}
