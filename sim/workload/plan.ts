/** A plan: everything that is decided before a world runs. Plain data, so that a failure can be kept and cut down. */
import { type Micros, MILLISECOND } from "kvdal";
import { drawPoints } from "../amplify/draw.ts";
import { type CrashPlan, drawCrashes } from "../faults/crash.ts";
import { withCosts } from "../costs/with-costs.ts";
import { withExact } from "../exact/with-exact.ts";
import { type ClockProfile, drawClockProfile, drawClocks } from "../faults/clock.ts";
import { type CachePlan, drawCache } from "../faults/cache.ts";
import { type ConditionalPlan, drawConditional } from "../faults/conditional.ts";
import { drawFlips, type FlipPlan } from "../faults/flip.ts";
import { type CorePlan, drawCore } from "../faults/core.ts";
import { delayMax } from "../faults/link-troubles.ts";
import { drawRegions, type RegionsPlan, topologyOf } from "../faults/regions.ts";
import { drawReplicas, HINTS_IN, type ReplicasPlan } from "../faults/replicas.ts";
import { drawSlowEngine, type SlowEnginePlan } from "../faults/slow-engine.ts";
import { drawNetwork } from "../faults/network.ts";
import { drawCuts } from "../faults/partition.ts";
import { drawSwarm, type Swarm } from "../faults/swarm.ts";
import type { SparedName } from "../faults/registry/names.ts";
import { drawTroubles, type Trouble } from "../faults/trouble.ts";
import { between, chance, type KeyedRandom, planRandom } from "../world/keyed-random.ts";
import type { Cut, NetworkPlan } from "../world/network.ts";
import type { ClockPlan } from "../world/node.ts";
import { drawOperations } from "./draw-operations.ts";
import { drawKeys } from "./keys.ts";
import type { Consumer, WorkloadName } from "./consumers/consumer.ts";
import { drawLists, type ListsPlan, withLists } from "./lists-plan.ts";
import {
  drawFarNamespace,
  drawNamespace,
  type NamespacePlan,
  type WorldBounds,
} from "./namespace-plan.ts";
import type { Operation } from "./operation.ts";
import { healAtOf } from "./short-worlds.ts";
import type { VersionsPlan } from "./versions-plan.ts";

/** How many nodes of each kind a world has, and how much its clients do. */
export type Topology = {
  readonly clients: number;
  readonly operationsPerClient: number;
  readonly servers: number;
  readonly replicas: number;
  /** The kind of simulated engine, where its faults are drawn, too; two regions wherever they can be. */
  readonly engine?: "conditional" | "two-regions";
};

/** Three clients and two servers over three replicas. */
export const REPLICATED_TOPOLOGY: Topology = {
  clients: 3,
  operationsPerClient: 96,
  servers: 2,
  replicas: 3,
};

/** The plan of one world. */
export type Plan = {
  readonly seed: number;
  readonly topology: Topology;
  /** One a node: clients, then servers, then replicas, which are numbered in this order. */
  readonly clocks: readonly ClockPlan[];
  readonly namespace: NamespacePlan;
  readonly keys: readonly Uint8Array[];
  readonly records: number;
  /** One list a client. */
  readonly operations: readonly (readonly Operation[])[];
  readonly network: NetworkPlan;
  readonly cuts: readonly Cut[];
  readonly crashes: readonly CrashPlan[];
  readonly slowEngine: SlowEnginePlan;
  /** Of worlds over several replicas. */
  readonly replicas?: ReplicasPlan;
  /** Of worlds over a conditional engine. */
  readonly conditional?: ConditionalPlan;
  /** Of worlds of two regions: replicas, servers and clients are in the one or the other. */
  readonly regions?: RegionsPlan;
  /** Faults that befall one node for a while; none in most worlds. */
  readonly troubles: readonly Trouble[];
  /** Kinds that come with others, and do not happen here: what was not synced stays, what arrives twice is heard once. */
  readonly spared?: readonly SparedName[];
  /** Amplification points that are switched on, by their names; none in most worlds. */
  readonly amplified: readonly string[];
  /** In front of the engine, on the last node; undefined in most worlds. */
  readonly cache: CachePlan | undefined;
  /** Most requests that a server has in progress at a time; where it is small, some are refused (RES-2). */
  readonly requestsMax: number;
  readonly flips: readonly FlipPlan[];
  /** Undefined for a world without lists of mutations, as most are. */
  readonly lists: ListsPlan | undefined;
  /** Two versions of a dataset behind the alias, in worlds of a workload that has them. */
  readonly versions?: VersionsPlan;
  /** Whose workload it is; absent where it is no consumer's, as operations are drawn by default. */
  readonly workload?: WorkloadName;
  /** Who has to do at first, once faults are over; undefined for everybody. */
  readonly core: CorePlan | undefined;
  /** Whether the world is asked at its end what is known to the last byte; absent where it is not. */
  readonly exact?: true;
  /** Whether it is counted at its end what calls cost; absent where it is not. */
  readonly costs?: true;
  /** From here on nothing is lost, cut or down. */
  readonly healAt: Micros;
};

