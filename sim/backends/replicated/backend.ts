/** Three simulated replicas in the engine's place of a world. */
import { isLive, type Partition } from "kvdal/engine";
import type { View } from "../../check/history.ts";
import { EVENTS } from "../../world/event-codes.ts";
import { hash32 } from "../../world/keyed-random.ts";
import type { Network } from "../../world/network.ts";
import type { Carried } from "../../world/trace.ts";
import { WALL_ORIGIN } from "../../world/world.ts";
import { keyedSignal } from "../../world/request-key.ts";
import { settledAfter } from "../../workload/namespace-plan.ts";
import { REPLICATED_TOPOLOGY } from "../../workload/plan.ts";
import { type BackendFactory, pointsOf } from "../backend.ts";
import { REPLICATED_CAPABILITIES } from "./capabilities.ts";
import { createCoordinator } from "./coordinator.ts";
import { faultPlace } from "../../faults/registry/index.ts";
import type { Trouble } from "../../faults/trouble.ts";
import { join } from "./join.ts";
import { mutationsOf, Replica, shown } from "./replica.ts";

/** The engine of `sim` without `--engine`. */
export const REPLICATED: BackendFactory = {
  name: "replicated",
  topology: REPLICATED_TOPOLOGY,
  create: (world, network, nodes, slowness, { plan }) => {
    const habits = plan.replicas;
    const replicas = nodes.map((node) => new Replica(node));
    const replicaOf = (index: number): Replica | undefined =>
      replicas.find((replica) => replica.node.index === index);
    return {
      callsLastAsRequests: false,
      writesAtOnce: REPLICATED_CAPABILITIES.atomicWrite === "record",
      openEngine: (server) => createCoordinator({ server, network, replicas, slowness, habits }),
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
      inconclusive: () => undefined,
    };
  },
};

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
