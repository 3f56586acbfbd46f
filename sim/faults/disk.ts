/** What a replica stores on, while it has no room, takes no writes, or is busy with itself. */
import type { Micros } from "kvdal";
import { hash32, scale } from "../world/keyed-random.ts";
import type { SimNode } from "../world/node.ts";
import { faultPlace } from "./registry/index.ts";
import { lastsAt } from "./span.ts";
import type { Trouble } from "./trouble.ts";
import { DISK } from "./trouble-groups.ts";

const STALL = faultPlace("stall");

/** The disk of one replica. */
export class Disk {
  readonly #node: SimNode;
  readonly #troubles: readonly Trouble[];

  private constructor(node: SimNode, troubles: readonly Trouble[]) {
    this.#node = node;
    this.#troubles = troubles;
  }

  /** The disk of a node; undefined where nothing ever befalls it. */
  static of(node: SimNode): Disk | undefined {
    const troubles = node.troubles.filter(({ kind }) => DISK.has(kind));
    return troubles.length === 0 ? undefined : new Disk(node, troubles);
  }

  /** Whether it does not take the write of that name, now. */
  refuses(key: number): boolean {
    for (const trouble of this.#troubles) {
      const { kind } = trouble;
      const refuses = kind === "read_only" || (kind === "disk_full" && key % 2 === 0);
      if (!refuses || !this.#isNow(trouble)) continue;
      this.#node.world.tally.count(faultPlace(kind), true);
      return true;
    }
    return false;
  }

  /** How much longer than usual it takes over what is named so, now. */
  stall(key: number): Micros {
    let wait = 0;
    for (const trouble of this.#troubles) {
      if (trouble.kind !== "stall" || !this.#isNow(trouble)) continue;
      const { seed, tally } = this.#node.world;
      wait += scale(hash32(seed, key, this.#node.index, 0x57a1), trouble.by + 1);
      tally.count(STALL, true);
    }
    return wait;
  }

  #isNow(trouble: Trouble): boolean {
    const { now, isHealed } = this.#node.world;
    return !isHealed && lastsAt(trouble, now);
  }
}
