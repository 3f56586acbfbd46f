/** The one place that puts the parts together: engine, namespaces, service, transport, client. */
import { type CodecParts, noDictionaries } from "./codec/codec-parts.ts";
import { onThreads } from "./codec/compressor.ts";
import { lz4 } from "./codec/lz4.ts";
import { zstd } from "./codec/zstd.ts";

import type { ClientParts } from "./client/client-parts.ts";
import { createClient, type KvClient } from "./client/kv-client.ts";
import { type NamespaceOptions, resolveNamespace } from "./namespace/namespace.ts";
import { type LogOptions, resolveLog } from "./namespace/log.ts";
import { provisionLog, provisionNamespace } from "./namespace/provision.ts";
import { HOUR, type Micros } from "./model/time.ts";
import type { Env } from "./ports/env.ts";
import type { MacKeyring } from "./ports/mac.ts";
import type { CacheAdapter, CacheEngine } from "./ports/cache-engine.ts";
import type { EngineAdapter, Native, StorageEngine } from "./ports/storage-engine.ts";
import { inProcess } from "./rpc/in-process.ts";
import { startApplier } from "./service/applier.ts";
import type { DeadLetters } from "./service/dead-letters.ts";
import { type JanitorParts, startJanitor } from "./service/janitor.ts";
import type { Rounds } from "./service/rounds.ts";
import { type MutationLog, mutationLog, type MutationLogParts } from "./service/mutation-log.ts";
import { loadLz4 } from "./system/lz4-library.ts";
import type { ServiceParts } from "./service/service-parts.ts";
import { createService, type KvService } from "./service/service.ts";

/** What a store in this process is made of. */
export type OpenOptions = {
  readonly engine: EngineAdapter;
  /** For the namespaces that ask for a cache (CACHE-1). */
  readonly cache?: CacheAdapter;
  readonly namespaces: readonly NamespaceOptions[];
  readonly env: Env;
  /** Seals page tokens; servers that share keys continue each other's traversals (PAGE-3). */
  readonly mac: MacKeyring;
  /** Runs native calls of the engine. Default: at once. */
  readonly native?: Native;
  readonly client?: Omit<ClientParts, "env" | "transport">;
  /** Codecs and dictionaries of client and server; default: `installedCodecs()`. */
  readonly codec?: CodecParts;
  /** The bound on the service's work, and what measures the place it runs at (RES-2, SIG-1). */
  readonly load?: Pick<ServiceParts, "requestsMax" | "load">;
  /** Time between rounds of clean-up, microseconds; default an hour. */
  readonly maintenanceMicros?: Micros;
  /** Keeps lists of mutations in a table beside the namespaces' and applies them; absent for none (MUT-1). */
  readonly log?: LogOptions;
};

/** An open store. */
export type KvStore = {
  readonly client: KvClient;
  readonly service: KvService;
  readonly engine: StorageEngine;
  /** For operators: mutations of lists that could not be applied; undefined without a log. */
  readonly deadLetters: DeadLetters | undefined;
  /** Ends all that was opened; calls still out fail typed. */
  readonly close: () => Promise<void>;
};

/** zstd, lz4 where its package is installed, large values on other threads; with the dictionaries given. */
export async function installedCodecs(
  dictionaries: CodecParts["dictionaries"] = noDictionaries,
): Promise<CodecParts> {
  const library = await loadLz4();
  const codecs = [zstd, ...(library === undefined ? [] : [lz4(library)])];
  return { codecs, compressor: onThreads, dictionaries };
}

/** Time between rounds of clean-up when nobody says otherwise, microseconds. */
export const MAINTENANCE_EVERY: Micros = HOUR;

/** The log of a store that wants one, its table made. */
export async function openLog(
  options: LogOptions | undefined,
  { engine, ...parts }: Omit<MutationLogParts, "log"> & { readonly engine: StorageEngine },
): Promise<MutationLog | undefined> {
  if (options === undefined) return undefined;
  const resolved = resolveLog(options, engine);
  await provisionLog(resolved, parts.env);
  return mutationLog({ ...parts, log: resolved });
}

/** What goes on beside calls: clean-up, and the application of logged lists. The last to begin: nothing may fail then. */
export function startUpkeep(
  parts: Pick<JanitorParts, "env" | "namespaces"> & { readonly every: Micros | undefined },
  log: MutationLog | undefined,
): Rounds {
  const { env, every = MAINTENANCE_EVERY } = parts;
  const janitor = startJanitor({ ...parts, every, log });
  const applier = log && startApplier({ env, log });
  return {
    stop: async () => {
      await applier?.stop();
      await janitor.stop();
    },
  };
}

/** Opens the engine, makes the namespaces' tables and returns a client over a service over them. */
export async function open(options: OpenOptions): Promise<KvStore> {
  const { env, mac, native = (_label, thunk) => thunk() } = options;
  const engine = await options.engine.open({ env, native });
  let cache: CacheEngine | undefined;
  try {
    cache = await options.cache?.open({ env, native });
    const tiers = { primary: engine, cache };
    const namespaces = options.namespaces.map((namespace) => resolveNamespace(namespace, tiers));
    for (const namespace of namespaces) await provisionNamespace(namespace, env);
    const codec = options.codec ?? (await installedCodecs());
    const log = await openLog(options.log, { env, namespaces, codec, engine });
    const service = createService({ env, mac, namespaces, codec, log, ...options.load });
    const transport = inProcess(service, env);
    const client = createClient({ codec, ...options.client, env, transport });
    const every = options.maintenanceMicros;
    const rounds = startUpkeep({ env, namespaces: () => namespaces, every }, log);
    const close = async (): Promise<void> => {
      await rounds.stop();
      await Promise.all([engine.close(), cache?.close()]);
    };
    return { client, service, engine, deadLetters: log?.deadLetters, close };
  } catch (error) {
    // Why it did not open is what the caller must learn; that it did not close either is not.
    await cache?.close().catch(() => undefined);
    await engine.close().catch(() => undefined);
    throw error;
  }
}