/**
 * Draws the plan of a seed. The same seed and topology give the same plan, everywhere; with `cached` every world has a
 * cache, not only some. With a workload what is read and written, and by how many, is its consumer's; the faults are
 * drawn as for any plan.
 */
export function drawPlan(
  seed: number,
  topology: Topology,
  cached = false,
  consumer?: Consumer,
): Plan {
  if (consumer === undefined) {
    const regions = cached ? undefined : drawnRegions(seed, topology);
    return withCosts(withExact(drawPlain(seed, topology, { cached, regions })));
  }
  const wanted = { cached: cached || consumer.isCached, regions: undefined };
  const plain = drawPlain(seed, consumer.topologyFrom(topology), wanted);
  const shaped = consumer.shape(plain, planRandom(seed, consumer.name));
  return { ...plain, lists: undefined, flips: [], ...shaped, workload: consumer.name };
}

/** One world in so many has two regions; all of them have in worlds of that engine. */
const REGIONS_IN = 24;

/** The regions of a world; undefined for one region. */
function drawnRegions(seed: number, topology: Topology): RegionsPlan | undefined {
  const { engine, replicas } = topology;
  const isAlways = engine === "two-regions";
  if (!isAlways && (engine !== undefined || replicas < 2)) return undefined;
  const random = planRandom(seed, "regions");
  if (!chance(random, 1, REGIONS_IN) && !isAlways) return undefined;
  const { calm } = drawSwarm(planRandom(seed, "swarm"));
  return drawRegions(random, { calm, until: healAtOf(topology) });
}

/** What a plan has beside what its seed says. A cache and lists of mutations are of one region. */
type Beside = { readonly cached: boolean; readonly regions: RegionsPlan | undefined };

function drawPlain(seed: number, given: Topology, { cached, regions }: Beside): Plan {
  const topology = topologyOf(given, regions);
  const nodes = topology.clients + topology.servers + topology.replicas;
  const shape = planRandom(seed, "shape");
  const allKeys = drawKeys(shape);
  const allRecords = between(shape, 1, 4);
  const thinkMax = between(shape, 0, 8) * MILLISECOND;
  const until = healAtOf(topology);
  const swarm = drawSwarm(planRandom(seed, "swarm"));
  const profile = drawClockProfile(planRandom(seed, "clock profile"));
  const network = drawNetwork(planRandom(seed, "network"), swarm);
  const operations = topology.operationsPerClient;
  // Real engines have the leavings of other worlds in their tables; conformance cases scan those.
  const scans = topology.replicas > 1 && chance(planRandom(seed, "scans"), 1, 7);
  const caching = { forced: cached, calm: swarm.calm, until };
  const isOneRegion = regions === undefined;
  const cache = isOneRegion ? drawCache(planRandom(seed, "cache"), caching) : undefined;
  const all = { keys: allKeys, records: allRecords, isMostlyRead: false };
  const { keys, records, isMostlyRead } = cache === undefined ? all : forCache(seed, all);
  const keyCount = keys.length;
  const workload = { records, keyCount, operations, thinkMax, isMostlyRead, scans };
  const skewMax = profile.offsetMax;
  const usualMax = network.latencyMax + (network.tailPpm === 0 ? 0 : network.tailMax);
  const lists = isOneRegion
    ? drawLists(planRandom(seed, "lists"), { servers: topology.servers, skewMax, healAt: until })
    : undefined;
  const befalling = drawNodes(seed, topology, {
    profile,
    swarm,
    isFarAllowed: lists === undefined,
    until,
  });
  const bounds = { skewMax, messageMax: usualMax + delayMax(befalling.troubles) };
  const operationsOf = (client: number): readonly Operation[] => {
    const random = planRandom(seed, `operations ${client}`);
    const drawn = drawOperations(random, workload, 1 + client * operations);
    if (lists === undefined) return drawn;
    const shape = { records, keyCount, others: lists.others };
    return withLists(planRandom(seed, `lists of ${client}`), drawn, shape);
  };
  const namespace = namespaceOf(planRandom(seed, "namespace"), bounds, regions);
  return {
    seed,
    topology,
    namespace,
    keys,
    records,
    operations: range(topology.clients).map(operationsOf),
    network,
    cuts: swarm.partition ? drawCuts(planRandom(seed, "cuts"), nodes, until) : [],
    ...befalling,
    ...drawEngine(seed, topology, { namespace, regions, swarm }),
    amplified: drawPoints(seed, swarm.calm),
    cache,
    requestsMax: drawRequestsMax(planRandom(seed, "requests")),
    flips: drawFlips(planRandom(seed, "flips"), topology.servers, until),
    lists,
    healAt: until,
  };
}

