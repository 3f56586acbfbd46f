/** The real storage engines outside of this process, each with tables of its own that go with it. */
import { SECOND } from "../model/time.ts";
import type { EngineAdapter } from "../ports/storage-engine.ts";
import type { NamedStorage } from "./named-engine.ts";
import { requireRealEngine } from "./real-engine.ts";

/** Options that both adapters have. */
type Floor = { readonly timeoutMillisMin?: number };

/** Cassandra, in a keyspace that is dropped by `stop`. Throws `CliError` when there is none to be had. */
export async function cassandraByName(keyspace: string, floor: Floor): Promise<NamedStorage> {
  const engine = await requireRealEngine("cassandra");
  const { cassandra } = await import("../engines/cassandra/adapter.ts");
  const { cassandraJanitor } = await import("../engines/cassandra/janitor.ts");
  const { host, port } = engine.endpoint();
  const options = {
    ...floor,
    contactPoints: [host],
    localDataCenter: "datacenter1",
    keyspace,
    replication: { datacenter1: 1 },
    driver: { protocolOptions: { port } },
  };
  const janitor = cassandraJanitor(options);
  const adapter = (nativeTtl: boolean): EngineAdapter => cassandra({ ...options, nativeTtl });
  return {
    kind: "storage",
    name: "cassandra",
    adapter: adapter(false),
    // The adapter gives rows a minute of slack, so that clocks that differ never remove one early.
    engineClock: { adapter: adapter(true), removalWithin: 75 * SECOND },
    dropTable: janitor.dropTable,
    stop: async () => {
      await janitor.dropKeyspace();
      await janitor.close();
      await engine.release();
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
