/**
 * Goal: a running service takes up new and changed namespaces, in one step; what contradicts stored data is refused
 * and the old stays in force; nothing is left of a watch that was closed (NS-5, RES-1). Method: a document held by the
 * test, engines in memory, and a look at the registry after each change.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { memory } from "../../src/engines/memory/adapter.ts";
import { KvError } from "../../src/model/error.ts";
import { type MemoryNamespaces, memoryNamespaces } from "../../src/namespace/memory-namespaces.ts";
import {
  type NamespaceReport,
  type NamespaceWatch,
  watchNamespaces,
} from "../../src/namespace/watch-namespaces.ts";
import type { StorageEngine } from "../../src/ports/storage-engine.ts";
import { runNative } from "../../src/system/native.ts";
import { settle, steppedEnv, type SteppedEnv } from "../fakes/stepped-env.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A namespace as it stands in the document. */
function entry(
  name: string,
  fields: Fields = {},
  storage: Fields = {},
  more: Fields[] = [],
): Fields {
  const primary = { type: "MEMORY", cluster: "one", ...storage };
  const tiers = [{ id: "PRIMARY_STORAGE", physical_storage: primary }, ...more];
  return { name, ...fields, persistence_configuration: tiers };
}
const shadowAt = (cluster: string, config: Fields = {}): Fields => ({
  id: "SHADOW_STORAGE",
  physical_storage: { type: "MEMORY", cluster },
  config,
});
const document = (...namespaces: readonly Fields[]): string => JSON.stringify({ namespaces });

let env: SteppedEnv;
let engines: Record<string, StorageEngine>;
let source: MemoryNamespaces;
let reports: NamespaceReport[];
let watch: NamespaceWatch;

async function begin(...namespaces: readonly Fields[]): Promise<void> {
  source = memoryNamespaces(document(...namespaces));
  const onReport = (report: NamespaceReport): unknown => reports.push(report);
  watch = await watchNamespaces({ env, engines, source, onReport });
}

/** Sets the document and waits until it was taken up or refused; the lines of the refusal. */
async function change(...namespaces: readonly Fields[]): Promise<readonly string[]> {
  source.set(document(...namespaces));
  await settle();
  return reports.at(-1)?.refused ?? [];
}

const served = (): readonly string[] =>
  watch.registry.current().served.map(({ namespace }) => namespace.name);

beforeEach(async () => {
  env = steppedEnv();
  reports = [];
  engines = {};
  for (const cluster of ["one", "two"]) {
    engines[cluster] = await memory().open({ env, native: runNative });
  }
});
afterEach(async () => {
  await watch.close();
  expect(env.pendingTimers()).toBe(0);
});

describe("a change", () => {
  test("adds, alters and removes namespaces, and leaves alone what is as it was", async () => {
    await begin(entry("abc"), entry("def"));
    const before = watch.registry.current();
    expect(await change(entry("abc"), entry("ghi", { order: "descending" }))).toEqual([]);
    expect(reports).toMatchObject([{ version: "2", changed: ["ghi"], gone: ["def"] }]);
    expect(served()).toEqual(["abc", "ghi"]);
    const after = watch.registry.current();
    expect(after.find("abc")).toBe(before.find("abc"));
    expect(after.find("ghi")?.descending).toBe(true);
    // Whoever looks names up in the old snapshot sees the old ones.
    expect(before.find("def")?.name).toBe("def");
    await change(entry("abc", { rows_per_call_max: 7 }), entry("ghi", { order: "descending" }));
    expect(watch.registry.current().find("abc")?.rowsPerCallMax).toBe(7);
    expect(reports.at(-1)?.changed).toEqual(["abc"]);
  });

  test("flips an alias with everything else, in one step", async () => {
    await begin(entry("data_1", { aliases: ["data"] }), entry("data_2"));
    const before = watch.registry.current();
    await change(entry("data_1"), entry("data_2", { aliases: ["data"] }));
    expect(before.find("data")?.name).toBe("data_1");
    expect(watch.registry.current().find("data")?.name).toBe("data_2");
    expect(reports.at(-1)).toMatchObject({ changed: [], gone: [] });
  });

  test("that is not understood changes nothing, and says why", async () => {
    await begin(entry("abc"));
    source.set("namespaces: [{ name: abc, persistence_configuration: [] }, { naem: x }]");
    await settle();
    expect(reports.at(-1)?.refused).toEqual([
      "configuration:1:54: namespaces[0].persistence_configuration is without a primary, " +
        "wanted a tier with id PRIMARY_STORAGE",
      "configuration:1:60: namespaces[1].persistence_configuration is missing, wanted a list",
      "configuration:1:62: namespaces[1].naem is an unknown key, wanted a known one; did you mean name?",
    ]);
    expect(served()).toEqual(["abc"]);
    expect(await change(entry("def"))).toEqual([]);
    expect(served()).toEqual(["def"]);
  });
});

