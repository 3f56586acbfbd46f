/**
 * Two regions: who is in the second, how long what one sends the other takes, when nothing passes between them, and a
 * failover: a region is cut off from everybody, or down, and its clients go on in the other one for a while.
 */
import { type Micros, MILLISECOND } from "kvdal";
import { between, chance, type KeyedRandom, pick } from "../world/keyed-random.ts";
import type { Topology } from "../workload/plan.ts";
import type { Span } from "./span.ts";

/** The regions of a world. */
export type RegionsPlan = {
  /** What the namespace asks for; its target is READ_YOUR_WRITES. */
  readonly scope: "LOCAL" | "GLOBAL";
  /** Of each kind of node so many, the last ones, are in the second region. */
  readonly second: Pick<Topology, "clients" | "servers" | "replicas">;
  /** What goes from one region to the other takes so much longer, and up to `spread` more. */
  readonly lag: Micros;
  readonly spread: Micros;
  /** How often that is lost, or arrives twice; millionths. */
  readonly lossPpm: number;
  readonly duplicatePpm: number;
  /** Nothing passes between the regions. */
  readonly cuts: readonly Span[];
  readonly failovers: readonly FailoverPlan[];
};

/** A region that is lost for a while. */
export type FailoverPlan = Span & {
  /** 0 or 1. */
  readonly region: number;
  /** Whether its servers and replicas are down; else they are up, and nobody reaches them. */
  readonly isGone: boolean;
  /** How much later its clients go to the other region, and how much later they come back. */
  readonly notice: Micros;
};

/** Kinds of fault that only worlds of two regions have. */
export const REGION_FAULTS = [
  "region_lag",
  "region_loss",
  "region_duplicate",
  "region_cut",
  "region_failover",
] as const;

/** The name of such a kind. */
export type RegionFault = (typeof REGION_FAULTS)[number];

/** Chances that are drawn, the least first. */
export const REGION_PPM: readonly number[] = [2_000, 20_000, 200_000];
/** Calls of one region do not wait for the other: it may be as far behind as it likes. */
const LOCAL_LAGS: readonly Micros[] = [500, 2_000, 8_000, 30_000, 120_000];
/** Calls that wait for both are to be answered all the same. */
const GLOBAL_LAGS: readonly Micros[] = [300, 1_000, 3_000];
/** All that are drawn; as much again may come as their spread. */
export const REGION_LAGS: readonly Micros[] = [...GLOBAL_LAGS, ...LOCAL_LAGS];

/** Draws the regions of a world; in a calm one nothing happens to them but the lag. */
export function drawRegions(
  random: KeyedRandom,
  { calm, until }: { readonly calm: boolean; readonly until: Micros },
): RegionsPlan {
  const isGlobal = chance(random, 1, 3);
  const lag = pick(random, isGlobal ? GLOBAL_LAGS : LOCAL_LAGS);
  const sometimes = (): number => {
    const [is, ppm] = [chance(random, 1, 2), pick(random, REGION_PPM)];
    return is && !calm ? ppm : 0;
  };
  return {
    scope: isGlobal ? "GLOBAL" : "LOCAL",
    second: {
      clients: between(random, 1, 2),
      servers: between(random, 1, 2),
      // Of two equal regions neither is a majority by itself.
      replicas: isGlobal && chance(random, 1, 2) ? 2 : 3,
    },
    lag,
    spread: random.below(lag + 1),
    lossPpm: sometimes(),
    duplicatePpm: sometimes(),
    cuts: !calm && chance(random, 1, 2) ? drawCuts(random, until).filter(lasts) : [],
    failovers: !calm && chance(random, 2, 3) ? [drawFailover(random, until)].filter(lasts) : [],
  };
}

/** Faults of a short world are over before some would begin: those do not happen. */
function lasts({ at, until }: Span): boolean {
  return at < until;
}

function drawCuts(random: KeyedRandom, until: Micros): readonly Span[] {
  return Array.from({ length: between(random, 1, 2) }, () => drawSpan(random, until));
}

function drawFailover(random: KeyedRandom, until: Micros): FailoverPlan {
  return {
    region: random.below(2),
    ...drawSpan(random, until),
    isGone: chance(random, 1, 2),
    notice: between(random, 1, 30) * MILLISECOND,
  };
}

function drawSpan(random: KeyedRandom, until: Micros): Span {
  const at = between(random, 20, 250) * MILLISECOND;
  return { at, until: Math.min(at + between(random, 20, 200) * MILLISECOND, until) };
}

/** So many nodes as a world of these regions has, or of one where they are undefined. */
export function topologyOf(topology: Topology, regions: RegionsPlan | undefined): Topology {
  const { engine, ...plain } = topology;
  if (regions === undefined) return engine === "two-regions" ? plain : topology;
  return {
    ...plain,
    servers: topology.servers + regions.second.servers,
    replicas: topology.replicas + regions.second.replicas,
  };
}

/** The region of a node: 0 or 1. */
export function regionOf(
  node: number,
  { clients, servers, replicas }: Topology,
  { second }: RegionsPlan,
): number {
  if (node < clients) return node < clients - second.clients ? 0 : 1;
  if (node < clients + servers) return node < clients + servers - second.servers ? 0 : 1;
  return node < clients + servers + replicas - second.replicas ? 0 : 1;
}
