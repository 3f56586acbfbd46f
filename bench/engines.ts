/** Storage engines for benches, each with data of its own that go with it. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "cassandra-driver";
import { memory } from "kvdal";
import { openEngine, type RealEngine } from "kvdal/conformance";
import { cassandra, dynamodb, type EngineAdapter, rocksdb } from "kvdal/engine";

/** An engine that is there to be opened. */
export type BenchEngine = {
  readonly name: string;
  readonly adapter: EngineAdapter;
  /** Where the bare client of the vendor finds the same tables; undefined in this process. */
  readonly server?: BenchServer;
  /** Removes its data. Close the engines first. */
  readonly end: () => Promise<void>;
};

/** `space` is the keyspace, or what is before the name of every table. */
export type BenchServer = { readonly host: string; readonly port: number; readonly space: string };

/** Those of `all` that are asked for; all when none is. */
export function chosenEngines(all: readonly string[], asked: readonly string[]): readonly string[] {
  return asked.length === 0 ? all : all.filter((name) => asked.includes(name));
}

/** The engine of this name; a reason why not, when it cannot be had here. */
export async function benchEngine(name: string): Promise<BenchEngine | string> {
  switch (name) {
    case "memory":
      return { name, adapter: memory(), end: async () => undefined };
    case "rocksdb": {
      const path = await mkdtemp(join(tmpdir(), "kvdal-bench-"));
      const end = (): Promise<void> => rm(path, { recursive: true, force: true });
      return { name, adapter: rocksdb({ path }), end };
    }
    case "cassandra":
    case "dynamodb": {
      const real = await openEngine(name);
      if (!real.available) return `${real.why}; ${real.howToGet}`;
      return name === "cassandra" ? onCassandra(real) : onDynamodb(real);
    }
    default:
      throw new Error(`engine is ${name}, wanted memory, rocksdb, cassandra or dynamodb`);
  }
}

/** The driver's client for this server, as anyone would make it. */
export async function bareCassandra({ host, port }: BenchServer): Promise<Client> {
  const driver = await import("cassandra-driver");
  const contact = { contactPoints: [host], localDataCenter: "datacenter1" };
  return new driver.Client({ ...contact, protocolOptions: { port } });
}

/** Options of the SDK for this server. DynamoDB Local asks for no more than that there are credentials. */
export function dynamodbOptions({ host, port }: BenchServer): {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
} {
  return {
    region: "us-east-1",
    endpoint: `http://${host}:${port}`,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
}

function onCassandra(real: RealEngine): BenchEngine {
  const { host, port } = real.endpoint();
  const server = { host, port, space: `bench_${randomBytes(4).toString("hex")}` };
  const adapter = cassandra({
    contactPoints: [host],
    localDataCenter: "datacenter1",
    keyspace: server.space,
    replication: { datacenter1: 1 },
    driver: { protocolOptions: { port } },
  });
  const end = async (): Promise<void> => {
    const client = await bareCassandra(server);
    await client.execute(`DROP KEYSPACE IF EXISTS ${server.space}`, [], { readTimeout: 60_000 });
    await client.shutdown();
    await real.release();
  };
  return { name: "cassandra", adapter, server, end };
}

function onDynamodb(real: RealEngine): BenchEngine {
  const { host, port } = real.endpoint();
  const server = { host, port, space: `bench-${randomBytes(4).toString("hex")}-` };
  const options = dynamodbOptions(server);
  const end = async (): Promise<void> => {
    const sdk = await import("@aws-sdk/client-dynamodb");
    const client = new sdk.DynamoDBClient(options);
    const pages = sdk.paginateListTables({ client }, {});
    for await (const { TableNames = [] } of pages) {
      for (const table of TableNames.filter((name) => name.startsWith(server.space))) {
        await client.send(new sdk.DeleteTableCommand({ TableName: table }));
      }
    }
    client.destroy();
    await real.release();
  };
  const adapter = dynamodb({ ...options, tablePrefix: server.space });
  return { name: "dynamodb", adapter, server, end };
}
