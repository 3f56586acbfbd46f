/**
 * Goal: names and aliases resolve within one snapshot, a flip is one step, and a traversal stays in the namespace it
 * began in (NS-3, NS-4). Method: a service over two namespaces of the engine in memory, and flips between requests.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { createClient, type KvClient } from "../../src/client/kv-client.ts";
import { memory } from "../../src/engines/memory/adapter.ts";
import { utf8 } from "../../src/model/bytes.ts";
import { resolveNamespace, type Namespace } from "../../src/namespace/namespace.ts";
import {
  namespaceRegistry,
  namespaceSnapshot,
  type ReplaceableRegistry,
} from "../../src/namespace/registry.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import { inProcess } from "../../src/rpc/in-process.ts";
import { createService } from "../../src/service/service.ts";
import { hmacSha256 } from "../../src/system/hmac.ts";
import { runNative } from "../../src/system/native.ts";
import { errorOf } from "../fakes/error-of.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";

const env = steppedEnv();
const KEYS = ["a", "b", "c", "d"];
let client: KvClient;
let registry: ReplaceableRegistry;
let one: Namespace;
let two: Namespace;

/** The alias `live` points at this one; both are served under their own names. */
function pointAt(target: Namespace, served: readonly Namespace[] = [one, two]): void {
  const entries = served.map((namespace) => ({
    namespace,
    aliases: namespace === target ? ["live"] : [],
  }));
  registry.replace(namespaceSnapshot(target.name, entries));
}

beforeEach(async () => {
  const engine = await memory().open({ env, native: runNative });
  const call = { deadline: Infinity, signal: neverAborted, consistency: "quorum", now: 0 } as const;
  for (const table of ["data_1", "data_2"]) await engine.provision({ table, retention: 0 }, call);
  one = resolveNamespace({ name: "data_1" }, { primary: engine });
  // Descending: whoever went on in it would also go the wrong way.
  two = resolveNamespace({ name: "data_2", descending: true }, { primary: engine });
  registry = namespaceRegistry(namespaceSnapshot("none", []));
  pointAt(one);
  const service = createService({ env, mac: hmacSha256(new Uint8Array(16)), namespaces: registry });
  client = createClient({ env, transport: inProcess(service, env) });
  for (const { name } of [one, two]) {
    const items = KEYS.map((key) => ({ key: utf8(key), value: utf8(name) }));
    await client.putItems({ namespace: name, id: "r", items });
  }
});

const read = async (namespace: string, pageToken?: Uint8Array) => {
  const page = { namespace, id: "r", selection: { pageSizeBytes: 8 }, pageToken };
  const { items, nextPageToken } = await client.getItems(page);
  const from = items.map(({ key, value }) => Buffer.from([...key, ...value]).toString());
  return { from, nextPageToken };
};

describe("an alias", () => {
  test("is another name of one namespace, until it flips", async () => {
    expect((await read("live")).from).toEqual(["adata_1"]);
    pointAt(two);
    expect((await read("live")).from).toEqual(["ddata_2"]);
    expect((await read("data_1")).from).toEqual(["adata_1"]);
  });

  test("leaves a traversal in the namespace that it began in", async () => {
    const seen: string[] = [];
    let token: Uint8Array | undefined;
    do {
      const page = await read("live", token);
      seen.push(...page.from);
      token = page.nextPageToken;
      pointAt(two);
    } while (token !== undefined);
    expect(seen).toEqual(["adata_1", "bdata_1", "cdata_1", "ddata_1"]);
  });

  test("has tokens of its own: they do not work under the namespace's name", async () => {
    const { nextPageToken } = await read("live");
    await expect(read("data_1", nextPageToken)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("whose traversal's namespace is gone says so", async () => {
    const { nextPageToken } = await read("live");
    pointAt(two, [two]);
    await expect(read("live", nextPageToken)).rejects.toThrow(
      "NAMESPACE_NOT_FOUND: the traversal began in data_1, which is not served any more",
    );
  });

  test("may be gone itself: the traversal goes on", async () => {
    const { nextPageToken } = await read("live");
    registry.replace(namespaceSnapshot("3", [{ namespace: one, aliases: [] }]));
    expect((await read("live", nextPageToken)).from).toEqual(["bdata_1"]);
    await expect(read("live")).rejects.toMatchObject({ code: "NAMESPACE_NOT_FOUND" });
  });
});

test("a snapshot has each name and alias once", () => {
  const twice = errorOf(() =>
    namespaceSnapshot("1", [
      { namespace: one, aliases: ["data_2"] },
      { namespace: two, aliases: [] },
    ]),
  );
  expect(twice?.message).toContain("data_2 names data_1 and data_2");
});
