/** The wall clock of a node that has troubles: what it shows beside what it would show without. */
import type { Micros } from "kvdal";
import type { World } from "../world/world.ts";
import { faultPlace } from "./registry/index.ts";
import type { Trouble } from "./trouble.ts";

/** What a wall clock with troubles shows: what it would show at this virtual time without them, shifted by so much. */
export type ClockReading = { readonly time: Micros; readonly shift: Micros };

/** What a wall clock shows at a virtual time. One that is frozen does not drift either. */
export function readingAt(troubles: readonly Trouble[], now: Micros): ClockReading {
  let [time, shift] = [now, 0];
  for (const trouble of troubles) {
    if (now < trouble.at) continue;
    if (trouble.kind !== "clock_freeze") shift += shiftBy(trouble, now);
    else if (now < trouble.until) time = Math.min(time, trouble.at);
  }
  return { time, shift };
}

function shiftBy({ kind, at, until, by }: Trouble, now: Micros): Micros {
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

  /** What the clock shows now, for somebody who looks at it. */
  read(): ClockReading {
    const { now, tally } = this.#world;
    for (const trouble of this.#troubles) {
      if (now < trouble.at || this.#seen.has(trouble)) continue;
      this.#seen.add(trouble);
      const isOver = trouble.kind === "clock_freeze" && now >= trouble.until;
      if (!isOver) tally.matters(faultPlace(trouble.kind));
    }
    return readingAt(this.#troubles, now);
  }
}
