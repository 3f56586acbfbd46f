/**
 * Doors: ways by which a case reaches an engine. The same cases run through any door, since all a case is given
 * is clients; this one has client and service in one process, over an engine adapter.
 */
import {
  type ClientParts,
  type Codec,
  type CodecParts,
  createClient,
  type Env,
  type KvClient,
  type KvRequest,
  type KvResponseOf,
  inPlace,
  neverAborted,
  noDictionaries,
  type Transport,
  zstd,
} from "kvdal/client";
import { hmacKeys, type LogOptions, MINUTE, type NamespaceOptions, SECOND } from "kvdal";
import type {
  CacheAdapter,
  CacheEngine,
  EngineAdapter,
  EngineCall,
  EngineCapabilities,
  EngineContext,
  StorageEngine,
} from "kvdal/engine";
import type { ShadowCounters } from "kvdal/namespaces";
import {
  createService,
  fixedNamespaces,
  inProcess,
  logTable,
  maintain,
  type Namespace,
  type NamespaceRegistry,
  resolveNamespace,
  tablesOf,
} from "kvdal/service";
import { type ChunkRows, chunkRowsOf } from "./chunk-rows.ts";
import { clustersOver, configurable } from "./configurable.ts";
import { type DictionaryTable, dictionaryTable } from "./dictionary-table.ts";
import { lazyTables } from "./lazy-tables.ts";
import { type LogMaker, type ServerLogs, serverLogs } from "./server-logs.ts";
import { type CacheProbe, watchCache } from "./watch-cache.ts";
import { type EngineWatch, watchEngine } from "./watch-engine.ts";

/** What a door is asked to open. */
export type DoorWish = {
  readonly namespaces: readonly NamespaceOptions[];
  /** The log of the deployment; its table is made when it is first used. */
  readonly log: LogOptions & { readonly table: string };
  /** The world of the servers and clients behind the door; its wall clock is the case's. */
  readonly env: Env;
};

/** What a further client is to be; by default it is like the others. */
export type ClientWish = Pick<ClientParts, "capabilities" | "codec" | "tokens" | "limits"> & {
  /** Its own world, where its clock is not the servers'. */
  readonly env?: Env;
  /** Puts something between it and its server: to watch, or to lose. */
  readonly around?: Around;
};

/** A transport in place of a transport. */
export type Around = (transport: Transport) => Transport;

/** An open deployment: its namespaces exist and were never used. */
export type Deployment = {
  /** Two clients, each of a server of its own, over the same engine. */
  readonly clients: readonly [KvClient, KvClient];
  /** A further client, of a server of its own. */
  readonly connect: (wish?: ClientWish) => KvClient;
  /** Sends one request, as it is, once, to a server. */
  readonly send: <R extends KvRequest>(request: R) => Promise<KvResponseOf<R>>;
  /** The servers' dictionaries; none at the beginning. Clients have none unless a wish gives them some. */
  readonly dictionaries: DictionaryTable;
  /** The chunk store of the namespace of this full name. */
  readonly chunkRows: (namespace: string) => ChunkRows;
  /**
   * Gives the servers, which go on running, this configuration of all their namespaces. Resolves with the lines of
   * what they refuse of it, once all have taken up or refused it. Its clusters are `main`, the engine under judgement,
   * also by the name in the published example, `spare`, an engine in memory, and `broken`, which always fails.
   */
  readonly configure: (document: string) => Promise<readonly string[]>;
  /** What the shadow of a namespace has seen at the first server; undefined when it has none. */
  readonly shadow: (namespace: string) => Readonly<ShadowCounters> | undefined;
  /** The columns of the table of the namespace of this full name; none where the door cannot tell. */
  readonly columns: (namespace: string) => Promise<readonly string[]>;
  /** The engine as the servers meet it; undefined behind a door that does not let itself be looked through. */
  readonly watch: EngineWatch | undefined;
  /** The logs of lists of mutations, one a server; nobody applies them but who asks here. */
  readonly logs: ServerLogs;
  /** The cache in front of namespaces that ask for one; undefined where there is none. */
  readonly cache: CacheProbe | undefined;
  /** The clean-up that a server does in the background, once, over all namespaces, by the wish's wall clock. */
  readonly sweep: () => Promise<void>;
  /** Removes the namespaces, as far as the door can; nobody uses the clients any more. */
  readonly dispose: () => Promise<void>;
};

/** Removes a table with all its data, by means outside of the port. */
export type DropTable = (table: string) => Promise<void>;

/** The columns of a table, sorted: name, type, kind, and the order of clustering ones, with blanks between. */
export type ColumnsOf = (table: string) => Promise<readonly string[]>;

/** A way to an engine. */
export type Door = {
  readonly capabilities: EngineCapabilities;
  /** Whether its deployments have a watch. */
  readonly isWatched: boolean;
  /** Whether its deployments tell the columns of tables. */
  readonly hasColumns: boolean;
  /** Whether there is a cache for namespaces that ask for one. */
  readonly hasCache: boolean;
  readonly open: (wish: DoorWish) => Promise<Deployment>;
  /** Ends the engine behind it. */
  readonly close: () => Promise<void>;
};

/** What an author, or a mode of the suite, has to say of a door. */
export type DoorOptions = {
  /** Without it the namespaces of every case stay, which some engines can bear and some cannot. */
  readonly dropTable?: DropTable;
  /** For engines whose tables have a published shape. */
  readonly columnsOf?: ColumnsOf;
  /** Changes what every namespace is: to have the same cases say more. */
  readonly overlay?: (namespace: NamespaceOptions) => NamespaceOptions;
  /** Stands between every client and its server. */
  readonly around?: Around;
  /** A cache for namespaces that ask for one. */
  readonly cache?: CacheAdapter;
  /** What clients and servers compress with; default: zstd alone. */
  readonly codecs?: readonly Codec[];
};

