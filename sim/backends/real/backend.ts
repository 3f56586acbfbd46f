/**
 * A real engine in the engine's place of a world. Only the native call is real: it is made at the virtual moment
 * at which it arrives, alone, while virtual time stands still, and its answer is delivered when the plan says.
 * Emulation, locks and pauses above it run in virtual time; loss, delay, doubling and crashes fall between calls.
 */
import { KvError, type Micros, SECOND } from "kvdal";
import { type Env, neverAborted } from "kvdal/client";
import type { EngineAdapter, StorageEngine } from "kvdal/engine";
import { type Namespace, resolveNamespace } from "kvdal/service";
import type { Slowness } from "../../faults/slow-engine.ts";
import { EVENTS } from "../../world/event-codes.ts";
import { hash32 } from "../../world/keyed-random.ts";
import type { Network } from "../../world/network.ts";
import type { SimNode } from "../../world/node.ts";
import { keyedController } from "../../world/request-key.ts";
import type { World } from "../../world/world.ts";
import { DOOMED_NAMESPACE, LOG_TABLE, OTHER_NAMESPACE } from "../../workload/lists-plan.ts";
import { EMPTY_NAMESPACE, NAMESPACE } from "../../workload/namespace-plan.ts";
import type { Topology } from "../../workload/plan.ts";
import { SHORT_OPERATIONS } from "../../workload/short-worlds.ts";
import { type BackendFactory, pointsOf, type WorldBackend } from "../backend.ts";
import { type RealScope, realScope, scopedEnv } from "./scope.ts";
import { type Apart, engineOfOneWorld } from "./engine-of-one-world.ts";
import { watchedEngine } from "./watched-engine.ts";

/** How a real engine is put into worlds. */
export type RealEngineOptions = {
  /** Expiry by the callers' clocks alone: the world's are not the engine's. */
  readonly adapter: EngineAdapter;
  /** The real world, for opening, provisioning and closing. */
  readonly env: Env;
  /** Begins every record id: no two processes on one engine may share it. */
  readonly tag: string;
};

/** An engine that is open for worlds; close it when the campaign is over. */
export type RealEngineFactory = BackendFactory & { readonly close: () => Promise<void> };

/** Native calls cost a thousand times what simulated ones do: worlds are shorter, most of them much, and none the fewer. */
const CLIENTS = { clients: 3, operationsPerClient: 24 };
/** An embedded engine has one server: its calls cannot be lost, only cut short by a crash of that server. */
const EMBEDDED_TOPOLOGY: Topology = { ...CLIENTS, servers: 1, replicas: 1 };
const SHARED_TOPOLOGY: Topology = { ...CLIENTS, servers: 2, replicas: 1 };
const PROVISION_TIMEOUT = 120 * SECOND;
/** Tables among which the chunks of worlds are shared out. */
const CHUNK_TABLES = 16;

/** Opens the engine, makes the worlds' table, and returns what puts it into worlds. Rejects with `KvError`. */
export async function openRealEngine(options: RealEngineOptions): Promise<RealEngineFactory> {
  const { adapter, env, tag } = options;
  const engine = await adapter.open({
    env: scopedEnv(env),
    native: (_label, thunk) => {
      const scope = realScope.getStore();
      return scope === undefined ? thunk() : scope.reach(scope, thunk);
    },
  });
  const tiers = { primary: engine };
  const named = (name: string): Namespace => resolveNamespace({ name }, tiers);
  const [main, ...others] = [
    named(NAMESPACE),
    ...[EMPTY_NAMESPACE, OTHER_NAMESPACE, DOOMED_NAMESPACE].map(named),
  ] as const;
  const placeOf = (turn: number): string => `${main.chunks.table}_${turn % CHUNK_TABLES}`;
  const places = Array.from({ length: CHUNK_TABLES }, (_, turn) => placeOf(turn));
  const { retention, consistency } = main;
  const further = others.flatMap(({ table, chunks }) => [table, chunks.table]);
  for (const table of [main.table, ...places, ...further, LOG_TABLE]) {
    const deadline = env.clock.monotonic() + PROVISION_TIMEOUT;
    const call = { deadline, signal: neverAborted, consistency, now: env.clock.wall() };
    await engine.provision({ table, retention }, call);
  }
  const embedded = engine.capabilities.sharing === "embedded";
  let worlds = 0;
  return {
    name: adapter.name,
    topology: embedded ? EMBEDDED_TOPOLOGY : SHARED_TOPOLOGY,
    shortOperations: SHORT_OPERATIONS,
    create: (world, network, nodes, slowness) => {
      worlds += 1;
      const place = placeOf(worlds);
      const tableOf = (table: string): string => (table === main.chunks.table ? place : table);
      return createBackend({
        world,
        engine,
        apart: { idPrefix: `${tag}-${worlds}`, tableOf },
        link: embedded ? embeddedLink(world) : networkLink(network, nodes[0] as SimNode),
        slowness,
      });
    },
    close: engine.close,
  };
}

