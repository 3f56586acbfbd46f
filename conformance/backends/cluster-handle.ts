import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerRuntimeClient } from "testcontainers";
import type { RealEngine } from "./backend.ts";
import { CLUSTER_NODES, DATA_CENTER } from "./cluster.ts";
import type { CassandraCluster } from "./cluster.ts";
import { containerEngine } from "./container-engine.ts";
import type { Locate } from "./container-engine.ts";
import { readsFromAll } from "./cql-probe.ts";
import { makeEndpoint } from "./endpoint.ts";
import { BOOT_LIMIT_MILLIS, engineFacts } from "./facts.ts";

/** Time between two looks at a cluster that comes up, milliseconds. */
const LOOK_EVERY_MILLIS = 100;

/** What a handle is made of. */
export type HandleParts = {
  readonly name: string;
  /** When it was started, on the clock of `performance`; undefined if it ran before. */
  readonly begun: number | undefined;
  readonly release: () => Promise<void>;
};

/** The handle of a cluster whose containers run, once all of its nodes have come up. */
export async function clusterHandle(
  client: ContainerRuntimeClient,
  { name, begun, release }: HandleParts,
): Promise<CassandraCluster> {
  const nodes = await Promise.all(
    Array.from({ length: CLUSTER_NODES }, (_, index) => {
      const container = client.container.getById(`${name}-${index + 1}`);
      return containerEngine(client, "cassandra", container, undefined, true, ownAddress);
    }),
  );
  await settle(name, nodes);
  return Object.freeze<CassandraCluster>({
    available: true,
    name,
    dataCenter: DATA_CENTER,
    nodes,
    bootMillis: begun === undefined ? undefined : performance.now() - begun,
    contactPoints: () => nodes.map((node) => node.endpoint().address),
    settle: () => settle(name, nodes),
    release,
  });
}

/** A member answers at the address that other members know it by, and that its drivers are told. */
const ownAddress: Locate = async (_client, engine, container) => {
  const { NetworkSettings } = await container.inspect();
  const [network] = Object.values(NetworkSettings.Networks);
  return makeEndpoint(engine, network?.IPAddress ?? "", engineFacts[engine].port);
};

async function settle(name: string, nodes: readonly RealEngine[]): Promise<void> {
  const end = performance.now() + BOOT_LIMIT_MILLIS;
  await Promise.all(
    nodes.map(async (node, index) => {
      while (!(await readsFromAll(node.endpoint()))) {
        if (performance.now() > end) {
          throw new Error(
            `node ${index + 1} of ${name} does not see the others; see: docker logs ${name}-${index + 1}`,
          );
        }
        await sleep(LOOK_EVERY_MILLIS);
      }
    }),
  );
}
