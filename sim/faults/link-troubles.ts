/** What troubles of nodes do to the messages that they send and are sent. Verdicts are keyed, as the network's own are. */
import type { Micros } from "kvdal";
import { remix, scale } from "../world/keyed-random.ts";
import type { World } from "../world/world.ts";
import { faultPlace } from "./registry/index.ts";
import { lastsAt } from "./span.ts";
import type { Trouble } from "./trouble.ts";

/** What becomes of one message. */
export type Fate = {
  readonly isLost: boolean;
  /** It takes so much longer. */
  readonly more: Micros;
  /** It arrives a second time, so much later; 0 where it does not. */
  readonly again: Micros;
};

/** What says what becomes of messages. */
export type LinkFates = {
  /** Whether anything can become of messages from one node to the other. */
  readonly concern: (from: number, to: number) => boolean;
  readonly fate: (message: Passing) => Fate;
};

/** A message on its way. */
export type Passing = {
  readonly from: number;
  readonly to: number;
  /** Whether its receiver is up, now. */
  readonly isUp: boolean;
  /** The bits that its fate is drawn from. */
  readonly bits: number;
  /** How long it would take. */
  readonly latency: Micros;
};

/** Later than usual latencies differ. */
export const LATE: Micros = 1_600;
const MILLION = 1_000_000;
/** Of the messages that can be replayed, one in so many is. */
const REPLAYED_IN = 4;
/** Exponential tails double no more often than that. */
const DOUBLINGS_MAX = 3;

/** The troubled links of a world. */
export class LinkTroubles implements LinkFates {
  readonly #world: World;
  readonly #troubles: readonly (Trouble & { readonly place: number })[];
  readonly #clients: number;
  readonly #servers: number;
  /** Nodes that have any trouble, of whatever kind, or that one is about; -1 where a trouble is about no other. */
  readonly #troubled: ReadonlySet<number>;

  constructor(
    world: World,
    troubles: readonly Trouble[],
    { clients, servers }: { readonly clients: number; readonly servers: number },
  ) {
    this.#world = world;
    this.#troubles = troubles.map((trouble) => ({ ...trouble, place: faultPlace(trouble.kind) }));
    this.#clients = clients;
    this.#servers = clients + servers;
    this.#troubled = new Set(troubles.flatMap(({ node, other }) => [node, other]));
  }

  /** Whether anything can become of messages from one to the other. */
  concern(from: number, to: number): boolean {
    return this.#troubled.has(from) || this.#troubled.has(to);
  }

  /** What becomes of a message. */
  fate(message: Passing): Fate {
    const { from, to } = message;
    const { now } = this.#world;
    let [more, again] = [0, 0];
    for (const trouble of this.#troubles) {
      if (trouble.node !== from && trouble.node !== to) continue;
      // Over, or to begin when the message has arrived.
      if (now >= trouble.until || now + message.latency + more < trouble.at) continue;
      const bits = remix(message.bits, 64 + trouble.place * 64 + trouble.node);
      if (this.#loses(trouble, { ...message, bits, latency: message.latency + more })) {
        return { isLost: true, more, again };
      }
      if (now < trouble.at) continue;
      more += this.#delay(trouble, bits);
      again ||= this.#replay(trouble, { ...message, bits });
    }
    return { isLost: false, more, again };
  }

  #loses(trouble: Placed, message: Passing): boolean {
    const { kind, at, by, node, other, place } = trouble;
    const { now, tally } = this.#world;
    const { from, to, isUp, latency, bits } = message;
    const lose = (mattered: boolean): true => {
      tally.count(place, mattered);
      return true;
    };
    if (kind === "reset") return now < at && at <= now + latency && lose(true);
    if (!lastsAt(trouble, now)) return false;
    if (kind === "partition_partial") return (from === other || to === other) && lose(isUp);
    // Clients come first, then servers, then replicas: answers go down.
    const isReply = kind === "reply_loss" && node === from && to < from;
    return isReply && scale(bits, MILLION) < by && lose(isUp);
  }

  #delay({ kind, until, by, place }: Placed, bits: number): Micros {
    const { now, tally } = this.#world;
    let more = 0;
    if (kind === "clog" || kind === "swizzle") more = until - now;
    else if (kind === "reorder") more = scale(bits, by);
    else if (kind === "tails_bimodal") more = (bits & 1) * by;
    else if (kind === "tails_exponential") {
      more = by * 2 ** Math.min(DOUBLINGS_MAX, Math.clz32(bits));
    }
    if (more > 0) tally.count(place, more > LATE);
    return more;
  }

  /** Only what clients ask of servers: there the age of a token says what comes too late. */
  #replay({ kind, by, place, node }: Placed, { from, to, isUp, bits }: Passing): Micros {
    const isRequest = node === from && to >= this.#clients && to < this.#servers;
    if (kind !== "late_replay" || !isRequest || scale(bits, REPLAYED_IN) !== 0) return 0;
    this.#world.tally.count(place, isUp);
    return by;
  }
}

type Placed = Trouble & { readonly place: number };

/** How much longer each kind lets messages to replicas take at most. */
const DELAYS: Partial<Record<Trouble["kind"], (trouble: Trouble) => Micros>> = {
  clog: lastsFor,
  swizzle: lastsFor,
  pause: lastsFor,
  zombie: lastsFor,
  reorder: ({ by }) => by,
  tails_bimodal: ({ by }) => by,
  slow_node: ({ by }) => by,
  tails_exponential: ({ by }) => by * 2 ** DOUBLINGS_MAX,
};

function lastsFor({ at, until }: Trouble): Micros {
  return until - at;
}

/** Longest that messages to replicas can take beyond what the network's own faults make of them. */
export function delayMax(troubles: readonly Trouble[]): Micros {
  return troubles.reduce((sum, trouble) => sum + (DELAYS[trouble.kind]?.(trouble) ?? 0), 0);
}
