/**
 * The port's checks over a real Cassandra, named by KVDAL_CASSANDRA (host:port). Expiry by Cassandra itself is on in
 * one run and off in the other.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe } from "vitest";
import { cassandra } from "../../src/engines/cassandra/adapter.ts";
import { cassandraJanitor } from "../../src/engines/cassandra/janitor.ts";
import { testPort } from "./port-cases.ts";

const endpoint = process.env["KVDAL_CASSANDRA"];
const skipped = endpoint === undefined ? " (skipped: KVDAL_CASSANDRA is not set)" : "";
const keyspace = `port_${randomUUID().slice(0, 8)}`;

const options = {
  contactPoints: [endpoint ?? ""],
  localDataCenter: "datacenter1",
  keyspace,
  replication: { datacenter1: 1 },
};

const janitor = endpoint === undefined ? undefined : cassandraJanitor(options);

beforeAll(() => janitor?.makeKeyspace());

for (const nativeTtl of [true, false]) {
  describe.skipIf(endpoint === undefined)(`cassandra, nativeTtl ${nativeTtl}${skipped}`, () => {
    testPort(cassandra({ ...options, nativeTtl }));
  });
}

afterAll(async () => {
  await janitor?.dropKeyspace();
  await janitor?.close();
});
