/** A fingerprint that reads what it is told: which event fires, by which code, and what clients are told at it. */
import type { Micros } from "kvdal";
import { Fingerprint } from "./fingerprint.ts";
import type { World } from "./world.ts";

/** Hands what it reads to whoever extends it, for runs that somebody looks into: a world without one pays nothing. */
export abstract class EventReader extends Fingerprint {
  protected readonly world: World;
  #time: Micros = 0;
  /** The event told last, and whether its code is still to come. */
  #event = 0;
  #isCodeNext = false;

  constructor(world: World) {
    super();
    this.world = world;
  }

  /** Event number `event`, counted from 1, is about to fire. */
  protected begins(_event: number): void {}

  /** It fires. */
  protected abstract fires(time: Micros, code: number): void;

  /** A client is told something at it. */
  protected abstract tells(value: number): void;

  override add(value: number): void {
    super.add(value);
    const { events } = this.world;
    if (events !== this.#event) {
      this.#event = events;
      this.#time = value;
      this.#isCodeNext = true;
      this.begins(events);
    } else if (this.#isCodeNext) {
      this.#isCodeNext = false;
      this.fires(this.#time, value);
    } else this.tells(value);
  }
}
