/**
 * Over a wire: the vendor's client alone against the layer over the same client. Both send the same statements to the
 * same table at the same consistency, and the same number of bytes: what the layer keeps beside a value is there, too.
 */
import { randomBytes } from "node:crypto";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { hmacSha256, open, systemEnv } from "kvdal";
import { bareCassandra, type BenchEngine, type BenchServer, dynamodbOptions } from "../engines.ts";
import { type Contestant, contestValue } from "./contest.ts";
import { clientOver } from "./in-memory.ts";

const TABLE = "compare";
/** LOCAL_QUORUM, as the layer asks. */
const CONSISTENCY = 6;
/** What the layer stores before the value and in the metadata of a row on Cassandra, bytes. */
const HEADER_BYTES = 28;
const METADATA_BYTES = 37;

/** The contestants, the bare client first, and the end of them. */
export type OnServer = {
  readonly contestants: readonly [Contestant, ...Contestant[]];
  readonly end: () => Promise<void>;
};

/** Opens both over an engine that has a server. */
export async function onServer(engine: BenchEngine): Promise<OnServer> {
  const { name, adapter, server } = engine;
  if (server === undefined) throw new Error(`${name} has no server`);
  const mac = hmacSha256(randomBytes(32));
  const namespaces = [{ name: TABLE }];
  const store = await open({ engine: adapter, namespaces, env: systemEnv(), mac });
  const bare = name === "cassandra" ? await bareDriver(server) : await bareSdk(server);
  return {
    contestants: [bare.same, clientOver(store, TABLE), ...bare.others],
    end: async () => {
      await bare.end();
      await store.close();
    },
  };
}

type Bare = {
  readonly same: Contestant;
  readonly others: readonly Contestant[];
  readonly end: () => Promise<void>;
};

async function bareDriver(server: BenchServer): Promise<Bare> {
  const client = await bareCassandra(server);
  const table = `"${server.space}"."${TABLE}"`;
  const insert = `INSERT INTO ${table} (id, key, value, value_metadata) VALUES (?, ?, ?, ?) USING TIMESTAMP ?`;
  const select = `SELECT key, value, value_metadata FROM ${table} WHERE id = ? AND key IN ? ORDER BY key ASC`;
  const options = { prepare: true, consistency: CONSISTENCY };
  const value = Buffer.concat([Buffer.alloc(HEADER_BYTES), contestValue()]);
  const [key, metadata] = [Buffer.from("key"), Buffer.alloc(METADATA_BYTES)];
  let timestamp = Date.now() * 1000;
  const same: Contestant = {
    name: "bare cassandra-driver",
    put: (n) => {
      timestamp += 1;
      return client.execute(insert, [`bare ${n}`, key, value, metadata, timestamp], options);
    },
    get: async (n) => {
      const { rows } = await client.execute(select, [`bare ${n}`, [key]], options);
      const stored = rows[0]?.["value"] as Buffer | undefined;
      return stored === undefined ? 0 : stored.length - HEADER_BYTES;
    },
  };
  return { same, others: [], end: () => client.shutdown() };
}

/** A get of the layer asks twice, for the record's range deletions and for the row; a plain one is measured beside. */
async function bareSdk(server: BenchServer): Promise<Bare> {
  const sdk = await import("@aws-sdk/client-dynamodb");
  const client = new sdk.DynamoDBClient(dynamodbOptions(server));
  const TableName = server.space + TABLE;
  const key = (n: number): { pk: AttributeValue; sk: AttributeValue } => ({
    pk: { S: `bare ${n}` },
    sk: { B: Buffer.from("\u0001key") },
  });
  const [value, metadata] = [contestValue(), new Uint8Array(0)];
  const versionOf = (time: number): Uint8Array => {
    const version = Buffer.alloc(33);
    version.writeDoubleBE(time);
    return version;
  };
  let time = Date.now();
  const put = (n: number): Promise<unknown> => {
    time += 1;
    const version = { B: versionOf(time) };
    const command = new sdk.PutItemCommand({
      TableName,
      Item: { ...key(n), ver: version, v: { B: value }, m: { B: metadata } },
      ConditionExpression: "attribute_not_exists(ver) OR ver < :version",
      ExpressionAttributeValues: { ":version": version },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    return client.send(command);
  };
  const same: Contestant = {
    name: "bare AWS client",
    put,
    get: async (n) => {
      const controls = new sdk.QueryCommand({
        TableName,
        KeyConditionExpression: "pk = :id AND sk < :rows",
        ExpressionAttributeValues: { ":id": { S: `bare ${n}` }, ":rows": { B: Uint8Array.of(1) } },
        ConsistentRead: true,
      });
      await client.send(controls);
      const ProjectionExpression = "sk, ver, m, d, v";
      const request = { Keys: [key(n)], ProjectionExpression, ConsistentRead: true };
      const batch = new sdk.BatchGetItemCommand({ RequestItems: { [TableName]: request } });
      const { Responses } = await client.send(batch);
      return Responses?.[TableName]?.[0]?.["v"]?.B?.length ?? 0;
    },
  };
  const plain: Contestant = {
    name: "bare AWS client, one request a get",
    put,
    get: async (n) => {
      const request = { TableName, Key: key(n), ConsistentRead: true };
      const { Item } = await client.send(new sdk.GetItemCommand(request));
      return Item?.["v"]?.B?.length ?? 0;
    },
  };
  return { same, others: [plain], end: async () => client.destroy() };
}
