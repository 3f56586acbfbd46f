/** From the clusters of a configuration to engines at the addresses that the command line has for them. */
import type { CassandraOptions } from "../engines/cassandra/options.ts";
import type { NamespaceConfig, StorageTier } from "../namespace/namespace-config.ts";
import type { EngineAdapter } from "../ports/storage-engine.ts";
import { CliError, EXIT_USAGE } from "./exit.ts";
import { requireRealEngine } from "./real-engine.ts";

/** What is said of the clusters. */
export type ClusterWish = {
  /** Addresses by cluster. */
  readonly endpoints: ReadonlyMap<string, string>;
  /** Cassandra's data centre that is written to. */
  readonly dataCenter: string;
  /** Copies of the keyspaces that are made; undefined when none may be. */
  readonly copies: number | undefined;
};

/** A cluster, or a dataset of it, as it can be opened. */
export type ClusterEngine = {
  /** As configurations route to it: `cluster`, or `cluster/dataset`. */
  readonly key: string;
  readonly address: string;
  readonly adapter: EngineAdapter;
  /** Lets go of what was attached to for it. */
  readonly release: () => Promise<void>;
};

const nothing = async (): Promise<void> => undefined;

/**
 * An engine for each cluster and dataset of the namespaces. A Cassandra or DynamoDB without an address is the one that
 * `kvdal engines` knows. Throws `CliError`: usage for an address that is missing or of no cluster, unavailable for an
 * engine that cannot be had.
 */
export async function clusterEngines(
  namespaces: readonly NamespaceConfig[],
  wish: ClusterWish,
): Promise<readonly ClusterEngine[]> {
  const tiers = new Map<string, StorageTier>();
  for (const { primary, chunks, shadow } of namespaces) {
    for (const tier of [primary, chunks, shadow]) {
      if (tier !== undefined) tiers.set(keyOf(tier), tier);
    }
  }
  const clusters = new Set([...tiers.values()].map(({ cluster }) => cluster));
  const stray = [...wish.endpoints.keys()].find((cluster) => !clusters.has(cluster));
  if (stray !== undefined) {
    const wanted = `wanted one of: ${[...clusters].join(", ")}`;
    throw new CliError(EXIT_USAGE, `--endpoint is of cluster "${stray}", ${wanted}`);
  }
  return Promise.all([...tiers].map(([key, tier]) => clusterEngine(key, tier, wish)));
}

/** What a configuration calls the engine of a tier. */
export function keyOf({ cluster, dataset }: StorageTier): string {
  return dataset === undefined ? cluster : `${cluster}/${dataset}`;
}

async function clusterEngine(
  key: string,
  tier: StorageTier,
  wish: ClusterWish,
): Promise<ClusterEngine> {
  const endpoint = wish.endpoints.get(tier.cluster);
  switch (tier.type) {
    case "MEMORY": {
      const { memory } = await import("../engines/memory/adapter.ts");
      return { key, address: "memory", adapter: memory(), release: nothing };
    }
    case "ROCKSDB":
      return rocksdbAt(key, tier, endpoint);
    case "CASSANDRA": {
      const found = endpoint === undefined ? await attach("cassandra") : { address: endpoint };
      return {
        key,
        release: nothing,
        ...found,
        adapter: await cassandraAt(found.address, tier, wish),
      };
    }
    case "DYNAMODB": {
      const found = endpoint === undefined ? await attach("dynamodb") : { address: endpoint };
      return { key, release: nothing, ...found, adapter: await dynamodbAt(found.address, tier) };
    }
    default:
      throw tier.type satisfies never;
  }
}

/** The engine of this machine, by variable, as a container or as a process. */
async function attach(
  name: "cassandra" | "dynamodb",
): Promise<Pick<ClusterEngine, "address" | "release">> {
  const engine = await requireRealEngine(name);
  return { address: engine.endpoint().address, release: () => engine.release() };
}

async function rocksdbAt(
  key: string,
  { cluster }: StorageTier,
  path: string | undefined,
): Promise<ClusterEngine> {
  if (path === undefined) {
    const wanted = `wanted the folder of its database: --endpoint ${cluster}=FOLDER`;
    throw new CliError(EXIT_USAGE, `cluster ${cluster} is a ROCKSDB without an address, ${wanted}`);
  }
  const { rocksdb } = await import("../engines/rocksdb/adapter.ts");
  return { key, address: path, adapter: rocksdb({ path }), release: nothing };
}

/** A dataset is a keyspace. */
async function cassandraAt(
  address: string,
  { cluster, dataset, table }: StorageTier,
  { dataCenter, copies }: ClusterWish,
): Promise<EngineAdapter> {
  const match = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(address);
  const [, host, port = "9042"] = match ?? [];
  if (host === undefined) {
    const wanted = `wanted host:port: --endpoint ${cluster}=HOST:PORT`;
    throw new CliError(EXIT_USAGE, `address of cluster ${cluster} is "${address}", ${wanted}`);
  }
  const { cassandra } = await import("../engines/cassandra/adapter.ts");
  const options: CassandraOptions = {
    contactPoints: [host.replaceAll(/[[\]]/g, "")],
    localDataCenter: dataCenter,
    keyspace: dataset ?? table,
    ...(copies === undefined ? {} : { replication: { [dataCenter]: copies } }),
    driver: { protocolOptions: { port: Number(port) } },
  };
  return cassandra(options);
}

/** A dataset is the beginning of the tables' names. */
async function dynamodbAt(
  address: string,
  { dataset, regions }: StorageTier,
): Promise<EngineAdapter> {
  const { dynamodb } = await import("../engines/dynamodb/adapter.ts");
  const hasOwn = process.env["AWS_ACCESS_KEY_ID"] !== undefined || address === "aws";
  const local = { accessKeyId: "local", secretAccessKey: "local" };
  return dynamodb({
    region: regions[0] ?? "us-east-1",
    ...(address === "aws" ? {} : { endpoint: address }),
    // A stand-in for DynamoDB wants credentials as well, whatever they are.
    ...(hasOwn ? {} : { credentials: local }),
    ...(dataset === undefined ? {} : { tablePrefix: `${dataset}-` }),
  });
}