/** How native calls travel: `there` runs on arrival at the engine, `back` on arrival at the server. */
type Link = {
  readonly there: (server: SimNode, key: number, arrive: () => void) => void;
  readonly back: (server: SimNode, key: number, arrive: () => void, wait: Micros) => void;
};

function networkLink(network: Network, engineNode: SimNode): Link {
  return {
    there: (server, key, arrive) => network.send(server, engineNode, key, arrive),
    back: (server, key, arrive, wait) =>
      network.send(engineNode, server, hash32(key, 2), arrive, wait),
  };
}

/** Within one process: some time each way, nothing lost; a crash of the process takes what has not arrived. */
function embeddedLink(world: World): Link {
  const pass = (server: SimNode, key: number, arrive: () => void, wait = 0): void => {
    const { incarnation } = server;
    world.after(1 + (hash32(world.seed, key) % 300) + wait, EMBEDDED_CODE, () => {
      if (server.up && server.incarnation === incarnation) arrive();
    });
  };
  return {
    there: pass,
    back: (server, key, arrive, wait) => pass(server, hash32(key, 2), arrive, wait),
  };
}

const EMBEDDED_CODE = EVENTS.embedded.code;

type BackendParts = {
  readonly world: World;
  readonly engine: StorageEngine;
  readonly apart: Apart;
  readonly link: Link;
  readonly slowness: Slowness;
};

function createBackend({ world, engine, apart, link, slowness }: BackendParts): WorldBackend {
  let trouble: string | undefined;
  const watched = watchedEngine(engineOfOneWorld(engine, apart), (message) => {
    trouble ??= message;
  });
  const reach = createReach(world, link, slowness);
  return {
    callsLastAsRequests: true,
    writesAtOnce: engine.capabilities.atomicWrite === "record",
    openEngine: () => watched,
    recordId: (record) => `${apart.idPrefix}-${record}`,
    within: (request, work) => {
      const scope = { ...request, natives: 0, draws: 0, timedOut: false, reach };
      return realScope.run(scope, () =>
        work(keyedController(request.key, pointsOf(request)).signal),
      );
    },
    crash: (node) => node.crash(),
    restart: (node) => node.restart(),
    repair: () => {},
    views: () => [],
    inconclusive: () => trouble,
  };
}

/** Sends native calls of one world to the engine and their answers back. */
function createReach(world: World, link: Link, slowness: Slowness): RealScope["reach"] {
  return <T>(scope: RealScope, thunk: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      const { server } = scope;
      const { incarnation } = server;
      scope.natives += 1;
      const key = hash32(scope.key, scope.natives, 5);
      const end = server.engineCall(scope.deadline - server.monotonic(), () => {
        scope.timedOut = true;
        reject(new KvError("DEADLINE_EXCEEDED", "the engine's answer did not come in time"));
      });
      const wait = slowness(key, server.index);
      const answer = (settle: () => void): void => {
        const arrive = (): void => {
          if (server.incarnation !== incarnation) return;
          end();
          settle();
        };
        link.back(server, key, arrive, wait);
      };
      const make = async (): Promise<() => void> => {
        try {
          // Within the scope: a look at the clock during the call is a look at the server's.
          const value = await realScope.run(scope, thunk);
          return () => answer(() => resolve(value));
        } catch (error) {
          return () => answer(() => reject(error));
        }
      };
      link.there(server, key, () => world.outbox.push({ make }));
    });
}
