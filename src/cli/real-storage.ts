/** The real storage engines outside of this process, each with tables of its own that go with it. */
import { SECOND } from "../model/time.ts";
import type { EngineAdapter } from "../ports/storage-engine.ts";
import type { NamedStorage } from "./named-engine.ts";
import { requireCluster, requireRealEngine } from "./real-engine.ts";

/** Options that both adapters have. */
type Floor = { readonly timeoutMillisMin?: number };

/** Where a Cassandra is and how many of its nodes keep a copy; `release` is called when it is done with. */
export type CassandraPlace = {
  /** `host:port` of each node; nodes that a driver is not told of share the port. */
  readonly contactPoints: readonly [string, ...string[]];
  readonly dataCenter: string;
  readonly copies: number;
  readonly release: () => Promise<void>;
};

/**
 * Cassandra on one node or on three with a copy each, in a keyspace that is dropped by `stop`. Throws `CliError`
 * when there is none to be had.
 */
export async function cassandraByName(
  keyspace: string,
  nodes: number,
  floor: Floor,
): Promise<NamedStorage> {
  if (nodes === 1) {
    const engine = await requireRealEngine("cassandra");
    const { address } = engine.endpoint();
    const place = { contactPoints: [address], dataCenter: "datacenter1", copies: 1 } as const;
    return cassandraAt({ ...place, release: engine.release }, keyspace, floor);
  }
  const cluster = await requireCluster();
  const { dataCenter, release } = cluster;
  const contactPoints = cluster.contactPoints() as CassandraPlace["contactPoints"];
  return cassandraAt({ contactPoints, dataCenter, copies: nodes, release }, keyspace, floor);
}

/** As `cassandraByName`, of a Cassandra that is there. */
export async function cassandraAt(
  { contactPoints, dataCenter, copies, release }: CassandraPlace,
  keyspace: string,
  floor: Floor = {},
): Promise<NamedStorage> {
  const { cassandra } = await import("../engines/cassandra/adapter.ts");
  const { cassandraJanitor } = await import("../engines/cassandra/janitor.ts");
  const port = Number(contactPoints[0].split(":").at(-1));
  const options = {
    ...floor,
    contactPoints,
    localDataCenter: dataCenter,
    keyspace,
    replication: { [dataCenter]: copies },
    driver: { protocolOptions: { port } },
  };
  const janitor = cassandraJanitor(options);
  const stop = async (): Promise<void> => {
    await janitor.close();
    await release();
  };
  try {
    // Several nodes are there to be killed, and to come back with what they acknowledged.
    if (copies === 1) await janitor.makeKeyspace();
  } catch (error) {
    await stop();
    throw error;
  }
  const adapter = (nativeTtl: boolean): EngineAdapter => cassandra({ ...options, nativeTtl });
  return {
    kind: "storage",
    name: "cassandra",
    adapter: adapter(false),
    // The adapter gives rows a minute of slack, so that clocks that differ never remove one early.
    engineClock: { adapter: adapter(true), removalWithin: 75 * SECOND },
    columnsOf: janitor.columnsOf,
    // No table is dropped by itself: each time the server flushes what it has of its schema. They go with the keyspace.
    stop: async () => {
      await janitor.dropKeyspace();
      await stop();
    },
  };
}

/** DynamoDB, in tables of a prefix that are deleted by `stop`. Throws `CliError` when there is none to be had. */
export async function dynamodbByName(tablePrefix: string, floor: Floor): Promise<NamedStorage> {
  const engine = await requireRealEngine("dynamodb");
  const { dynamodb } = await import("../engines/dynamodb/adapter.ts");
  const { dynamodbJanitor } = await import("../engines/dynamodb/janitor.ts");
  const options = {
    ...floor,
    region: "us-east-1",
    endpoint: engine.endpoint().address,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    tablePrefix,
  };
  const janitor = dynamodbJanitor(options);
  return {
    kind: "storage",
    name: "dynamodb",
    adapter: dynamodb({ ...options, nativeTtl: false }),
    // An expired row stays for the retention, a minute in these cases; DynamoDB Local then takes seconds.
    engineClock: { adapter: dynamodb({ ...options, nativeTtl: true }), removalWithin: 90 * SECOND },
    dropTable: janitor.dropTable,
    stop: async () => {
      await janitor.dropPrefix();
      await janitor.close();
      await engine.release();
    },
  };
}
