/** A stage: a client and a server of their own on virtual time, over an engine and a cache that count. */
import {
  KvError,
  matchAll,
  memory,
  type Micros,
  type RecordedTelemetry,
  recordedTelemetry,
} from "kvdal";
import {
  createClient,
  type Env,
  type GetItemsRequest,
  type KvClient,
  PLAIN_CLIENT,
  type ServerFacts,
  sleep,
} from "kvdal/client";
import {
  createService,
  inProcess,
  type KvService,
  type MacKeyring,
  type Namespace,
  type NamespaceOptions,
  resolveNamespace,
  type ServiceParts,
  tablesOf,
} from "kvdal/service";
import type { EngineCall } from "kvdal/engine";
import { SimNode } from "../world/node.ts";
import { keysAt } from "../world/server-keys.ts";
import type { World } from "../world/world.ts";
import { CountingCache } from "./counting-cache.ts";
import { CountingEngine } from "./counting-engine.ts";

/** The namespace of all stages. */
export const STAGE_NAMESPACE = "costs";

/** A read of all of one record, by a client that leaves everything to its server. */
export const READ_ALL: GetItemsRequest = {
  kind: "get_items",
  namespace: STAGE_NAMESPACE,
  id: "record",
  predicate: matchAll,
  selection: {},
  pageToken: undefined,
  capabilities: PLAIN_CLIENT,
};

/** Right to the microsecond. */
const RIGHT_CLOCK = { offset: 0, driftPpm: 0, resolution: 1 };

/** What is put on a stage. */
export type Served = {
  readonly namespace: Namespace;
  readonly service: KvService;
  readonly client: KvClient;
};

/** What a namespace, its server and its client have of their own. */
export type Serving = {
  readonly options?: Partial<NamespaceOptions>;
  readonly parts?: Partial<ServiceParts>;
  readonly limits?: NonNullable<Parameters<typeof createClient>[0]["limits"]>;
};

/** One stage. Nothing of it is known to any other. */
export class Stage {
  readonly env: Env;
  /** Of this stage alone. */
  readonly telemetry: RecordedTelemetry = recordedTelemetry();
  readonly engine: CountingEngine;
  readonly cache: CountingCache;
  /** What its servers seal page tokens with. */
  readonly mac: MacKeyring;
  /** How far the wall clock of everybody on it is ahead. */
  ahead: Micros = 0;

  private constructor(node: SimNode, opened: (env: Env) => Pick<Stage, "engine" | "cache">) {
    this.mac = keysAt(node);
    const clock = {
      wall: () => node.wall() + this.ahead,
      monotonic: () => node.monotonic(),
    };
    this.env = { ...node.env(), clock, telemetry: this.telemetry };
    ({ engine: this.engine, cache: this.cache } = opened(this.env));
  }

  /** A new one, at a node that is alone in that world. */
  static async open(world: World, index: number): Promise<Stage> {
    const node = new SimNode(world, { index, clock: RIGHT_CLOCK });
    const native = <T>(_label: string, thunk: () => Promise<T>): Promise<T> => thunk();
    const under = await memory().open({ env: node.env(), native });
    return new Stage(node, (env) => ({
      engine: new CountingEngine(under, env.timers),
      cache: new CountingCache(env),
    }));
  }

  /** A server of one namespace over the stage's engine, and a client of it. */
  async serve({ options = {}, parts, limits = {} }: Serving = {}): Promise<Served> {
    const { env, engine, cache, mac } = this;
    const tiers = { primary: engine.engine, cache: cache.engine };
    const namespace = resolveNamespace({ name: STAGE_NAMESPACE, ...options }, tiers);
    await this.provision(namespace);
    const service = createService({ env, mac, namespaces: [namespace], ...parts });
    const client = createClient({ env, transport: inProcess(service, env), limits });
    return { namespace, service, client };
  }

  /** Makes the tables of a namespace. */
  async provision(namespace: Namespace): Promise<void> {
    const call = this.call();
    for (const { engine, table, retention } of tablesOf(namespace)) {
      await engine.provision({ table, retention }, call);
    }
  }

  /** A call of the engine, or of a service, that has all the time there is. */
  call(): EngineCall {
    const { clock } = this.env;
    const signal = new AbortController().signal;
    const deadline = Number.MAX_SAFE_INTEGER;
    return { deadline, signal, consistency: "quorum", now: clock.wall() };
  }

  /** What a server tells of itself with an answer to this. */
  async facts({ service }: Pick<Served, "service">): Promise<ServerFacts> {
    const request = {
      kind: "handshake",
      namespace: STAGE_NAMESPACE,
      capabilities: PLAIN_CLIENT,
    } as const;
    return (await service.handle(request, this.call())).server;
  }

  /** Virtual time passes. */
  pass(micros: Micros): Promise<void> {
    return sleep(this.env.timers, micros);
  }

  /** Virtual time until the work has ended. */
  async timed(work: () => Promise<unknown>): Promise<Micros> {
    const { clock } = this.env;
    const begun = clock.monotonic();
    await work();
    return clock.monotonic() - begun;
  }
}

/** The error that the work fails with; undefined where it does not. */
export async function errorOf(work: Promise<unknown>): Promise<KvError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof KvError) return error;
    throw error;
  }
}
