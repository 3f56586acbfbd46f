/** What a storage case is run with: clients, a clock it moves, fresh namespaces, and short ways to say things. */
import { type IdempotencyToken, type KvClient, type Micros, NONCE_BYTES } from "kvdal";
import { type Env, sleep } from "kvdal/client";
import type { EngineCapabilities } from "kvdal/engine";
import type { ShadowCounters } from "kvdal/namespaces";
import type { ConformanceCase, NamespaceWish } from "./conformance-case.ts";
import type { ChunkRows } from "./chunk-rows.ts";
import { type ConfiguredNamespace, documentOf } from "./document.ts";
import type { Deployment, Door } from "./door.ts";
import { type ManualClock, manualClock } from "./manual-clock.ts";
import { recordOf, type RecordHandle } from "./record.ts";
import type { ServerLogs } from "./server-logs.ts";
import type { CacheProbe } from "./watch-cache.ts";
import type { EngineWatch } from "./watch-engine.ts";
import { watchTimers } from "./watch-timers.ts";

/** The store of one case; no other case sees its namespaces. */
export type ConformanceStore = {
  readonly client: KvClient;
  /** A second client, through a second server of the same deployment. */
  readonly second: KvClient;
  /** A client that can do nothing but send and receive whole, plain values. */
  readonly plain: KvClient;
  /** A further client, through a server of its own. */
  readonly connect: Deployment["connect"];
  /** Sends one request, as it is, once, to a server. */
  readonly send: Deployment["send"];
  /** The servers' dictionaries; none at the beginning. Clients have none unless a wish gives them some. */
  readonly dictionaries: Deployment["dictionaries"];
  /** The chunk store of the namespace with this label; default `main`. */
  readonly chunkRows: (label?: string) => ChunkRows;
  /** The columns of the table of the namespace with this label, sorted. Only for cases that need them. */
  readonly columns: (label?: string) => Promise<readonly string[]>;
  /** What the engine declares. Read limits from here; do not branch on the engine's name. */
  readonly capabilities: EngineCapabilities;
  /** The wall clock of servers and clients. It stands until the case moves it. */
  readonly clock: ManualClock;
  /** The world of servers and clients, for a client that has its own. */
  readonly env: Env;
  /** The full name of the namespace with this label; default `main`. */
  readonly namespace: (label?: string) => string;
  /**
   * Gives the running servers a configuration of all namespaces, by label: what is said of each stands beside its name
   * and a primary on the cluster `main`. As a text, it is taken as it is. Resolves with the lines of what is refused.
   */
  readonly configure: (
    wish: string | Readonly<Record<string, ConfiguredNamespace>>,
  ) => Promise<readonly string[]>;
  /** What the shadow of the namespace of this label has seen at the first server. */
  readonly shadow: (label: string) => Readonly<ShadowCounters> | undefined;
  /** A record by id, through the first client unless another is named. */
  readonly record: (id: string, options?: RecordOptions) => RecordHandle;
  /**
   * Starts one more server, over the same data, that serves only the namespace with this label, by default as the
   * case has it; a client of it. Rejects as the start of any server would.
   */
  readonly serve: (label: string, wish?: NamespaceWish) => Promise<KvClient>;
  /** A token `offset` microseconds from the store's beginning, whose nonce is `nonceByte` sixteen times. */
  readonly token: (offset: Micros, nonceByte?: number) => IdempotencyToken;
  /** The engine as servers meet it. Only for cases that need the engine's watch. */
  readonly engine: EngineWatch;
  /** The logs of lists of mutations. Nobody applies what is in them but the case. */
  readonly logs: ServerLogs;
  /** The cache in front of namespaces that ask for one. Only for cases that need a cache. */
  readonly cache: CacheProbe;
  /** The clean-up that servers do in the background, once, now. */
  readonly sweep: () => Promise<void>;
  /** Really waits. Only for cases of the engine's own clock. */
  readonly wait: (micros: Micros) => Promise<void>;
  /** Steady time, microseconds, for measuring what `wait` waits for. */
  readonly monotonic: () => Micros;
  /** How long after an expiry the engine is given to remove a row, in cases of its own clock. */
  readonly removalWithin: Micros;
};

