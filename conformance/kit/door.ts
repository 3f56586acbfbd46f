/**
 * Doors: ways by which a case reaches an engine. The same cases run through any door, since all a case is given
 * is clients; this one has client and service in one process, over an engine adapter.
 */
import { createClient, type Env, type KvClient, neverAborted } from "kvdal/client";
import { hmacKeys, MINUTE, type NamespaceOptions, SECOND } from "kvdal";
import type { EngineAdapter, EngineCall, EngineCapabilities, StorageEngine } from "kvdal/engine";
import type { ShadowCounters } from "kvdal/namespaces";
import {
  createService,
  fixedNamespaces,
  inProcess,
  maintain,
  type Namespace,
  type NamespaceRegistry,
  resolveNamespace,
  tablesOf,
} from "kvdal/service";
import { clustersOver, configurable } from "./configurable.ts";

/** What a door is asked to open. */
export type DoorWish = {
  readonly namespaces: readonly NamespaceOptions[];
  /** The world of the servers and clients behind the door; its wall clock is the case's. */
  readonly env: Env;
};

/** An open deployment: its namespaces exist and were never used. */
export type Deployment = {
  /** Two clients, each of a server of its own, over the same engine. */
  readonly clients: readonly [KvClient, KvClient];
  /**
   * Gives the servers, which go on running, this configuration of all their namespaces. Resolves with the lines of
   * what they refuse of it, once all have taken up or refused it. Its clusters are `main`, the engine under judgement,
   * also by the name in the published example, `spare`, an engine in memory, and `broken`, which always fails.
   */
  readonly configure: (document: string) => Promise<readonly string[]>;
  /** What the shadow of a namespace has seen at the first server; undefined when it has none. */
  readonly shadow: (namespace: string) => Readonly<ShadowCounters> | undefined;
  /** The clean-up that a server does in the background, once, over all namespaces, by the wish's wall clock. */
  readonly sweep: () => Promise<void>;
  /** Removes the namespaces, as far as the door can; nobody uses the clients any more. */
  readonly dispose: () => Promise<void>;
};

/** Removes a table with all its data, by means outside of the port. */
export type DropTable = (table: string) => Promise<void>;

/** A way to an engine. */
export type Door = {
  readonly capabilities: EngineCapabilities;
  readonly open: (wish: DoorWish) => Promise<Deployment>;
  /** Ends the engine behind it. */
  readonly close: () => Promise<void>;
};

/** Time a call has here, generous: a case judges answers, not speed, and shares the engine with others. */
const LIMITS = { timeoutMicros: 40 * SECOND, attemptTimeoutMicros: 30 * SECOND };

/**
 * Opens the adapter's engine behind a door. Fails as `adapter.open` does. `env` is the engine's own world. Without
 * `dropTable` the namespaces of every case stay, which some engines can bear and some cannot.
 */
export async function engineDoor(
  adapter: EngineAdapter,
  env: Env,
  dropTable: DropTable = async () => undefined,
): Promise<Door> {
  const engine = await adapter.open({ env, native: async (_label, thunk) => thunk() });
  return {
    capabilities: engine.capabilities,
    open: (wish) => deploy(engine, wish, dropTable),
    close: engine.close,
  };
}

async function deploy(
  engine: StorageEngine,
  wish: DoorWish,
  dropTable: DropTable,
): Promise<Deployment> {
  const { env } = wish;
  const namespaces = wish.namespaces.map((namespace) =>
    resolveNamespace(namespace, { primary: engine }),
  );
  for (const namespace of namespaces) {
    for (const { engine: _, ...spec } of tablesOf(namespace)) {
      await engine.provision(spec, engineCall(namespace, env));
    }
  }
  const clusters = await clustersOver(engine, env);
  const servers = configurable(2, fixedNamespaces(namespaces), clusters, env);
  // As while keys are changed: each server seals with another key, and both know both (PAGE-3).
  const keys = [env.random.bytes(32), env.random.bytes(32)];
  const client = (registry: NamespaceRegistry, ownKeys: readonly Uint8Array[]): KvClient => {
    const service = createService({ env, mac: hmacKeys(ownKeys), namespaces: registry });
    return createClient({ env, transport: inProcess(service, env), limits: LIMITS });
  };
  const [first, second] = servers.registries as [NamespaceRegistry, NamespaceRegistry];
  return {
    clients: [client(first, keys), client(second, keys.toReversed())],
    configure: servers.configure,
    shadow: servers.shadow,
    sweep: async () => {
      for (const { namespace } of first.current().served) {
        await maintain(namespace, env, neverAborted);
      }
    },
    dispose: async () => {
      await servers.close();
      for (const table of servers.tables()) await dropTable(table);
    },
  };
}

function engineCall(namespace: Namespace, env: Env): EngineCall {
  return {
    deadline: env.clock.monotonic() + MINUTE,
    signal: neverAborted,
    consistency: namespace.consistency,
    now: env.clock.wall(),
  };
}