/** Time a call has here, generous: a case judges answers, not speed, and shares the engine with others. */
const LIMITS = { timeoutMicros: 40 * SECOND, attemptTimeoutMicros: 30 * SECOND };

/** Opens the adapter's engine behind a door. Fails as `adapter.open` does. `env` is the engine's own world. */
export async function engineDoor(
  adapter: EngineAdapter,
  env: Env,
  options: DoorOptions = {},
): Promise<Door> {
  const context: EngineContext = { env, native: async (_label, thunk) => thunk() };
  const opened = await adapter.open(context);
  const cache = await options.cache?.open(context);
  const engine = lazyTables(opened, ({ table }) => /(_chunks|_log)$/.test(table));
  return {
    capabilities: engine.capabilities,
    isWatched: true,
    hasColumns: options.columnsOf !== undefined,
    hasCache: cache !== undefined,
    open: (wish) => deploy({ engine, cache }, wish, env, options),
    close: async () => {
      await cache?.close();
      await engine.close();
    },
  };
}

/** What a door has opened. */
type Opened = { readonly engine: StorageEngine; readonly cache: CacheEngine | undefined };

async function deploy(
  bare: Opened,
  wish: DoorWish,
  outside: Env,
  {
    dropTable,
    columnsOf,
    overlay = (same) => same,
    around = (same) => same,
    codecs = [zstd],
  }: DoorOptions,
): Promise<Deployment> {
  const { env } = wish;
  const { engine, watch } = watchEngine(bare.engine, env.clock.monotonic, outside.timers);
  const cache = bare.cache === undefined ? undefined : watchCache(bare.cache);
  const tiers = { primary: engine, cache: cache?.engine };
  const namespaces = wish.namespaces.map((namespace) =>
    resolveNamespace(overlay(namespace), tiers),
  );
  await makeTables(namespaces, wish, engine);
  const byName = (name: string) => namespaces.find((one) => one.name === name) as Namespace;
  const clusters = await clustersOver(engine, env);
  const servers = configurable(2, fixedNamespaces(namespaces), clusters, env);
  const dictionaries = dictionaryTable();
  const codec: CodecParts = { codecs, compressor: inPlace, dictionaries };
  const logs = serverLogs({ env, engine, codec, options: wish.log });
  const connections = connecting(servers.registries, env, { around, codecs, dictionaries, logs });
  const { connect } = connections;
  const clients = [connect(), connect()] as const;
  const send = connections.server();
  return {
    clients,
    connect,
    send: (request) =>
      send(request, { budget: LIMITS.attemptTimeoutMicros, signal: neverAborted, turn: 0 }),
    dictionaries,
    chunkRows: (name) => {
      const namespace = byName(name);
      return chunkRowsOf(namespace, () => engineCall(namespace, env));
    },
    columns: async (name) => (await columnsOf?.(byName(name).table)) ?? [],
    configure: servers.configure,
    shadow: servers.shadow,
    watch,
    logs: logs.logs,
    cache: cache?.probe,
    sweep: async () => {
      const [first] = servers.registries;
      for (const { namespace } of first?.current().served ?? []) {
        await maintain(namespace, env, neverAborted);
      }
    },
    dispose: async () => {
      await servers.close();
      for (const table of [...servers.tables(), wish.log.table]) await dropTable?.(table);
    },
  };
}

async function makeTables(
  namespaces: readonly Namespace[],
  { log, env }: DoorWish,
  engine: StorageEngine,
): Promise<void> {
  for (const namespace of namespaces) {
    for (const { engine: _, ...spec } of tablesOf(namespace)) {
      await engine.provision(spec, engineCall(namespace, env));
    }
  }
  await engine.provision(logTable(log), engineCall({ consistency: "quorum" }, env));
}

/** What clients and servers have in common. */
type Connection = Required<Pick<DoorOptions, "around" | "codecs">> & {
  /** The servers'. */
  readonly dictionaries: DictionaryTable;
  readonly logs: LogMaker;
};

/** New servers, by turns over one registry and the other, and new clients of them. */
function connecting(
  registries: readonly NamespaceRegistry[],
  env: Env,
  { around, codecs, dictionaries, logs }: Connection,
): { readonly server: () => Transport; readonly connect: Deployment["connect"] } {
  // At once, since cases have no time to save.
  const codec: CodecParts = { codecs, compressor: inPlace, dictionaries: noDictionaries };
  // As while keys are changed: servers seal with one of two keys by turns, and all know both (PAGE-3).
  let sides = registries.map((registry) => ({ registry, key: env.random.bytes(32) }));
  const server = (): Transport => {
    const [own, ...others] = sides as [(typeof sides)[number], ...typeof sides];
    const mac = hmacKeys([own, ...others].map(({ key }) => key));
    const served = { ...codec, dictionaries };
    const { registry: namespaces } = own;
    const log = logs.at(namespaces);
    const service = createService({ env, mac, namespaces, codec: served, log });
    sides = [...others, own];
    return around(inProcess(service, env));
  };
  const connect: Deployment["connect"] = ({ around: own, limits, ...parts } = {}) => {
    const transport = server();
    return createClient({
      env,
      codec,
      ...parts,
      transport: own?.(transport) ?? transport,
      limits: { ...LIMITS, ...limits },
    });
  };
  return { server, connect };
}

function engineCall({ consistency }: Pick<Namespace, "consistency">, env: Env): EngineCall {
  return {
    deadline: env.clock.monotonic() + MINUTE,
    signal: neverAborted,
    consistency,
    now: env.clock.wall(),
  };
}
