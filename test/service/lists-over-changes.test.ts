// Goal: accepted lists come to their ends whatever changes while they wait: aliases, defaults, namespaces, clocks, an
// engine that hangs; what was discarded stays so, and many dead letters are no more than a write takes (MUT-1, NS-4).
import { describe, expect, test } from "vitest";
import { memory } from "../../src/engines/memory/adapter.ts";
import { utf8 } from "../../src/model/bytes.ts";
import { PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import { KvError } from "../../src/model/error.ts";
import { TTL_MAX } from "../../src/model/limits.ts";
import { matchAll } from "../../src/model/predicate.ts";
import type { ListedMutation, MutateItemsRequest } from "../../src/model/request.ts";
import { HOUR, MINUTE, SECOND } from "../../src/model/time.ts";
import type { IdempotencyToken } from "../../src/model/token.ts";
import { type LogOptions, resolveLog } from "../../src/namespace/log.ts";
import {
  type Namespace,
  type NamespaceOptions,
  resolveNamespace,
} from "../../src/namespace/namespace.ts";
import { provisionLog, provisionNamespace } from "../../src/namespace/provision.ts";
import { namespaceRegistry, namespaceSnapshot } from "../../src/namespace/registry.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { StorageEngine } from "../../src/ports/storage-engine.ts";
import { startApplier } from "../../src/service/applier.ts";
import { mutationLog } from "../../src/service/mutation-log.ts";
import { createService } from "../../src/service/service.ts";
import { hmacSha256 } from "../../src/system/hmac.ts";
import { runNative } from "../../src/system/native.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";
import { tokenAt } from "./service-stage.ts";

const key = utf8("k");

/** Two namespaces, `one` and `two`, of which one is called `kv`; a log, and a server whose snapshot a test sets. */
async function stage(
  options: LogOptions = {},
  replace: (
    engine: StorageEngine,
    env: ReturnType<typeof steppedEnv>,
  ) => Partial<StorageEngine> = () => ({}),
) {
  const env = steppedEnv();
  const bare = await memory().open({ env, native: runNative });
  const engine = { ...bare, ...replace(bare, env) };
  const make = (name: string, more: Partial<NamespaceOptions> = {}): Namespace =>
    resolveNamespace({ name, ...more }, { primary: engine });
  const [one, two] = [make("one"), make("two")];
  for (const namespace of [one, two]) await provisionNamespace(namespace, env);
  const resolved = resolveLog(options, engine);
  await provisionLog(resolved, env);
  const snapshot = (target: string, served: readonly Namespace[] = [one, two]) =>
    namespaceSnapshot(
      "stage",
      served.map((namespace) => ({
        namespace,
        aliases: namespace.name === target ? ["kv"] : [],
      })),
    );
  const registry = namespaceRegistry(snapshot("one"));
  const parts = { env, log: resolved, namespaces: registry };
  const log = mutationLog(parts);
  const mac = hmacSha256(new Uint8Array(16).fill(1));
  const { handle } = createService({ env, mac, namespaces: registry, log });
  const call = () => ({ deadline: env.clock.monotonic() + 10 * SECOND, signal: neverAborted });
  const capabilities = PLAIN_CLIENT;
  return {
    env,
    log,
    /** The log at another server. */
    other: mutationLog(parts),
    make,
    two,
    accept: (list: MutateItemsRequest) => handle(list, call()),
    serve: (...served: Parameters<typeof snapshot>) => registry.replace(snapshot(...served)),
    rounds: async (count: number, apart = MINUTE) => {
      for (let i = 0; i < count; i += 1) {
        await log.apply(neverAborted);
        env.stall(apart);
      }
    },
    states: async (token: IdempotencyToken) => {
      const asked = { kind: "mutation_status", namespace: "kv", token, capabilities } as const;
      return (await handle(asked, call())).mutations.map(({ kind }) => kind).join(" ");
    },
    count: async (namespace: string, id: string) => {
      const read = { namespace, id, predicate: matchAll, selection: {}, capabilities };
      return (await handle({ kind: "get_items", ...read }, call())).items.length;
    },
  };
}

const put = (id: string, namespace = "kv"): ListedMutation => ({
  kind: "put",
  namespace,
  id,
  items: [{ key, value: utf8("v") }],
});

const listOf = (token: IdempotencyToken, ...mutations: ListedMutation[]): MutateItemsRequest => ({
  kind: "mutate_items",
  namespace: "kv",
  token,
  mutations,
  capabilities: PLAIN_CLIENT,
});

/** An engine that is away for one record until it is told otherwise. */
function awayFor(record: string) {
  const state = { away: true };
  const replace = (engine: StorageEngine): Partial<StorageEngine> => ({
    write: async (partition, mutations, call) => {
      if (state.away && partition.id === record) throw new KvError("UNAVAILABLE", "scripted");
      return engine.write(partition, mutations, call);
    },
  });
  return { state, replace };
}

describe("a list that is handed in again, its first acceptance unknown to the caller,", () => {
  test.each([
    ["one", "two", 0],
    ["one", "two", MINUTE],
    ["two", "one", MINUTE],
  ])("is applied though its alias turned from %s to %s, %d µs later", async (from, to, later) => {
    const { accept, serve, env, rounds, states } = await stage();
    serve(from);
    const list = listOf(tokenAt(), put("a"));
    await accept(list);
    serve(to);
    env.stall(later);
    await accept(list);
    await rounds(8);
    expect(await states(list.token)).toBe("applied");
  });

  test("is applied though a default changed", async () => {
    const { accept, serve, make, two, env, rounds, states } = await stage();
    serve("one", [make("one", { defaultTtlMicros: HOUR }), two]);
    const list = listOf(tokenAt(), put("a"));
    await accept(list);
    serve("one", [make("one", { defaultTtlMicros: 2 * HOUR }), two]);
    env.stall(MINUTE);
    await accept(list);
    await rounds(8);
    expect(await states(list.token)).toBe("applied");
  });
});

test("what was discarded stays so for as long as the rest of its list waits", async () => {
  const { replace } = awayFor("b");
  const stood = await stage({ statusMicros: 10 * MINUTE, attemptsMax: 1 }, replace);
  const list = listOf(tokenAt(), put("a", "two"), put("b", "one"));
  await stood.accept(list);
  stood.serve("one", [stood.make("one")]);
  await stood.rounds(1);
  const [letter] = await stood.log.deadLetters.list();
  await stood.log.deadLetters.discard(letter?.letterId ?? "");
  stood.serve("one");
  await stood.rounds(14);
  expect(await stood.states(list.token)).toBe("discarded pending");
  expect(await stood.count("two", "a")).toBe(0);
});

test("a list with more dead letters than one write takes comes to its end", async () => {
  const { state, replace } = awayFor("last");
  const stood = await stage({ attemptsMax: 1 }, (engine) => ({
    write: async (partition, mutations, call) => {
      if (mutations.length > engine.capabilities.mutationsPerWriteMax) {
        throw new KvError("INVALID_ARGUMENT", `write of ${mutations.length}`);
      }
      return (replace(engine).write ?? engine.write)(partition, mutations, call);
    },
  }));
  const dead = Array.from({ length: 999 }, (_, i) => put(`r${i}`, "two"));
  const list = listOf(tokenAt(), ...dead, put("last", "one"));
  await stood.accept(list);
  stood.serve("one", [stood.make("one")]);
  await stood.rounds(1);
  state.away = false;
  await stood.rounds(3);
  const states = (await stood.states(list.token)).split(" ");
  expect([states.length, states[0], states.at(-1)]).toEqual([1_000, "dead_lettered", "applied"]);
});

test("a list that was put off by a clock hours ahead is tried by those that are right", async () => {
  const { state, replace } = awayFor("b");
  const { accept, env, rounds, states } = await stage({}, replace);
  const begin = env.clock.wall();
  const list = listOf(tokenAt(), put("b"));
  await accept(list);
  env.setWall(begin + 5 * HOUR);
  await rounds(1, 0);
  env.setWall(begin + 2 * SECOND);
  state.away = false;
  await rounds(5);
  expect(await states(list.token)).toBe("applied");
});

test.each(["log", "other"] as const)(
  "a list is found in a bucket that a clock hours ahead has taken for past, that of %s",
  async (ahead) => {
    const stood = await stage();
    const begin = stood.env.clock.wall();
    await stood.accept(listOf(tokenAt(), put("a")));
    await stood.rounds(1, SECOND);
    stood.env.setWall(begin + 5 * HOUR);
    await stood[ahead].apply(neverAborted);
    stood.env.setWall(begin + 2 * SECOND);
    const list = listOf(tokenAt(1), put("b"));
    await stood.accept(list);
    await stood.rounds(2, SECOND);
    expect(await stood.states(list.token)).toBe("applied");
  },
);

test("an item of the longest life is applied by a server whose clock is a little behind", async () => {
  const { accept, env, rounds, states } = await stage();
  const now = env.clock.wall();
  const items = [{ key, value: utf8("v"), expiresAt: now + TTL_MAX }];
  const list = listOf(tokenAt(), { kind: "put", namespace: "kv", id: "a", items });
  await accept(list);
  env.setWall(now - 1_000);
  await rounds(1);
  expect(await states(list.token)).toBe("applied");
});

test("lists of a namespace whose engine hangs do not keep another's until it is too late", async () => {
  const stood = await stage({}, (engine, env) => ({
    write: async (partition, mutations, call) => {
      if (partition.table !== "two") return engine.write(partition, mutations, call);
      await new Promise<void>((wake) => {
        env.timers.after(call.deadline - env.clock.monotonic(), wake);
      });
      throw new KvError("DEADLINE_EXCEEDED", "scripted");
    },
  }));
  const tokens = { maxAge: MINUTE, maxDrift: SECOND };
  stood.serve("one", [stood.make("one", { tokens, applyMicrosMax: 10 * MINUTE }), stood.two]);
  const begin = tokenAt().generationTime;
  for (let i = 0; i < 4; i += 1) {
    const token = { generationTime: begin + i * 1_000, nonce: new Uint8Array(16).fill(4 * i) };
    const hanging = Array.from({ length: 200 }, (_, place) => put(`r${i}-${place}`, "two"));
    await stood.accept(listOf(token, ...hanging));
  }
  const token = { generationTime: begin + 9_000, nonce: new Uint8Array(16) };
  await stood.accept(listOf(token, put("a", "one")));
  const applier = startApplier({ env: stood.env, log: stood.log });
  await stood.env.advance(15 * MINUTE);
  const stopped = applier.stop();
  await stood.env.advance(MINUTE);
  await stopped;
  expect(await stood.states(token)).toBe("applied");
});
