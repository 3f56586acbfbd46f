import type { ContainerRuntimeClient } from "testcontainers";
import { CLUSTER_NODES, DATA_CENTER } from "./cluster.ts";
import { isStatus, LABELS } from "./docker.ts";
import { engineFacts } from "./facts.ts";
import { currentRun } from "./test-run.ts";

/** Everything that decides which cluster is started. */
export type ClusterPlan = {
  /** Also the name of its network; its containers have a number after it. */
  readonly name: string;
  readonly shared: boolean;
  readonly commitLogSync: "periodic" | "batch";
};

/** How often a subnet is looked for: another command may take the same one at the same moment. */
const SUBNET_TRIES = 5;

/** Tokens of Murmur3 lie in -2^63 to 2^63 - 1. */
const TOKENS = 2n ** 64n;

/**
 * Settings of a member beside those of a single node: a snitch that puts a node's own copy first, so that a read
 * at LOCAL_ONE shows the node's own data, and nothing that reorders by speed. Changes of the schema go to disk with
 * the next drop only: at every change they took three nodes a second of work a table.
 */
const MEMBER_SETTINGS = [
  "-Dcassandra.settings.endpoint_snitch=GossipingPropertyFileSnitch",
  "-Dcassandra-rackdc.properties=file:///tmp/rackdc",
  "-Dcassandra.settings.dynamic_snitch=false",
  "-Dcassandra.test.flush_local_schema_changes=false",
  "-Dcassandra.migration_delay_ms=1000",
].join(" ");

/** What a member's container runs: the place of the node for its snitch, then the usual start. */
const MEMBER_START = `printf 'dc=%s\\nrack=rack1\\n' ${DATA_CENTER} > /tmp/rackdc; exec /opt/cassandra/run.sh`;

/**
 * Starts all nodes at once: each has a fixed token and a fixed address and knows the addresses of all, so that none
 * has to wait for another. Labels name the cluster and its owner.
 *
 * @throws an error of status 409 when the names are taken.
 */
export async function startNodes(client: ContainerRuntimeClient, plan: ClusterPlan): Promise<void> {
  const { dockerode } = client.container;
  const addresses = await makeNetwork(client, plan);
  const { image } = engineFacts.cassandra;
  const containers = await Promise.all(
    addresses.map((address, index) =>
      dockerode.createContainer({
        name: `${plan.name}-${index + 1}`,
        Image: image,
        Entrypoint: ["/bin/sh", "-c", MEMBER_START],
        Env: memberEnvironment(plan, addresses, index),
        Labels: labelsOf(plan),
        HostConfig: { NetworkMode: plan.name },
        NetworkingConfig: {
          EndpointsConfig: { [plan.name]: { IPAMConfig: { IPv4Address: address } } },
        },
      }),
    ),
  );
  await Promise.all(containers.map((container) => container.start()));
}

function memberEnvironment(
  plan: ClusterPlan,
  addresses: readonly string[],
  index: number,
): string[] {
  const token = -TOKENS / 2n + (TOKENS * BigInt(index)) / BigInt(CLUSTER_NODES);
  return [
    `CASSANDRA_CLUSTER_NAME=${plan.name}`,
    "CASSANDRA_LISTEN_ADDRESS=auto",
    "CASSANDRA_BROADCAST_RPC_ADDRESS=auto",
    `CASSANDRA_SEEDS=${addresses.join(",")}`,
    // The least token of all would stand for "none".
    `KVDAL_INITIAL_TOKEN=${token + 1n}`,
    "KVDAL_RING_DELAY_MILLIS=3000",
    `KVDAL_COMMITLOG_SYNC=${plan.commitLogSync}`,
    `JAVA_TOOL_OPTIONS=${MEMBER_SETTINGS}`,
  ];
}

/**
 * Makes the network and chooses the nodes' addresses in it. Docker keeps addresses fixed only in a subnet that was
 * asked for by name, so the one that it chooses by itself is given back and asked for.
 */
async function makeNetwork(
  client: ContainerRuntimeClient,
  plan: ClusterPlan,
): Promise<readonly string[]> {
  const { dockerode } = client.container;
  const wish = { Name: plan.name, CheckDuplicate: true, Labels: labelsOf(plan) };
  for (let tried = 1; ; tried += 1) {
    const chosen = await dockerode.createNetwork(wish);
    const { IPAM } = (await chosen.inspect()) as { IPAM?: { Config?: { Subnet?: string }[] } };
    await chosen.remove();
    const subnet = IPAM?.Config?.find(({ Subnet }) => Subnet?.includes(".") === true)?.Subnet;
    if (subnet === undefined) throw new Error("Docker chose no IPv4 subnet for a network");
    try {
      await dockerode.createNetwork({ ...wish, IPAM: { Config: [{ Subnet: subnet }] } });
      return addressesIn(subnet);
    } catch (error) {
      if (isStatus(error, 409) || tried === SUBNET_TRIES) throw error;
    }
  }
}

/** The subnet's addresses from the eleventh on: the first is the gateway's. */
function addressesIn(subnet: string): readonly string[] {
  const [network = ""] = subnet.split("/");
  const front = network.slice(0, network.lastIndexOf(".") + 1);
  const first = Number(network.slice(front.length)) + 11;
  return Array.from({ length: CLUSTER_NODES }, (_, index) => `${front}${first + index}`);
}

function labelsOf({ name, shared }: ClusterPlan): Record<string, string> {
  const run = currentRun();
  return {
    [LABELS.engine]: "cassandra",
    [LABELS.cluster]: name,
    [LABELS.shared]: shared ? "yes" : "no",
    [LABELS.owner]: String(process.pid),
    ...(run === undefined ? {} : { [LABELS.run]: run }),
  };
}
