// Goal: what does not open is closed again, and what was opened ends with one close.
import { describe, expect, test } from "vitest";
import { KvError } from "../src/model/error.ts";
import { memory } from "../src/engines/memory/adapter.ts";
import { HOUR, SECOND } from "../src/model/time.ts";
import type { NamespaceOptions } from "../src/namespace/namespace.ts";
import { type KvStore, open } from "../src/open.ts";
import type { StorageEngine } from "../src/ports/storage-engine.ts";
import { hmacSha256 } from "../src/system/hmac.ts";
import { rejectionOf } from "./fakes/error-of.ts";
import { type FakeEngine, fakeEngine } from "./fakes/fake-engine.ts";
import { steppedEnv } from "./fakes/stepped-env.ts";

const mac = hmacSha256(new Uint8Array(16));
const down = async (): Promise<never> => {
  throw new KvError("UNAVAILABLE", "scripted");
};

function opening(engine: FakeEngine, ...namespaces: NamespaceOptions[]): Promise<KvStore> {
  const adapter = { name: "fake", open: async (): Promise<StorageEngine> => engine };
  return open({ engine: adapter, namespaces, env: steppedEnv(), mac });
}

const verbs = (engine: FakeEngine): readonly string[] => engine.calls.map(({ verb }) => verb);

describe("open()", () => {
  test("sweeps the tables of every namespace once an hour when nobody says otherwise (DEL-5)", async () => {
    let sweeps = 0;
    const engine: StorageEngine = {
      ...fakeEngine(),
      scan: async () => ({ entries: [], rowsExamined: 0, cursor: undefined }),
      sweep: async () => {
        sweeps += 1;
        return { rowsExamined: 0, rowsRemoved: 0, cursor: undefined };
      },
    };
    const adapter = { name: "fake", open: async (): Promise<StorageEngine> => engine };
    const env = steppedEnv((bound) => Math.floor(bound / 2));
    const namespaces = [{ name: "users" }, { name: "orders" }];
    const store = await open({ engine: adapter, namespaces, env, mac });
    await env.advance(HOUR / 2 - 1);
    expect(sweeps).toBe(0);
    await env.advance(1);
    // A table of rows and one of chunks each.
    expect(sweeps).toBe(4);
    await env.advance(HOUR);
    expect(sweeps).toBe(8);
    await store.close();
    expect(env.pendingTimers()).toBe(0);
  });

  test("with a log applies lists in the background, until it is closed (MUT-1, RES-1)", async () => {
    const env = steppedEnv();
    const log = { everyMicros: SECOND };
    const store = await open({ engine: memory(), namespaces: [{ name: "users" }], env, mac, log });
    const put = [{ key: new Uint8Array(1), value: new Uint8Array(1) }];
    const mutations = [{ namespace: "users", id: "a", put }];
    const { requestId } = await store.client.mutateItems({ mutations });
    expect((await store.client.mutationStatus(requestId)).state).toBe("pending");
    await env.advance(2 * SECOND);
    expect((await store.client.mutationStatus(requestId)).state).toBe("done");
    expect((await store.client.getItems({ namespace: "users", id: "a" })).items.length).toBe(1);
    expect(await store.deadLetters?.list()).toEqual([]);
    await store.close();
    expect(env.pendingTimers()).toBe(0);
  });

  test("without a log has no lists, and says what is wanted", async () => {
    const store = await opening(fakeEngine(), { name: "users" });
    const put = [{ key: new Uint8Array(1), value: new Uint8Array(1) }];
    const list = { mutations: [{ namespace: "users", id: "a", put }] };
    const error = await rejectionOf(store.client.mutateItems(list));
    expect([error?.code, store.deadLetters]).toEqual(["UNSUPPORTED", undefined]);
    expect(error?.message).toContain("wanted one that was opened with a log");
  });

  test("makes a table for each namespace, and close() closes the engine", async () => {
    const engine = fakeEngine();
    const store = await opening(engine, { name: "users" }, { name: "orders" });
    expect(verbs(engine)).toEqual(Array(4).fill("provision"));
    await store.client.putItems({ namespace: "orders", id: "1", items: [] }).catch(() => undefined);
    await store.close();
    expect(verbs(engine).at(-1)).toBe("close");
  });

  test("closes an engine that keeps its own state in `this`", async () => {
    const engine = fakeEngine();
    const closed: unknown[] = [];
    const stateful = {
      ...engine,
      close(this: unknown): Promise<void> {
        closed.push(this);
        return Promise.resolve();
      },
    };
    const store = await opening(stateful, { name: "users" });
    await store.close();
    expect(closed).toEqual([stateful]);
  });

  test("closes the engine when a table cannot be made, and says why it did not open", async () => {
    const engine = fakeEngine({ provision: down });
    expect((await rejectionOf(opening(engine, { name: "users" })))?.code).toBe("UNAVAILABLE");
    expect(verbs(engine)).toEqual(["provision", "close"]);
  });

  test("says why it did not open, though closing fails as well", async () => {
    const close = async (): Promise<never> => {
      throw new KvError("INTERNAL", "scripted");
    };
    const engine = fakeEngine({ provision: down, close });
    expect((await rejectionOf(opening(engine, { name: "users" })))?.code).toBe("UNAVAILABLE");
  });

  test("closes the engine when a namespace is refused, before any table is made", async () => {
    const engine = fakeEngine();
    const refused = opening(engine, { name: "users" }, { name: "Not a name" });
    expect((await rejectionOf(refused))?.code).toBe("INVALID_ARGUMENT");
    expect(verbs(engine)).toEqual(["close"]);
  });

  test("refuses two namespaces of one name: one would be served as the other", async () => {
    const engine = fakeEngine();
    const refused = opening(engine, { name: "users" }, { name: "users", descending: true });
    expect((await rejectionOf(refused))?.code).toBe("INVALID_ARGUMENT");
    expect(verbs(engine).at(-1)).toBe("close");
  });

  test("leaves no applier at work when what comes after the log is refused", async () => {
    const world = steppedEnv();
    const options = { engine: memory(), namespaces: [], env: world, mac };
    const refused = open({ ...options, log: {}, load: { requestsMax: 0 } });
    expect((await rejectionOf(refused))?.code).toBe("INVALID_ARGUMENT");
    expect(world.pendingTimers()).toBe(0);
  });

  test("fails as the adapter does, with nothing to close", async () => {
    const adapter = { name: "fake", open: down };
    const refused = open({ engine: adapter, namespaces: [], env: steppedEnv(), mac });
    expect((await rejectionOf(refused))?.code).toBe("UNAVAILABLE");
  });

  test("serves an unknown namespace with its name and those there are", async () => {
    const store = await opening(fakeEngine(), { name: "users" }, { name: "orders" });
    const error = await rejectionOf(store.client.deleteItems({ namespace: "nobody", id: "1" }));
    expect(error?.message).toBe(
      "NAMESPACE_NOT_FOUND: namespace is nobody, wanted one of: users, orders",
    );
  });
});
