import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerRuntimeClient } from "testcontainers";
import type { Unavailable } from "./backend.ts";
import { clusterHandle } from "./cluster-handle.ts";
import { startNodes } from "./cluster-start.ts";
import { CLUSTER_NODES } from "./cluster.ts";
import type { CassandraCluster, ClusterOptions } from "./cluster.ts";
import {
  dockerClient,
  isStatus,
  LABELS,
  localImage,
  ourContainers,
  removeContainer,
  shortHash,
} from "./docker.ts";
import { engineFacts } from "./facts.ts";
import { currentRun, isAlive } from "./test-run.ts";

/** How long a cluster that another command is starting may have no containers yet, milliseconds. */
const APPEAR_MILLIS = 20_000;

/** Time between two looks, milliseconds. */
const LOOK_EVERY_MILLIS = 100;

let privateCount = 0;

/**
 * A running cluster, or why there is none: it needs a Docker engine whose networks this machine reaches, and the
 * image that this project builds.
 *
 * @throws Error when it does not come up.
 */
export async function openCluster(
  options: ClusterOptions = {},
): Promise<CassandraCluster | Unavailable> {
  const client = await dockerClient();
  if (client === undefined) return noCluster("no Docker engine answers");
  const image = await localImage(client, engineFacts.cassandra.image);
  if (image?.recipe === undefined) {
    return noCluster("the image that this project builds is missing");
  }
  await removeOrphans(client, image.id);
  const { shared = true, commitLogSync = "periodic" } = options;
  const suffix = shared
    ? shortHash([image.id, commitLogSync, currentRun() ?? ""])
    : `${process.pid}-${(privateCount += 1)}`;
  const name = options.name ?? `kvdal-cluster-${suffix}`;
  if (shared && (await wakeNodes(client, name, 0))) return attached(client, name);
  const begun = performance.now();
  try {
    await startNodes(client, { name, shared, commitLogSync });
    const release = async (): Promise<void> => {
      if (!shared) await removeCluster(client, name);
    };
    return await clusterHandle(client, { name, begun, release });
  } catch (error) {
    // Another command was first with the names: its cluster is as good.
    if (shared && isStatus(error, 409)) return joinCluster(name);
    await removeCluster(client, name);
    throw error;
  }
}

/**
 * The cluster of this name that another process is starting or has started, with every control of it, once it has
 * come up; nodes that ended are started. `release` leaves it to whoever opened it.
 */
export async function joinCluster(name: string): Promise<CassandraCluster | Unavailable> {
  const client = await dockerClient();
  if (client === undefined) return noCluster("no Docker engine answers");
  if (await wakeNodes(client, name, APPEAR_MILLIS)) return attached(client, name);
  return noCluster(`there is no cluster of the name ${name}`);
}

/** Removes our clusters, shared and private, with their networks: those of the runs that may be ended. */
export async function removeClusters(
  client: ContainerRuntimeClient,
  mayEnd: (run: string | undefined) => boolean,
): Promise<void> {
  for (const { name, labels } of await ourNetworks(client)) {
    if (mayEnd(labels[LABELS.run])) await removeCluster(client, name);
  }
}

function attached(client: ContainerRuntimeClient, name: string): Promise<CassandraCluster> {
  return clusterHandle(client, { name, begun: undefined, release: async () => undefined });
}

/** Whether all containers of the cluster are there within the time; those that do not run are started. */
async function wakeNodes(
  client: ContainerRuntimeClient,
  name: string,
  appearMillis: number,
): Promise<boolean> {
  const end = performance.now() + appearMillis;
  let members = await membersOf(client, name);
  while (members.length < CLUSTER_NODES) {
    if (performance.now() >= end) return false;
    await sleep(LOOK_EVERY_MILLIS);
    members = await membersOf(client, name);
  }
  await Promise.all(
    members.map(async ({ id }) => {
      const container = client.container.getById(id);
      const { State } = await container.inspect();
      if (State.Paused) await container.unpause();
      else if (!State.Running) await container.start().catch(unlessStarted);
    }),
  );
  return true;
}

// Whoever is starting the cluster may have been faster.
function unlessStarted(error: unknown): void {
  if (!isStatus(error, 304)) throw error;
}

async function membersOf(
  client: ContainerRuntimeClient,
  name: string,
): ReturnType<typeof ourContainers> {
  const all = await ourContainers(client, "cassandra");
  return all.filter(({ labels }) => labels[LABELS.cluster] === name);
}

// Clusters whose owner is gone, those of a run that is over, and shared ones of an image that was replaced since.
async function removeOrphans(client: ContainerRuntimeClient, imageId: string): Promise<void> {
  for (const { name, labels } of await ourNetworks(client)) {
    const isShared = labels[LABELS.shared] === "yes";
    const keeper = isShared ? labels[LABELS.run] : labels[LABELS.owner];
    const members = keeper === undefined ? await membersOf(client, name) : [];
    const isOld = members.some((member) => member.imageId !== imageId);
    const isLeft = keeper !== undefined && !isAlive(Number(keeper));
    if (isOld || isLeft) await removeCluster(client, name);
  }
}

async function removeCluster(client: ContainerRuntimeClient, name: string): Promise<void> {
  const members = await membersOf(client, name);
  await Promise.all(members.map(({ id }) => removeContainer(client, id)));
  for (const network of await ourNetworks(client)) {
    if (network.name === name) await removeNetwork(client, network.id);
  }
}

async function ourNetworks(
  client: ContainerRuntimeClient,
): Promise<readonly { id: string; name: string; labels: Readonly<Record<string, string>> }[]> {
  const found = await client.container.dockerode.listNetworks({
    filters: { label: [LABELS.cluster] },
  });
  return found.map(({ Id, Name, Labels = {} }) => ({ id: Id, name: Name, labels: Labels }));
}

async function removeNetwork(client: ContainerRuntimeClient, id: string): Promise<void> {
  try {
    await client.container.dockerode.getNetwork(id).remove();
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
  }
}

function noCluster(why: string): Unavailable {
  const howToGet = "as root on Debian: npm test (it says what it sets up)";
  return { available: false, engine: "cassandra", why, howToGet };
}
