/**
 * A fingerprint that also notes what it is told, for runs that somebody looks into: a world without one pays nothing.
 * At an event of choice it has the environment drawn anew from there on.
 */
import type { Micros } from "kvdal";
import { Fingerprint } from "./fingerprint.ts";
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
export class EventTap extends Fingerprint {
  readonly fired: FiredEvent[] = [];
  readonly #world: World;
  readonly #reroll: Reroll | undefined;
  #time: Micros = 0;
  #answers: number[] = [];
  /** The event told last, and whether its code is still to come. */
  #event = 0;
  #isCodeNext = false;

  constructor(world: World, reroll?: Reroll) {
    super();
    this.#world = world;
    this.#reroll = reroll;
  }

  override add(value: number): void {
    super.add(value);
    const { events } = this.#world;
    if (events !== this.#event) {
      this.#event = events;
      this.#time = value;
      this.#isCodeNext = true;
      if (events === this.#reroll?.event) this.#drawAnew(this.#reroll);
    } else if (this.#isCodeNext) {
      this.#isCodeNext = false;
      this.#answers = [];
      this.fired.push({ time: this.#time, code: value, answers: this.#answers });
    } else this.#answers.push(value);
  }

  #drawAnew({ seed, spread }: Reroll): void {
    this.#world.seed = seed;
    this.#world.spread = spread;
  }
}
