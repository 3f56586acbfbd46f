/** What befalls messages between two regions: they take longer, are lost, arrive twice, or do not pass at all. */
import { remix, scale } from "../world/keyed-random.ts";
import type { World } from "../world/world.ts";
import type { Topology } from "../workload/plan.ts";
import { type Fate, LATE, type LinkFates, type Passing } from "./link-troubles.ts";
import { faultPlace } from "./registry/index.ts";
import { regionOf, type RegionsPlan } from "./regions.ts";
import { lastsAt } from "./span.ts";

const MILLION = 1_000_000;
const UNTOUCHED: Fate = { isLost: false, more: 0, again: 0 };
const LOST: Fate = { isLost: true, more: 0, again: 0 };
/** Purposes of draws, beyond those of the network and of troubles. */
const [DRAW_LOSS, DRAW_LAG, DRAW_DUPLICATE, DRAW_AGAIN] = [0x7001, 0x7002, 0x7003, 0x7004];
const PLACES = {
  lag: faultPlace("region_lag"),
  loss: faultPlace("region_loss"),
  duplicate: faultPlace("region_duplicate"),
  cut: faultPlace("region_cut"),
} as const;

/** The links between the regions of a world. */
export class RegionLinks implements LinkFates {
  readonly #world: World;
  readonly #plan: RegionsPlan;
  readonly #clients: number;
  /** By node. */
  readonly #regions: readonly number[];

  constructor(world: World, topology: Topology, plan: RegionsPlan) {
    const { clients, servers, replicas } = topology;
    this.#world = world;
    this.#plan = plan;
    this.#clients = clients;
    this.#regions = Array.from({ length: clients + servers + replicas }, (_, node) =>
      regionOf(node, topology, plan),
    );
  }

  /** Whether they are of two regions, or one of them may be of a region that nobody reaches. */
  concern(from: number, to: number): boolean {
    if (this.#plan.failovers.length > 0) return true;
    const isOfClient = from < this.#clients || to < this.#clients;
    return !isOfClient && this.#regions[from] !== this.#regions[to];
  }

  /** What becomes of a message. Clients are near to whatever region they call. */
  fate({ from, to, isUp, bits }: Passing): Fate {
    if (this.#isShutOff(from) !== this.#isShutOff(to)) return LOST;
    const isWithin = this.#regions[from] === this.#regions[to];
    if (isWithin || from < this.#clients || to < this.#clients) return UNTOUCHED;
    const { tally, now } = this.#world;
    const { cuts, lossPpm, duplicatePpm, lag, spread } = this.#plan;
    if (cuts.some((cut) => lastsAt(cut, now))) {
      tally.count(PLACES.cut, isUp);
      return LOST;
    }
    if (scale(remix(bits, DRAW_LOSS), MILLION) < lossPpm) {
      tally.count(PLACES.loss, isUp);
      return LOST;
    }
    const more = lag + scale(remix(bits, DRAW_LAG), spread + 1);
    if (more > 0) tally.count(PLACES.lag, more > LATE);
    if (scale(remix(bits, DRAW_DUPLICATE), MILLION) >= duplicatePpm) {
      return { isLost: false, more, again: 0 };
    }
    tally.count(PLACES.duplicate, isUp);
    return { isLost: false, more, again: 1 + scale(remix(bits, DRAW_AGAIN), lag + spread) };
  }

  /** Whether a server or replica is of a region that is up, and that nobody reaches. */
  #isShutOff(node: number): boolean {
    if (node < this.#clients) return false;
    const { now } = this.#world;
    return this.#plan.failovers.some(
      (failover) =>
        !failover.isGone && this.#regions[node] === failover.region && lastsAt(failover, now),
    );
  }
}
