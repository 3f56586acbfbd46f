/** Servers whose namespaces come from a configuration that a case changes while they run (NS-3 to NS-6). */
import { KvError, memory, type Micros, SECOND } from "kvdal";
import { type Env, sleep } from "kvdal/client";
import type { StorageEngine } from "kvdal/engine";
import {
  type EnginesByCluster,
  type MemoryNamespaces,
  memoryNamespaces,
  type NamespaceReport,
  type NamespaceWatch,
  type ShadowCounters,
  watchNamespaces,
} from "kvdal/namespaces";
import { type NamespaceRegistry, tablesOf } from "kvdal/service";

/** The namespaces of some servers. */
export type Configurable = {
  /** One a server. */
  readonly registries: readonly NamespaceRegistry[];
  /** Gives all servers this configuration; resolves with the lines of what they refuse, once all have looked at it. */
  readonly configure: (document: string) => Promise<readonly string[]>;
  /** What the first server's shadow of the namespace has seen. */
  readonly shadow: (namespace: string) => Readonly<ShadowCounters> | undefined;
  /** Every table that was served since the beginning. */
  readonly tables: () => ReadonlySet<string>;
  readonly close: () => Promise<void>;
};

/**
 * What a case may name as clusters: `main` and the published example's are the engine under judgement, `spare` is an
 * engine in memory, `broken` one whose calls all fail.
 */
export async function clustersOver(engine: StorageEngine, env: Env): Promise<EnginesByCluster> {
  const native = async <T>(_label: string, thunk: () => Promise<T>): Promise<T> => thunk();
  const spare = await memory().open({ env, native });
  return { main: engine, cassandra_kv_ngsegment: engine, spare, broken: brokenEngine(spare) };
}

function brokenEngine(engine: StorageEngine): StorageEngine {
  const fail = async (): Promise<never> => {
    throw new KvError("UNAVAILABLE", "this cluster is broken, as the case wants it");
  };
  return {
    ...engine,
    write: fail,
    readKeys: fail,
    readRange: fail,
    putIfAbsent: fail,
    scan: fail,
    sweep: fail,
  };
}

/** Pause between two looks at whether all servers have taken a configuration up. */
const LOOK_AGAIN: Micros = SECOND / 1000;

/** `servers` servers that begin with the namespaces of `first` and follow a configuration once there is one. */
export function configurable(
  servers: number,
  first: NamespaceRegistry,
  engines: EnginesByCluster,
  env: Env,
): Configurable {
  const followers = new Followers(servers, engines, env);
  const registryOf = (server: number): NamespaceRegistry =>
    followers.watches[server]?.registry ?? first;
  const tables = new Set<string>();
  const noteTables = (): void => {
    for (const { namespace } of registryOf(0).current().served) {
      for (const { table } of tablesOf(namespace)) tables.add(table);
    }
  };
  noteTables();
  return {
    registries: Array.from({ length: servers }, (_, server) => ({
      current: () => registryOf(server).current(),
    })),
    configure: async (document) => {
      const refused = await followers.configure(document);
      noteTables();
      return refused;
    },
    shadow: (namespace) => followers.watches[0]?.shadow(namespace),
    tables: () => tables,
    close: async () => {
      await followers.close();
      await engines["spare"]?.close();
    },
  };
}

/** The watches of all servers over one source. */
class Followers {
  readonly watches: NamespaceWatch[] = [];
  readonly #servers: number;
  readonly #engines: EnginesByCluster;
  readonly #env: Env;
  readonly #reports = new Map<number, NamespaceReport>();
  #source: MemoryNamespaces | undefined;
  #versions = 0;
  #closed = false;

  constructor(servers: number, engines: EnginesByCluster, env: Env) {
    this.#servers = servers;
    this.#engines = engines;
    this.#env = env;
  }

  async configure(document: string): Promise<readonly string[]> {
    return this.#source === undefined
      ? this.#begin(document)
      : this.#change(this.#source, document);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const watch of this.watches) await watch.close();
  }

  async #begin(document: string): Promise<readonly string[]> {
    const source = memoryNamespaces(document);
    const parts = { env: this.#env, engines: this.#engines, source };
    try {
      for (let server = 0; server < this.#servers; server += 1) {
        const onReport = (report: NamespaceReport): unknown => this.#reports.set(server, report);
        this.watches.push(await watchNamespaces({ ...parts, onReport }));
      }
    } catch (error) {
      if (!(error instanceof KvError) || error.code !== "INVALID_ARGUMENT") throw error;
      return error.message.split("\n");
    }
    this.#source = source;
    return [];
  }

  async #change(source: MemoryNamespaces, document: string): Promise<readonly string[]> {
    this.#reports.clear();
    this.#versions += 1;
    // A text that is as before would be no change, and nobody would look at it.
    source.set(`${document}\n# ${this.#versions}\n`);
    while (this.#reports.size < this.#servers) {
      if (this.#closed) throw new KvError("CANCELLED", "the servers were closed");
      await sleep(this.#env.timers, LOOK_AGAIN);
    }
    return this.#reports.get(0)?.refused ?? [];
  }
}
