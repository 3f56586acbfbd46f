/** The wall clock of a node that has troubles: how far it is beside the one that it would be without. */
import type { Micros } from "kvdal";
import type { World } from "../world/world.ts";
import { faultPlace } from "./registry/index.ts";
import type { Trouble } from "./trouble.ts";

/** How far a wall clock is shifted by its troubles, at a virtual time. */
export function shiftAt(troubles: readonly Trouble[], now: Micros): Micros {
  let shift = 0;
  for (const trouble of troubles) if (now >= trouble.at) shift += shiftBy(trouble, now);
  return shift;
}

function shiftBy({ kind, at, until, by }: Trouble, now: Micros): Micros {
  if (kind === "clock_freeze") return now < until ? at - now : 0;
  if (kind !== "clock_smear" || now >= until) return by;
  return Math.floor((by * (now - at)) / (until - at));
}

/** The troubles of one node's wall clock. */
export class ClockTroubles {
  readonly #world: World;
  readonly #troubles: readonly Trouble[];
  /** Those that somebody has seen already. */
  readonly #seen: Set<Trouble> = new Set();

  constructor(world: World, troubles: readonly Trouble[]) {
    this.#world = world;
    this.#troubles = troubles;
    for (const { kind } of troubles) world.tally.count(faultPlace(kind), false);
  }

  /** How far the clock is shifted now, for somebody who looks at it. */
  shift(): Micros {
    const { now, tally } = this.#world;
    for (const trouble of this.#troubles) {
      if (now < trouble.at || this.#seen.has(trouble)) continue;
      this.#seen.add(trouble);
      const isOver = trouble.kind === "clock_freeze" && now >= trouble.until;
      if (!isOver) tally.matters(faultPlace(trouble.kind));
    }
    return shiftAt(this.#troubles, now);
  }
}