describe("a contradiction", () => {
  const chunksAt = (cluster: string): Fields => ({
    id: "CHUNK_STORAGE",
    physical_storage: { type: "MEMORY", cluster },
  });
  const long = { tokens: { max_age: "2h" }, lifecycle: { retention: "3h" } };

  test.each<[string, Fields, Fields, string]>([
    [
      "another order",
      entry("abc"),
      entry("abc", { order: "descending" }),
      "order is descending, wanted ascending: its rows lie that way",
    ],
    [
      "another cluster",
      entry("abc"),
      entry("abc", {}, { cluster: "two" }),
      "primary is two.abc, wanted one.abc, where its data lie, or a place that it has had a SHADOW_STORAGE at",
    ],
    [
      "another table",
      entry("abc"),
      entry("abc", {}, { table: "other" }),
      "primary is one.other, wanted one.abc",
    ],
    [
      "a cluster that the shadow was not written at",
      entry("abc", {}, {}, [shadowAt("two", { write: false })]),
      entry("abc", {}, { cluster: "two" }),
      "primary is two.abc, wanted one.abc",
    ],
    [
      "another kind of engine",
      entry("abc"),
      entry("abc", {}, { type: "ROCKSDB" }),
      "type of the primary is ROCKSDB, wanted MEMORY: its data lie there",
    ],
    [
      "another place of chunks",
      entry("abc", {}, {}, [chunksAt("two")]),
      entry("abc"),
      "CHUNK_STORAGE is beside the primary, wanted at two.abc_chunks, where its chunks lie",
    ],
    [
      "a retention below the window so far",
      entry("abc", long),
      entry("abc", { tokens: { max_age: "1m" }, lifecycle: { retention: "1h" } }),
      "lifecycle.retention is 1h, wanted at least 7265s: writes of the present token window may arrive that late",
    ],
    [
      "a retention below the window so far, by default",
      entry("abc", { tokens: { max_age: "2d" }, lifecycle: { retention: "3d" } }),
      entry("abc"),
      "lifecycle.retention is 1d, wanted at least 172865s",
    ],
    [
      "a cluster of a name that every object has",
      entry("def"),
      entry("abc", {}, { cluster: "constructor" }),
      "cluster is constructor, wanted one of: one, two",
    ],
    [
      "a cluster that nobody knows",
      entry("def"),
      entry("abc", {}, { cluster: "three" }),
      "cluster is three, wanted one of: one, two",
    ],
    [
      "what the engine cannot do",
      entry("def"),
      entry("abc", { chunking: { above_bytes: "8MiB" } }),
      "namespace field chunking.aboveBytes is 8388608",
    ],
  ])("by %s is refused, and the rest taken", async (_what, before, after, why) => {
    await begin(before);
    const [line, ...others] = await change(after, entry("other_one", {}, { cluster: "two" }));
    expect(others).toEqual([]);
    expect(line).toContain(`namespace abc: ${why}`);
    const kept = before["name"] === "abc" ? ["abc"] : [];
    expect(served()).toEqual([...kept, "other_one"]);
  });

  test("leaves an alias where it was, if that is still served", async () => {
    await begin(entry("data_1", { aliases: ["data", "info"] }));
    const flawed = entry("data_2", { aliases: ["data"] }, { cluster: "three" });
    await change(entry("data_1"), flawed);
    expect(watch.registry.current().find("data")?.name).toBe("data_1");
    expect(watch.registry.current().find("info")).toBeUndefined();
    await change(flawed);
    expect(watch.registry.current().find("data")).toBeUndefined();
  });

  test("by two datasets that are one table of one engine", async () => {
    await begin(entry("abc", {}, { dataset: "d1", table: "same" }));
    const other = entry("def", {}, { dataset: "d2", table: "same" });
    expect(await change(other, entry("abc", {}, { dataset: "d1", table: "same" }))).toEqual([
      "INVALID_ARGUMENT: namespace def: table is same, wanted one that is not abc's",
    ]);
    expect(served()).toEqual(["abc"]);
  });

  test("is refused at the beginning, too: all of it, and nothing is watched", async () => {
    await begin();
    source = memoryNamespaces(
      document(entry("abc", {}, { cluster: "x" }), entry("def", {}, { cluster: "y" })),
    );
    const beginning = watchNamespaces({ env, engines, source });
    await expect(beginning).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(beginning).rejects.toThrow(/abc: cluster is x[^]*def: cluster is y/);
  });
});

