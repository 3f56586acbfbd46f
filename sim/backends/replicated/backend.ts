/** Simulated replicas in the engine's place of a world: three, or those of two regions. */
import { isLive, type Partition } from "kvdal/engine";
import type { View } from "../../check/history.ts";
import { EVENTS } from "../../world/event-codes.ts";
import { hash32 } from "../../world/keyed-random.ts";
import type { Network } from "../../world/network.ts";
import type { SimNode } from "../../world/node.ts";
import type { Carried } from "../../world/trace.ts";
import { WALL_ORIGIN } from "../../world/world.ts";
import { keyedSignal } from "../../world/request-key.ts";
import { settledAfter } from "../../workload/namespace-plan.ts";
import { type Plan, REPLICATED_TOPOLOGY } from "../../workload/plan.ts";
import { SHORT_OPERATIONS } from "../../workload/short-worlds.ts";
import { type BackendFactory, pointsOf } from "../backend.ts";
import { Arrivals } from "./arrivals.ts";
import { REPLICATED_CAPABILITIES } from "./capabilities.ts";
import { createCoordinator } from "./coordinator.ts";
import { faultPlace } from "../../faults/registry/index.ts";
import { regionOf } from "../../faults/regions.ts";
import type { Trouble } from "../../faults/trouble.ts";
import { join } from "./join.ts";
import { mutationsOf, Replica, shown } from "./replica.ts";

/** The engine of `sim` without `--engine`. */
export const REPLICATED: BackendFactory = {
  name: "replicated",
  topology: REPLICATED_TOPOLOGY,
  hasRegions: true,
  create: (world, network, nodes, slowness, plan) => {
    const habits = plan.replicas;
    const replicas = nodes.map((node) => new Replica(node));
    const { localTo, arrivals } = regionsOf(replicas, plan);
    const replicaOf = (index: number): Replica | undefined =>
      replicas.find((replica) => replica.node.index === index);
    return {
      callsLastAsRequests: false,
      writesAtOnce: REPLICATED_CAPABILITIES.atomicWrite === "record",
      openEngine: (server) => {
        const local = localTo(server);
        return createCoordinator({ server, network, replicas, local, slowness, habits });
      },
      recordId: (record) => `record-${record}`,
      within: (scope, work) => work(keyedSignal(scope.key, pointsOf(scope))),
      crash: (node) => replicaOf(node.index)?.crash(),
      restart: (node) => replicaOf(node.index)?.restart(),
      befall: (node, trouble) => befall(replicaOf(node.index), trouble),
      recover: (node, { kind }) => {
        const replica = replicaOf(node.index);
        if (replica === undefined) return;
        if (kind !== "corruption") replica.restart();
        if (kind !== "torn_write") join(replica, replicas, network);
      },
      repair: () => {
        repair(replicas, network);
        // Lists are applied much later than they were accepted: their worlds keep all tombstones.
        if (habits?.compacts !== true || plan.lists !== undefined) return;
        const grace = settledAfter(plan.namespace);
        for (const replica of replicas) {
          world.after(grace + replica.node.index, EVENTS.compaction.code, () =>
            replica.compact(grace),
          );
        }
      },
      views: (id, table) => {
        const at = { table, id };
        return replicas.map((replica) => viewOf(replica, at, WALL_ORIGIN + world.now));
      },
      ...(arrivals && { arrived: (written) => arrivals.of(written) }),
      inconclusive: () => undefined,
    };
  },
};

/** The same, with two regions in every world. */
export const TWO_REGIONS: BackendFactory = {
  ...REPLICATED,
  name: "two-regions",
  topology: { ...REPLICATED_TOPOLOGY, engine: "two-regions" },
};

/** The same replicas in worlds whose clients do little: what a pull request has the time for. */
export const REPLICATED_SHORT: BackendFactory = {
  ...REPLICATED,
  name: "replicated-short",
  topology: { ...REPLICATED_TOPOLOGY, operationsPerClient: SHORT_OPERATIONS },
};

/** All worlds over simulated replicas: those that `kvdal diagram` shows as they are. */
export const REPLICATED_WORLDS: readonly BackendFactory[] = [
  REPLICATED,
  REPLICATED_SHORT,
  TWO_REGIONS,
];

/** Which replicas are near to a server, and what came to each region when; nothing of it where there is one region. */
function regionsOf(
  replicas: readonly Replica[],
  { topology, regions }: Plan,
): {
  readonly localTo: (server: SimNode) => readonly Replica[] | undefined;
  readonly arrivals: Arrivals | undefined;
} {
  if (regions === undefined) return { localTo: () => undefined, arrivals: undefined };
  const regionAt = ({ index }: SimNode): number => regionOf(index, topology, regions);
  return {
    localTo: (server) => replicas.filter(({ node }) => regionAt(node) === regionAt(server)),
    arrivals: new Arrivals(replicas, ({ node }) => regionAt(node)),
  };
}

function befall(replica: Replica | undefined, trouble: Trouble): void {
  if (replica === undefined) return;
  const mattered = replica.suffer(trouble);
  replica.node.world.tally.count(faultPlace(trouble.kind), mattered);
}

/** Anti-entropy: every replica sends all it has to every other, as the writes it came from. */
function repair(replicas: readonly Replica[], network: Network): void {
  for (const from of replicas) {
    for (const [table, records] of from.tables) {
      for (const [id, record] of records) {
        const mutations = mutationsOf(shown(record));
        for (const to of replicas) {
          if (to === from || mutations.length === 0) continue;
          const key = hash32(from.node.index, to.node.index, id.length, mutations.length);
          const partition = { table, id };
          const carried: Carried | undefined = from.node.world.trace && {
            kind: "repair",
            partition,
            mutations,
          };
          const take = (): void => void to.write(partition, mutations, key);
          network.send(from.node, to.node, key, take, 0, carried);
        }
      }
    }
  }
}

function viewOf(replica: Replica, at: Partition, now: number): View {
  const view: View[number][] = [];
  const record = replica.record(at);
  record?.rows.visit({}, false, (row) => {
    if (isLive(row.key, row.version, record.tombstones, now)) {
      view.push({ key: row.key, time: row.version.time, nonce: row.version.nonce });
    }
    return true;
  });
  return view;
}
