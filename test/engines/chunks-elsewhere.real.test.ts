/**
 * Cassandra for the items, DynamoDB for the chunks of large ones (CHUNK-1), as a configuration says it. Engines by
 * KVDAL_CASSANDRA and KVDAL_DYNAMODB.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cassandraByName, dynamodbByName } from "../../src/cli/real-storage.ts";
import type { NamedStorage } from "../../src/cli/named-engine.ts";
import { utf8 } from "../../src/model/bytes.ts";
import { matchKeys } from "../../src/model/predicate.ts";
import { SECOND } from "../../src/model/time.ts";
import { memoryNamespaces } from "../../src/namespace/memory-namespaces.ts";
import { type ConfiguredStore, openConfigured } from "../../src/open-configured.ts";
import { systemEnv } from "../../src/system/env.ts";
import { hmacSha256 } from "../../src/system/hmac.ts";

const isThere = [process.env["KVDAL_CASSANDRA"], process.env["KVDAL_DYNAMODB"]].every(
  (endpoint) => (endpoint ?? "") !== "",
);
const skipped = isThere ? "" : " (skipped: KVDAL_CASSANDRA or KVDAL_DYNAMODB is not set)";

const DOCUMENT = `
name: documents
persistence_configuration:
  - id: PRIMARY_STORAGE
    physical_storage: { type: CASSANDRA, cluster: cassandra_documents, table: documents }
  - id: CHUNK_STORAGE
    physical_storage: { type: DYNAMODB, cluster: dynamodb_chunks }
`;

describe.skipIf(!isThere)(`items on Cassandra, chunks on DynamoDB${skipped}`, () => {
  const name = `elsewhere_${randomUUID().slice(0, 8)}`;
  let places: readonly NamedStorage[] = [];
  let store: ConfiguredStore;

  beforeAll(async () => {
    const items = await cassandraByName(name, 1, {});
    const chunks = await dynamodbByName(`${name}_`, {});
    places = [items, chunks];
    store = await openConfigured({
      engines: { cassandra_documents: items.adapter, dynamodb_chunks: chunks.adapter },
      source: memoryNamespaces(DOCUMENT),
      env: systemEnv(),
      mac: hmacSha256(new Uint8Array(16)),
      client: { limits: { timeoutMicros: 30 * SECOND, attemptTimeoutMicros: 10 * SECOND } },
    });
  });

  afterAll(async () => {
    await store.close();
    for (const { stop } of places) await stop();
  });

  test("a value of 3 MiB comes back whole, and is overwritten by a small one and back", async () => {
    const at = { namespace: "documents", id: "d" };
    const key = utf8("body");
    const large = new Uint8Array(3 * 1024 * 1024).map((_, i) => (i * 31) % 251);
    for (const value of [large, utf8("small"), large.toReversed()]) {
      await store.client.putItems({ ...at, items: [{ key, value }] });
      const { items } = await store.client.getItems({ ...at, predicate: matchKeys(key) });
      expect(items).toHaveLength(1);
      expect(Buffer.compare(items[0]?.value ?? utf8(""), value)).toBe(0);
      expect(items[0]?.metadata.chunk?.count).toBe(value.length > 1024 ** 2 ? 48 : undefined);
    }
  });
});
