/** A node that is late to what is due at it: paused, slow, or with timers that fire late. */
import type { Micros } from "kvdal";
import { hash32, scale } from "../world/keyed-random.ts";
import type { World } from "../world/world.ts";
import { faultPlace } from "./registry/index.ts";
import { lastsAt } from "./span.ts";
import type { Trouble } from "./trouble.ts";

const SLOW = faultPlace("slow_node");
const TIMERS = faultPlace("timers_late");
const PAUSES = { pause: faultPlace("pause"), zombie: faultPlace("zombie") } as const;

/** Who a zombie goes on with: what it was at. */
type Worker = { readonly index: number; readonly work: { readonly requests: number } };

/** The lateness of one node. */
export class Lateness {
  /** Longest that anything due at the node can be late. */
  readonly max: Micros;
  readonly #world: World;
  readonly #node: Worker;
  readonly #troubles: readonly Trouble[];
  #count = 0;

  constructor(world: World, node: Worker, troubles: readonly Trouble[]) {
    this.#world = world;
    this.#node = node;
    this.#troubles = troubles;
    this.max = troubles.reduce((sum, { kind, by, at, until }) => {
      return sum + (kind === "pause" || kind === "zombie" ? until - at : by);
    }, 0);
  }

  /** What a message that is due in `delay` microseconds has to wait beyond that. */
  ofMessage(delay: Micros): Micros {
    return this.#late(delay, false);
  }

  /** What a timer that is due in `delay` microseconds has to wait beyond that. */
  ofTimer(delay: Micros): Micros {
    return this.#late(delay, true);
  }

  #late(delay: Micros, isTimer: boolean): Micros {
    const { now, isHealed } = this.#world;
    if (isHealed) return 0;
    let due = now + delay;
    for (const trouble of this.#troubles) {
      if (lastsAt(trouble, due)) due += this.#lateBy(trouble, due, isTimer);
    }
    return due - now - delay;
  }

  #lateBy({ kind, until, by }: Trouble, due: Micros, isTimer: boolean): Micros {
    const { tally, seed } = this.#world;
    if (kind === "pause" || kind === "zombie") {
      tally.count(PAUSES[kind], kind === "pause" || this.#node.work.requests > 0);
      return until - due;
    }
    if ((kind === "timers_late") !== isTimer) return 0;
    this.#count += 1;
    const late = scale(hash32(seed, this.#node.index, this.#count, 0x1a7e), by + 1);
    tally.count(kind === "timers_late" ? TIMERS : SLOW, late > 0);
    return late;
  }
}
