/** A plan: everything that is decided before a world runs. Plain data, so that a failure can be kept and cut down. */
import { type Micros, MILLISECOND } from "kvdal";
import { drawPoints } from "../amplify/draw.ts";
import { type CrashPlan, drawCrashes } from "../faults/crash.ts";
import { type ClockProfile, drawClockProfile, drawClocks } from "../faults/clock.ts";
import { type CachePlan, drawCache } from "../faults/cache.ts";
import { type ConditionalPlan, drawConditional } from "../faults/conditional.ts";
import { drawFlips, type FlipPlan } from "../faults/flip.ts";
import { type CorePlan, drawCore } from "../faults/core.ts";
import { delayMax } from "../faults/link-troubles.ts";
import { drawReplicas, type ReplicasPlan } from "../faults/replicas.ts";
import { drawSlowEngine, type SlowEnginePlan } from "../faults/slow-engine.ts";
import { drawNetwork } from "../faults/network.ts";
import { drawCuts } from "../faults/partition.ts";
import { drawTroubles, type Trouble } from "../faults/trouble.ts";
import { between, chance, type KeyedRandom, planRandom } from "../world/keyed-random.ts";
import type { Cut, NetworkPlan } from "../world/network.ts";
import type { ClockPlan } from "../world/node.ts";
import { drawOperations } from "./draw-operations.ts";
import { drawKeys } from "./keys.ts";
import type { Consumer, WorkloadName } from "./consumers/consumer.ts";
import { drawLists, type ListsPlan, withLists } from "./lists-plan.ts";
import { drawNamespace, type NamespacePlan } from "./namespace-plan.ts";
import type { Operation } from "./operation.ts";
import type { VersionsPlan } from "./versions-plan.ts";

/** How many nodes of each kind a world has, and how much its clients do. */
export type Topology = {
  readonly clients: number;
  readonly operationsPerClient: number;
  readonly servers: number;
  readonly replicas: number;
  /** The kind of simulated engine, where its faults are drawn, too. */
  readonly engine?: "conditional";
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
  /** Faults that befall one node for a while; none in most worlds. */
  readonly troubles: readonly Trouble[];
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
  if (consumer === undefined) return drawPlain(seed, topology, cached);
  const plain = drawPlain(seed, consumer.topologyFrom(topology), cached || consumer.isCached);
  const shaped = consumer.shape(plain, planRandom(seed, consumer.name));
  return { ...plain, lists: undefined, flips: [], ...shaped, workload: consumer.name };
}

function drawPlain(seed: number, topology: Topology, cached: boolean): Plan {
  const nodes = topology.clients + topology.servers + topology.replicas;
  const shape = planRandom(seed, "shape");
  const allKeys = drawKeys(shape);
  const allRecords = between(shape, 1, 4);
  const thinkMax = between(shape, 0, 8) * MILLISECOND;
  const swarm = drawSwarm(planRandom(seed, "swarm"));
  const profile = drawClockProfile(planRandom(seed, "clock profile"));
  const network = drawNetwork(planRandom(seed, "network"), swarm);
  const healAt = 400 * MILLISECOND;
  const operations = topology.operationsPerClient;
  // Real engines have the leavings of other worlds in their tables; conformance cases scan those.
  const scans = topology.replicas > 1 && chance(planRandom(seed, "scans"), 1, 12);
  const cache = drawCache(planRandom(seed, "cache"), {
    forced: cached,
    calm: swarm.calm,
    until: healAt,
  });
  const all = { keys: allKeys, records: allRecords, isMostlyRead: false };
  const { keys, records, isMostlyRead } = cache === undefined ? all : forCache(seed, all);
  const keyCount = keys.length;
  const workload = { records, keyCount, operations, thinkMax, isMostlyRead, scans };
  const skewMax = profile.offsetMax;
  const usualMax = network.latencyMax + (network.tailPpm === 0 ? 0 : network.tailMax);
  const usual = { skewMax, messageMax: usualMax };
  const lists = drawLists(planRandom(seed, "lists"), topology.servers, usual);
  const befalling = drawNodes(seed, topology, {
    profile,
    swarm,
    isFarAllowed: lists === undefined,
    until: healAt,
  });
  const bounds = { skewMax, messageMax: usualMax + delayMax(befalling.troubles) };
  const operationsOf = (client: number): readonly Operation[] => {
    const random = planRandom(seed, `operations ${client}`);
    const drawn = drawOperations(random, workload, 1 + client * operations);
    if (lists === undefined) return drawn;
    const shape = { records, keyCount, others: lists.others };
    return withLists(planRandom(seed, `lists of ${client}`), drawn, shape);
  };
  const namespace = drawNamespace(planRandom(seed, "namespace"), bounds);
  return {
    seed,
    topology,
    namespace,
    keys,
    records,
    operations: range(topology.clients).map(operationsOf),
    network,
    cuts: swarm.partition ? drawCuts(planRandom(seed, "cuts"), nodes, healAt) : [],
    ...befalling,
    ...drawEngine(seed, topology, namespace, swarm),
    amplified: drawPoints(seed, swarm.calm),
    cache,
    requestsMax: drawRequestsMax(planRandom(seed, "requests")),
    flips: drawFlips(planRandom(seed, "flips"), topology.servers, healAt),
    lists,
    healAt,
  };
}

/** What is particular to an engine. */
function drawEngine(
  seed: number,
  { engine, replicas }: Topology,
  namespace: NamespacePlan,
  { calm }: Swarm,
): Pick<Plan, "replicas" | "conditional"> {
  if (engine === "conditional") {
    return { conditional: drawConditional(planRandom(seed, "conditional"), calm) };
  }
  if (engine !== undefined || replicas < 2) return {};
  return { replicas: drawReplicas(planRandom(seed, "replicas"), namespace) };
}

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

/** Which kinds of fault a world has: swarm testing leaves some out, so that others show what they can do. */
export type Swarm = {
  /** None at all. */
  readonly calm: boolean;
  readonly loss: boolean;
  readonly duplicate: boolean;
  readonly tails: boolean;
  readonly partition: boolean;
  readonly crash: boolean;
  readonly slowEngine: boolean;
};

/** One world in eight has no faults but latency; half of the others have all, half a random choice. */
function drawSwarm(random: KeyedRandom): Swarm {
  const calm = chance(random, 1, 8);
  const all = chance(random, 1, 2);
  const on = (): boolean => !calm && (chance(random, 1, 2) || all);
  return {
    calm,
    loss: on(),
    duplicate: on(),
    tails: on(),
    partition: on(),
    crash: on(),
    slowEngine: on(),
  };
}

/** One world in eight has servers that refuse work now and then. */
function drawRequestsMax(random: KeyedRandom): number {
  return chance(random, 1, 8) ? between(random, 2, 5) : 1_000;
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, i) => i);
}
