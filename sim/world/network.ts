/** The network: latency with tails, loss, duplication, reorder, partitions. Verdicts are keyed, not streamed. */
import type { Micros } from "kvdal";
import { faultBit } from "../faults/kinds.ts";
import type { LinkFates } from "../faults/link-troubles.ts";
import { faultPlace } from "../faults/registry/index.ts";
import { hash32, remix, scale } from "./keyed-random.ts";
import type { SimNode } from "./node.ts";
import type { Carried, WatchedMessage } from "./trace.ts";
import type { World } from "./world.ts";

/** How the links behave. Chances are in millionths. */
export type NetworkPlan = {
  /** Shortest and usual longest one-way latency, microseconds. Unequal latencies reorder messages. */
  readonly latencyMin: Micros;
  readonly latencyMax: Micros;
  /** How often a message takes up to `tailMax` instead. */
  readonly tailPpm: number;
  readonly tailMax: Micros;
  readonly lossPpm: number;
  readonly duplicatePpm: number;
};

/** A cut of directed links for a time. */
export type Cut = {
  readonly from: Micros;
  readonly until: Micros;
  /** Nodes on one side; the others are on the other. */
  readonly island: readonly number[];
  /** `both`: nothing passes; `out`: nothing leaves the island; `in`: nothing reaches it. */
  readonly direction: "both" | "out" | "in";
};

/** What the network did, for the report and for proof that faults happened. */
export type NetworkCounters = {
  sent: number;
  lost: number;
  cut: number;
  duplicated: number;
  delayed: number;
};

const MILLION = 1_000_000;
const [LOSS, DUPLICATE] = [faultBit("loss"), faultBit("duplicate")];
const [TAILS, PARTITION] = [faultBit("tails"), faultBit("partition")];
const COUNTS = {
  partition: faultPlace("partition"),
  oneWay: faultPlace("partition_one_way"),
  loss: faultPlace("loss"),
  duplicate: faultPlace("duplicate"),
  tails: faultPlace("tails"),
} as const;
const DRAW_LOSS = 1;
const DRAW_DUPLICATE = 2;
const DRAW_LATENCY = 3;
const DRAW_DOUBLE = 4;

/** The network of one world. */
export class Network {
  readonly counters: NetworkCounters = { sent: 0, lost: 0, cut: 0, duplicated: 0, delayed: 0 };
  readonly #world: World;
  readonly #plan: NetworkPlan;
  readonly #cuts: readonly Cut[];
  readonly #fates: LinkFates | undefined;

  constructor(world: World, plan: NetworkPlan, cuts: readonly Cut[], fates?: LinkFates) {
    this.#world = world;
    this.#plan = plan;
    this.#cuts = cuts;
    this.#fates = fates;
  }

  /**
   * Sends a message: `receive` is called on arrival, not at all when it is lost or the receiver is down, twice
   * when it is duplicated. `key` names the message: its fate depends on the key and the link alone. It leaves
   * after `wait` microseconds. What it carries is for whoever watches.
   */
  send(
    from: SimNode,
    to: SimNode,
    key: number,
    receive: () => void,
    wait: Micros = 0,
    carried?: Carried,
  ): void {
    const { counters } = this;
    const { tally } = this.#world;
    const link = from.index * 64 + to.index;
    const bits = hash32(this.#world.seed, key, link);
    const watched = this.#world.trace?.sent({ from, to, key, wait, carried });
    counters.sent += 1;
    if (!this.#world.isHealed) {
      const cut = this.#cutOf(from.index, to.index);
      if (cut !== undefined) {
        counters.cut += 1;
        watched?.dropped("cut");
        this.#world.touches?.onLink(from.index, to.index, PARTITION);
        tally.count(cut.direction === "both" ? COUNTS.partition : COUNTS.oneWay, to.up);
        return;
      }
      if (happens(this.#plan.lossPpm, bits, DRAW_LOSS)) {
        counters.lost += 1;
        watched?.dropped("lost");
        this.#world.touches?.onLink(from.index, to.index, LOSS);
        tally.count(COUNTS.loss, to.up);
        return;
      }
      if (happens(this.#plan.duplicatePpm, bits, DRAW_DUPLICATE)) {
        counters.duplicated += 1;
        this.#world.touches?.onLink(from.index, to.index, DUPLICATE);
        tally.count(COUNTS.duplicate, to.index > from.index);
        const delay = wait + this.#latency(remix(bits, DRAW_DOUBLE), link);
        this.#deliver(to, link, delay, receive, watched);
      }
    }
    const delay = wait + this.#latency(remix(bits, DRAW_LATENCY), link);
    if (this.#world.isHealed || this.#fates?.concern(from.index, to.index) !== true) {
      this.#deliver(to, link, delay, receive, watched);
      return;
    }
    const message = { from: from.index, to: to.index, isUp: to.up, bits, latency: delay };
    const { isLost, more, again } = this.#fates.fate(message);
    if (isLost) {
      counters.lost += 1;
      watched?.dropped("lost");
    } else this.#deliver(to, link, delay + more, receive, watched);
    if (again > 0) this.#deliver(to, link, delay + more + again, receive, watched);
  }

  #deliver(
    to: SimNode,
    link: number,
    delay: Micros,
    receive: () => void,
    watched: WatchedMessage | undefined,
  ): void {
    const due = delay + (to.late === undefined ? 0 : to.late.ofMessage(delay));
    this.#world.after(due, link, watched?.copy(due, receive) ?? receive, to);
  }

  #latency(bits: number, link: number): Micros {
    const { latencyMin, latencyMax, tailPpm, tailMax } = this.#plan;
    const usual = latencyMin + scale(bits, latencyMax - latencyMin + 1 + this.#world.spread);
    if (this.#world.isHealed || scale(remix(bits, 1), MILLION) >= tailPpm) return usual;
    this.counters.delayed += 1;
    this.#world.touches?.onLink(link >> 6, link & 63, TAILS);
    const tail = scale(remix(bits, 2), tailMax);
    this.#world.tally.count(COUNTS.tails, usual + tail > latencyMax);
    return usual + tail;
  }

  #cutOf(from: number, to: number): Cut | undefined {
    const { now } = this.#world;
    for (const cut of this.#cuts) {
      if (now < cut.from || now >= cut.until) continue;
      const leaves = cut.island.includes(from);
      if (leaves === cut.island.includes(to)) continue;
      if (cut.direction === "both" || (cut.direction === "out") === leaves) return cut;
    }
    return undefined;
  }
}

/** Whether a chance of so many millionths comes up, by a draw made of `bits` for one purpose. */
function happens(ppm: number, bits: number, purpose: number): boolean {
  return ppm !== 0 && scale(remix(bits, purpose), MILLION) < ppm;
}