/** Which namespace and which client. */
export type RecordOptions = { readonly namespace?: string; readonly client?: KvClient };

/** What a store is made of. */
export type StoreParts = {
  readonly door: Door;
  readonly env: Env;
  /** Beginning of the names of its namespaces: new for each case of each run, lower-case letters and digits. */
  readonly prefix: string;
  readonly removalWithin: Micros;
};

/** The store of a case, and what removes it. */
export type OpenedStore = {
  readonly store: ConformanceStore;
  /** What is under way or waited for, in words; empty once everything has ended (RES-1). */
  readonly left: () => readonly string[];
  /** Takes back the timers of a case that is left behind: they would keep the process from its end. */
  readonly cancelTimers: () => void;
  readonly dispose: () => Promise<void>;
};

function tokensFrom(begun: Micros): ConformanceStore["token"] {
  return (offset, nonceByte = 0x55) => ({
    generationTime: begun + offset,
    nonce: new Uint8Array(NONCE_BYTES).fill(nonceByte),
  });
}

function leftOf(timers: number, calls: readonly string[]): readonly string[] {
  return [
    ...(timers === 0 ? [] : [`${timers} timers`]),
    ...(calls.length === 0 ? [] : [`${calls.length} engine calls (${calls.join(", ")})`]),
  ];
}

/** Opens the fresh store of a case. */
export async function openStore(test: ConformanceCase, parts: StoreParts): Promise<OpenedStore> {
  const timers = watchTimers(parts.env);
  const { clock, env } = manualClock(timers.env);
  const begun = clock.now();
  const wishes = Object.entries(test.namespaces ?? { main: {} });
  const namespace = (label = "main"): string => `${parts.prefix}_${label}`;
  const namespaces = wishes.map(([label, wish]) => ({ ...wish, name: namespace(label) }));
  const log = { ...test.log, table: `${parts.prefix}_log` };
  const deployment = await parts.door.open({ namespaces, log, env });
  const { clients, connect, send, chunkRows, watch, logs, sweep, dispose } = deployment;
  const disposals = [dispose];
  const serve: ConformanceStore["serve"] = async (label, wish = test.namespaces?.[label] ?? {}) => {
    const more = { namespaces: [{ ...wish, name: namespace(label) }], log, env };
    const further = await parts.door.open(more);
    disposals.push(further.dispose);
    return further.clients[0];
  };
  const token = tokensFrom(begun);
  const store: ConformanceStore = {
    client: clients[0],
    second: clients[1],
    plain: connect({ capabilities: { chunking: false } }),
    connect,
    send,
    dictionaries: deployment.dictionaries,
    chunkRows: (label) => chunkRows(namespace(label)),
    columns: (label) => deployment.columns(namespace(label)),
    capabilities: parts.door.capabilities,
    clock,
    env,
    namespace,
    configure: (wish) =>
      deployment.configure(typeof wish === "string" ? wish : documentOf(wish, namespace)),
    shadow: (label) => deployment.shadow(namespace(label)),
    record: (id, options = {}) =>
      recordOf(options.client ?? clients[0], namespace(options.namespace), id, token),
    serve,
    token,
    get engine() {
      return watched(watch, `${test.id} looks at the engine, wanted ENGINE_WATCH`);
    },
    logs,
    get cache() {
      return watched(deployment.cache, `${test.id} looks at a cache, wanted CACHE`);
    },
    sweep,
    wait: (micros) => sleep(parts.env.timers, micros),
    monotonic: parts.env.clock.monotonic,
    removalWithin: parts.removalWithin,
  };
  return {
    store,
    left: () => leftOf(timers.pending(), watch?.out() ?? []),
    cancelTimers: timers.cancelAll,
    dispose: async () => {
      timers.cancelAll();
      for (const one of disposals) await one();
    },
  };
}

function watched<W>(watch: W | undefined, flaw: string): W {
  if (watch === undefined) throw new Error(flaw);
  return watch;
}
