/** A store whose namespaces come from a configuration that is watched, over any number of engines. */
import { createClient } from "./client/kv-client.ts";
import type { ShadowCounters, ShadowEvent } from "./engines/shared/shadow-engine.ts";
import type { Namespace } from "./namespace/namespace.ts";
import type { NamespaceReport, NamespaceWatch } from "./namespace/watch-namespaces.ts";
import { installedCodecs, type KvStore, openLog, type OpenOptions, startUpkeep } from "./open.ts";
import { KvError } from "./model/error.ts";
import type { LogOptions } from "./namespace/log.ts";
import type { NamespaceSource } from "./ports/namespace-source.ts";
import type { CacheAdapter, CacheEngine } from "./ports/cache-engine.ts";
import type { EngineAdapter, StorageEngine } from "./ports/storage-engine.ts";
import { inProcess } from "./rpc/in-process.ts";
import type { MutationLogParts } from "./service/mutation-log.ts";
import { createService } from "./service/service.ts";

/** What such a store is made of. */
export type OpenConfiguredOptions = Omit<OpenOptions, "engine" | "cache" | "namespaces" | "log"> & {
  /** By the names that the configuration has for clusters; `cluster/dataset` where datasets are engines of their own. */
  readonly engines: Readonly<Record<string, EngineAdapter>>;
  /** By the names that the configuration has for the clusters of its caches; a CACHE tier elsewhere is refused. */
  readonly caches?: Readonly<Record<string, CacheAdapter>>;
  /** Keeps lists of mutations at the engine of that cluster; absent for none (MUT-1). */
  readonly log?: LogOptions & { readonly cluster: string };
  /** Such as `namespaceFile(path)`. */
  readonly source: NamespaceSource;
  /** Told what came of each new version of the configuration. Must not throw. */
  readonly onNamespaces?: (report: NamespaceReport) => void;
  /** Told when a shadow misses a write or differs (NS-6). Must not throw. */
  readonly onShadow?: (namespace: string, event: ShadowEvent) => void;
};

/** An open store over engines. */
export type ConfiguredStore = Omit<KvStore, "engine"> & {
  readonly engines: Readonly<Record<string, StorageEngine>>;
  /** What a namespace's shadow has seen; undefined when it has none. */
  readonly shadow: (namespace: string) => Readonly<ShadowCounters> | undefined;
};

/**
 * Opens the engines, takes the configuration up and follows it. Rejects with INVALID_ARGUMENT and every flaw when the
 * configuration is refused; from then on a flawed change is reported, and what was in force stays (NS-5).
 */
export async function openConfigured(options: OpenConfiguredOptions): Promise<ConfiguredStore> {
  const { env, mac, source, onNamespaces, onShadow, native = (_label, thunk) => thunk() } = options;
  // Loaded when it is used: reading configurations takes libraries that no one else needs.
  const { watchNamespaces } = await import("./namespace/watch-namespaces.ts");
  const engines: Record<string, StorageEngine> = {};
  const caches: Record<string, CacheEngine> = {};
  const closeEngines = async (): Promise<void> => {
    const all = [...Object.values(engines), ...Object.values(caches)];
    const ends = await Promise.allSettled(all.map((engine) => engine.close()));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  };
  let watch: NamespaceWatch | undefined;
  try {
    for (const [cluster, adapter] of Object.entries(options.engines)) {
      engines[cluster] = await adapter.open({ env, native });
    }
    for (const [cluster, adapter] of Object.entries(options.caches ?? {})) {
      caches[cluster] = await adapter.open({ env, native });
    }
    const parts = { env, engines, caches, source, onShadow, onReport: onNamespaces };
    watch = await watchNamespaces(parts);
    const { registry: namespaces, shadow } = watch;
    const codec = options.codec ?? (await installedCodecs());
    const log = await openLogAt(options.log, engines, { env, namespaces, codec });
    const service = createService({ env, mac, namespaces, codec, log, ...options.load });
    const transport = inProcess(service, env);
    const client = createClient({ codec, ...options.client, env, transport });
    const served = (): readonly Namespace[] =>
      namespaces.current().served.map(({ namespace }) => namespace);
    const rounds = startUpkeep({ env, namespaces: served, every: options.maintenanceMicros }, log);
    const close = async (): Promise<void> => {
      await rounds.stop();
      await watch?.close();
      await closeEngines();
    };
    return { client, service, engines, shadow, deadLetters: log?.deadLetters, close };
  } catch (error) {
    // Why it did not open is what the caller must learn; that it did not close either is not.
    await watch?.close().catch(() => undefined);
    await closeEngines().catch(() => undefined);
    throw error;
  }
}

async function openLogAt(
  options: OpenConfiguredOptions["log"],
  engines: Readonly<Record<string, StorageEngine>>,
  parts: Omit<MutationLogParts, "log">,
): ReturnType<typeof openLog> {
  if (options === undefined) return undefined;
  const { cluster, ...log } = options;
  const engine = engines[cluster];
  if (engine !== undefined) return openLog(log, { ...parts, engine });
  const wanted = `wanted one of: ${Object.keys(engines).join(", ")}`;
  throw new KvError("INVALID_ARGUMENT", `log is at cluster ${cluster}, ${wanted}`);
}
