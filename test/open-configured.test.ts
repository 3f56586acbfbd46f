// Goal: a store of the published example runs over the engines that its clusters name, follows its file, and ends.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { memoryCache } from "../src/engines/memory-cache/adapter.ts";
import { memory } from "../src/engines/memory/adapter.ts";
import { fromUtf8, utf8 } from "../src/model/bytes.ts";
import type { NamespaceReport } from "../src/namespace/watch-namespaces.ts";
import { openConfigured } from "../src/open-configured.ts";
import { SECOND } from "../src/model/time.ts";
import { systemEnv } from "../src/system/env.ts";
import type { NamespaceSource } from "../src/ports/namespace-source.ts";
import { hmacSha256 } from "../src/system/hmac.ts";
import { namespaceFile } from "../src/system/namespace-file.ts";
import { NGSEGMENT } from "./namespace/ngsegment.ts";
import { fakeEngine } from "./fakes/fake-engine.ts";

const folder = mkdtempSync(join(tmpdir(), "kvdal-configured-"));
const path = join(folder, "namespaces.yaml");
const mac = hmacSha256(new Uint8Array(16));
const env = systemEnv();

afterAll(() => rmSync(folder, { recursive: true }));

test("openConfigured() serves the published example, and what its file says later", async () => {
  writeFileSync(path, NGSEGMENT);
  const news = Promise.withResolvers<NamespaceReport>();
  const store = await openConfigured({
    env,
    mac,
    source: namespaceFile(path),
    engines: { cassandra_kv_ngsegment: memory() },
    caches: { evcache_kv_ngsegment: memoryCache({ maxBytes: 65_536 }) },
    onNamespaces: news.resolve,
  });
  const item = { key: utf8("k"), value: utf8("v") };
  await store.client.putItems({ namespace: "ngsegment", id: "r", items: [item] });
  writeFileSync(path, `namespaces: [{ aliases: [segments], ${NGSEGMENT} }]`);
  expect(await news.promise).toMatchObject({ changed: [], gone: [], refused: [] });
  const { items } = await store.client.getItems({ namespace: "segments", id: "r" });
  expect(items.map(({ value }) => fromUtf8(value))).toEqual(["v"]);
  await store.close();
  // On a machine that is busy the longest latency of the example may pass first.
  await expect(
    store.client.getItems({ namespace: "segments", id: "r" }, { timeoutMicros: 5 * SECOND }),
  ).rejects.toMatchObject({ code: expect.stringMatching(/^(UNAVAILABLE|DEADLINE_EXCEEDED)$/) });
});

test("openConfigured() keeps its log at the engine that it names, or says which there are", async () => {
  writeFileSync(path, NGSEGMENT);
  const engines = { cassandra_kv_ngsegment: memory(), logs: memory() };
  const caches = { evcache_kv_ngsegment: memoryCache({ maxBytes: 65_536 }) };
  const options = { env, mac, source: namespaceFile(path), engines, caches };
  let watched: AbortSignal | undefined;
  const source: NamespaceSource = {
    ...options.source,
    changes: (since, signal) => {
      watched = signal;
      return options.source.changes(since, signal);
    },
  };
  const elsewhere = openConfigured({ ...options, source, log: { cluster: "none" } });
  await expect(elsewhere).rejects.toThrow("log is at cluster none, wanted one of: cassandra_kv");
  expect(watched?.aborted).toBe(true);
  const store = await openConfigured({ ...options, log: { cluster: "logs", everyMicros: 1_000 } });
  const put = [{ key: utf8("k"), value: utf8("v") }];
  const { client } = store;
  const list = { mutations: [{ namespace: "ngsegment", id: "r", put }] };
  const { requestId } = await client.mutateItems(list);
  await expect.poll(async () => (await client.mutationStatus(requestId)).state).toBe("done");
  expect((await client.getItems({ namespace: "ngsegment", id: "r" })).items.length).toBe(1);
  await store.close();
});

test("openConfigured() refuses a namespace whose cache is not handed in", async () => {
  writeFileSync(path, NGSEGMENT);
  const engines = { cassandra_kv_ngsegment: memory() };
  await expect(openConfigured({ env, mac, source: namespaceFile(path), engines })).rejects.toThrow(
    "cluster of the cache is evcache_kv_ngsegment, wanted no CACHE tier, since no cache is handed in",
  );
});

test("openConfigured() closes the engines of a configuration that is refused", async () => {
  const engine = fakeEngine();
  const adapter = { name: "fake", open: async () => engine };
  writeFileSync(path, "naem: x");
  const options = { env, mac, source: namespaceFile(path), engines: { c: adapter } };
  await expect(openConfigured(options)).rejects.toThrow(`${path}:1:1: `);
  const missing = { ...options, source: namespaceFile(join(folder, "none.yaml")) };
  await expect(openConfigured(missing)).rejects.toThrow("none.yaml cannot be read, wanted");
  expect(engine.calls).toEqual([{ verb: "close" }, { verb: "close" }]);
});
