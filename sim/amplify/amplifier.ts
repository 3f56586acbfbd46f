/** The amplification points of one world while it runs: whether one fires is drawn by the request that comes by. */
import type { Micros } from "kvdal";
import { neverAborted } from "kvdal/client";
import { hash32, hashText, remix, scale } from "../world/keyed-random.ts";
import type { SimNode } from "../world/node.ts";
import type { World } from "../world/world.ts";
import { hasPoints } from "./has-points.ts";
import { POINT_NAMES, POINT_PLACES, POINTS } from "./list.ts";
import type { Point } from "./point.ts";

/** Of those that come by a point it fires for every second in some worlds, for every fourth, eighth or 16th in others. */
const FIRES_DOUBLINGS = 4;
/** Pauses last from the one to the other, microseconds, as many between each power of two and the next. */
const PAUSE_MIN: Micros = 64;
const PAUSE_DOUBLINGS = 10;

/** By the place of each point in the list: whether it is switched on (1), how often it was come by, and fired. */
export type PointCounts = {
  readonly active: Uint32Array;
  readonly reached: Uint32Array;
  readonly fired: Uint32Array;
};

/** What the code of a request asks, at a point. */
export type RequestPoints = {
  readonly fires: (name: string) => boolean;
  /** Waits for as long as is drawn, and never for more than half of the time that is left. */
  readonly pause: (name: string, within?: PauseBounds) => Promise<void>;
};

/** Until when a pause may last by the node's monotonic clock, and what ends it. */
export type PauseBounds = { readonly deadline: Micros; readonly signal: AbortSignal };

/** A request at a server, in so much time: until a monotonic instant of the server. */
export type AmplifiedRequest = {
  readonly server: SimNode;
  readonly key: number;
  readonly deadline: Micros;
};

/** Those of one world. */
export class Amplifier {
  readonly counts: PointCounts = {
    active: new Uint32Array(POINT_NAMES.length),
    reached: new Uint32Array(POINT_NAMES.length),
    fired: new Uint32Array(POINT_NAMES.length),
  };
  /** Told when a server passes its cache by. */
  onCachePassed: () => void = () => undefined;
  /** From then on none fires, by virtual time: whoever repeats what a point disturbs comes to an end. */
  readonly #until: Micros;
  /** Names of draws, by the points that are switched on. */
  readonly #draws: ReadonlyMap<string, number>;

  /** Throws where the code of this process has no points: it would run another world than the plan says. */
  constructor(active: readonly string[], until: Micros) {
    this.#until = until;
    if (active.length > 0 && !hasPoints()) {
      throw new Error(
        `the plan has amplification points (${active[0]}, …), and this process was started without them: ` +
          'plantPoints() of "kvdal/sim/amplify" is to be called before "kvdal/sim" is loaded',
      );
    }
    this.#draws = new Map(active.map((name) => [name, hashText(name)]));
    for (const name of active) this.counts.active[POINT_PLACES.get(name) as number] = 1;
  }

  /** The points as a request at a server meets them; undefined in a world without any. */
  of({ server, key, deadline }: AmplifiedRequest): RequestPoints | undefined {
    if (this.#draws.size === 0) return undefined;
    return this.#points(server, () => key, { deadline, signal: neverAborted });
  }

  /** The points as the operations of a client meet them, whose key is that of its draws. */
  ofClient(node: SimNode): RequestPoints | undefined {
    return this.#draws.size === 0 ? undefined : this.#points(node, () => node.scope.key);
  }

  #points(node: SimNode, keyOf: () => number, bounds?: PauseBounds): RequestPoints {
    const seen = new Map<string, number>();
    let seenKey = keyOf();
    const drawFor = (name: string): number =>
      hash32(node.world.seed, this.#draws.get(name) ?? 0, seenKey, seen.get(name) ?? 0);
    return {
      fires: (name) => {
        if (node.world.now >= this.#until || !this.#draws.has(name)) return false;
        if (seenKey !== keyOf()) seen.clear();
        seenKey = keyOf();
        seen.set(name, (seen.get(name) ?? 0) + 1);
        if (!this.#fires(name, drawFor(name), node.world)) return false;
        // Only of a world that is watched.
        node.world.trace?.fired(node, seenKey, POINTS[POINT_PLACES.get(name) as number] as Point);
        return true;
      },
      pause: (name, within = bounds) => {
        const drawn = pauseOf(remix(drawFor(name), 1));
        if (within === undefined) return pauseAt(node, drawn, neverAborted);
        // A server that stood still would answer late, and none can help that: it is only slow. What wakes it may be
        // late by itself, at every pause.
        const left = within.deadline - node.monotonic() - (node.late?.max ?? 0);
        if (left < 2) return Promise.resolve();
        return pauseAt(node, Math.min(Math.floor(left / 2), drawn), within.signal);
      },
    };
  }

  #fires(name: string, draw: number, world: World): boolean {
    const place = POINT_PLACES.get(name) as number;
    this.counts.reached[place]! += 1;
    const oneIn = 2 << scale(hash32(world.seed, this.#draws.get(name) ?? 0), FIRES_DOUBLINGS);
    if (scale(draw, oneIn) > 0) return false;
    this.counts.fired[place]! += 1;
    if (POINTS[place]?.passesCache === true) this.onCachePassed();
    return true;
  }
}

function pauseOf(bits: number): Micros {
  const least = PAUSE_MIN << scale(remix(bits, 1), PAUSE_DOUBLINGS);
  return least + scale(remix(bits, 2), least);
}

/** A node that goes down meanwhile goes on with nothing. */
function pauseAt(node: SimNode, delay: Micros, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancelTimer();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancelTimer = node.timer(delay, end);
    if (signal !== neverAborted) signal.addEventListener("abort", end);
  });
}