describe("a shadow", () => {
  test("is written until its place becomes the primary's", async () => {
    await begin(entry("abc", {}, {}, [shadowAt("two", { read: "100%" })]));
    expect(watch.shadow("abc")).toMatchObject({ writes: 0 });
    expect(await change(entry("abc", {}, { cluster: "two" }))).toEqual([]);
    expect(watch.registry.current().find("abc")?.engine).toBe(engines["two"]);
    expect(watch.shadow("abc")).toBeUndefined();
  });
});

describe("a failure", () => {
  test("of an engine is tried again until it passes", async () => {
    let down = true;
    const one = engines["one"] as StorageEngine;
    engines["one"] = {
      ...one,
      provision: async (spec, call) => {
        if (down && spec.table === "def") throw new KvError("UNAVAILABLE", "scripted");
        await one.provision(spec, call);
      },
    };
    await begin(entry("abc"));
    expect(await change(entry("abc"), entry("def"))).toEqual(["UNAVAILABLE: scripted"]);
    await env.advance(1_000_000);
    await settle();
    expect(served()).toEqual(["abc"]);
    down = false;
    await env.advance(2_000_000);
    await settle();
    expect(served()).toEqual(["abc", "def"]);
    expect(reports.map(({ refused }) => refused.length)).toEqual([1, 1, 0]);
  });

  test("gives way to a new version at once", async () => {
    const one = engines["one"] as StorageEngine;
    const provision = async (): Promise<never> => {
      throw new KvError("UNAVAILABLE", "scripted");
    };
    engines["two"] = { ...one, provision };
    await begin(entry("abc"));
    await change(entry("abc"), entry("def", {}, { cluster: "two" }));
    expect(await change(entry("abc"), entry("ghi"))).toEqual([]);
    expect(served()).toEqual(["abc", "ghi"]);
  });

  test("of the source is told, and it is asked again", async () => {
    await begin(entry("abc"));
    await watch.close();
    let failures = 0;
    const flaky = {
      ...source,
      changes: async (since: string, signal: AbortSignal) => {
        if (failures++ === 0) throw new Error("no contact");
        return source.changes(since, signal);
      },
    };
    const onReport = (report: NamespaceReport): unknown => reports.push(report);
    watch = await watchNamespaces({ env, engines, source: flaky, onReport });
    await settle();
    expect(reports.at(-1)).toMatchObject({
      version: undefined,
      refused: ["configuration cannot be watched: no contact"],
    });
    source.set(document(entry("def")));
    await env.advance(1_000_000);
    await settle();
    expect(served()).toEqual(["def"]);
  });
});