function namespaceOf(
  random: KeyedRandom,
  bounds: WorldBounds,
  regions: Beside["regions"],
): NamespacePlan {
  return regions === undefined ? drawNamespace(random, bounds) : drawFarNamespace(random, regions);
}

/** What is particular to an engine. */
function drawEngine(
  seed: number,
  { engine, replicas }: Topology,
  { namespace, regions, swarm }: Pick<Plan, "namespace"> & Pick<Beside, "regions"> & SwarmOf,
): Pick<Plan, "replicas" | "conditional" | "regions"> {
  if (engine === "conditional") {
    return { conditional: drawConditional(planRandom(seed, "conditional"), swarm.calm) };
  }
  if (engine !== undefined || replicas < 2) return {};
  // Hints are how a region is handed what it has missed.
  const hintsIn = regions === undefined ? HINTS_IN : 2;
  const drawn = drawReplicas(planRandom(seed, "replicas"), namespace, hintsIn);
  return { replicas: drawn, ...(regions && { regions }) };
}

type SwarmOf = { readonly swarm: Swarm };

/** What befalls nodes. */
function drawNodes(
  seed: number,
  topology: Topology,
  { profile, swarm, isFarAllowed, until }: NodeBounds,
): Pick<Plan, "clocks" | "crashes" | "slowEngine" | "troubles" | "core"> {
  const { clients, servers, replicas } = topology;
  const isFarDrawn = isFarAllowed && !swarm.calm;
  const clocks = drawClocks(seed, clients + servers + replicas, profile, isFarDrawn ? clients : 0);
  const crashes = swarm.crash ? drawCrashes(planRandom(seed, "crashes"), topology, until) : [];
  const bounds = { topology, clocks, profile, crashes, until };
  const troubles = swarm.calm ? [] : drawTroubles(planRandom(seed, "troubles"), bounds);
  const slowEngine = drawSlowEngine(planRandom(seed, "slow engine"), swarm.slowEngine);
  const core = drawCore(planRandom(seed, "core"), { topology, slowEngine, troubles });
  return { clocks, crashes, slowEngine, troubles, core };
}

type NodeBounds = {
  readonly profile: ClockProfile;
  readonly swarm: Swarm;
  /** Whether the clock of a client may be far off. */
  readonly isFarAllowed: boolean;
  readonly until: Micros;
};

/** What is read and written, and how, where a cache is to have something to do. */
function forCache(
  seed: number,
  { keys, records }: Pick<Plan, "keys" | "records">,
): Pick<Plan, "keys" | "records"> & { readonly isMostlyRead: boolean } {
  const random = planRandom(seed, "reading");
  const isMostlyRead = chance(random, 2, 3);
  // Few keys are hot ones: what a cache is for, and where its readers and writers meet.
  if (chance(random, 1, 2)) return { keys: keys.slice(0, 3), records: 1, isMostlyRead };
  return { keys, records, isMostlyRead };
}

/** One world in eight has servers that refuse work now and then. */
function drawRequestsMax(random: KeyedRandom): number {
  return chance(random, 1, 8) ? between(random, 2, 5) : 1_000;
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, i) => i);
}
