/** From a configuration to a namespace on engines: clusters are names that the service knows engines by (NS-3). */
import {
  type ShadowedEngine,
  type ShadowEvent,
  shadowEngine,
} from "../engines/shared/shadow-engine.ts";
import type { Consistency } from "../model/consistency.ts";
import { KvError } from "../model/error.ts";
import { engineConsistency } from "../policy/consistency.ts";
import type { Env } from "../ports/env.ts";
import type { CacheEngine } from "../ports/cache-engine.ts";
import type { StorageEngine } from "../ports/storage-engine.ts";
import type { CacheTier, NamespaceConfig, ShadowTier, StorageTier } from "./namespace-config.ts";
import { type Namespace, resolveNamespace } from "./namespace.ts";
import type { SloOptions } from "./slo.ts";

/** Engines by `cluster`, or by `cluster/dataset` where the datasets of a cluster are engines of their own. */
export type EnginesByCluster = Readonly<Record<string, StorageEngine>>;

/** Caches by `cluster`. */
export type CachesByCluster = Readonly<Record<string, CacheEngine>>;

/** What a configuration is routed with. */
export type RouteParts = {
  readonly env: Env;
  readonly engines: EnginesByCluster;
  /** By cluster; undefined for whoever serves nobody, and needs none (provisioning). */
  readonly caches?: CachesByCluster | undefined;
  readonly onShadow?: ((namespace: string, event: ShadowEvent) => void) | undefined;
};

/** A configured namespace, on its engines. */
export type RoutedNamespace = {
  readonly config: NamespaceConfig;
  readonly namespace: Namespace;
  readonly shadow: ShadowedEngine | undefined;
  /** The tables that are its own, by the engines themselves. */
  readonly tables: readonly { readonly engine: StorageEngine; readonly table: string }[];
};

/** Throws INVALID_ARGUMENT or UNSUPPORTED, naming the namespace, for what these engines cannot be. */
export function routeNamespace(config: NamespaceConfig, parts: RouteParts): RoutedNamespace {
  const { options, primary, chunks, chunking, slos, compression, shadow: tier, cache } = config;
  try {
    const shadow = tier === undefined ? undefined : shadowed(config, tier, parts);
    const engine = shadow?.engine ?? engineOf(primary, parts.engines);
    const tables = [primary, ...(tier === undefined ? [] : [tier])].map((one) => ({
      engine: engineOf(one, parts.engines),
      table: one.table,
    }));
    const tiers = {
      primary: engine,
      chunks: chunks === undefined ? undefined : engineOf(chunks, parts.engines),
      cache: cacheOf(cache, parts.caches),
    };
    const slo = sloOf(slos);
    const { codec = "none", minBytes } = compression;
    const consistency = levelOf(config, engine);
    const wish = {
      ...options,
      consistency,
      chunking,
      compression: { codec, minBytes },
      ...(slo && { slo }),
      ...(tiers.cache && { cache: { ttlMicros: cache?.defaultTtl } }),
    };
    const namespace = resolveNamespace(wish, tiers);
    return { config, namespace, shadow, tables };
  } catch (error) {
    if (!(error instanceof KvError)) throw error;
    const bare = error.message.slice(error.code.length + 2);
    throw new KvError(error.code, `namespace ${options.name}: ${bare}`, { cause: error });
  }
}

/** Throws UNSUPPORTED for a scope and target that the engine cannot give (CONS-1). */
function levelOf({ consistency }: NamespaceConfig, { capabilities }: StorageEngine): Consistency {
  const decision = engineConsistency(consistency, capabilities);
  if (decision.kind === "level") return decision.level;
  throw new KvError("UNSUPPORTED", `consistency is ${decision.found}, wanted ${decision.wanted}`);
}

/** Throws INVALID_ARGUMENT for a cluster that is none of the caches that were handed in. */
function cacheOf(
  tier: CacheTier | undefined,
  caches: CachesByCluster | undefined,
): CacheEngine | undefined {
  if (tier === undefined || caches === undefined) return undefined;
  const engine = namedOf(caches, tier.cluster);
  if (engine !== undefined) return engine;
  const wanted = Object.keys(caches).join(", ") || "no CACHE tier, since no cache is handed in";
  throw new KvError(
    "INVALID_ARGUMENT",
    `cluster of the cache is ${tier.cluster}, wanted ${wanted}`,
  );
}

/** Where deletes or lists name no levels of their own, those of puts hold for them, and those of deletes for puts. */
function sloOf(slos: NamespaceConfig["slos"]): SloOptions | undefined {
  const { get_items: read, put_items, delete_items: deletes, mutate_items: lists } = slos;
  const write = put_items ?? deletes;
  const named = [read, write, deletes, lists].some((level) => level !== undefined);
  if (!named) return undefined;
  return {
    ...(read && { read }),
    ...(write && { write }),
    ...(deletes && { deletes }),
    ...(lists && { lists }),
  };
}

function shadowed(
  { options, primary }: NamespaceConfig,
  tier: ShadowTier,
  { env, engines, onShadow }: RouteParts,
): ShadowedEngine {
  const { name } = options;
  return shadowEngine(engineOf(primary, engines), engineOf(tier, engines), {
    write: tier.write,
    wait: tier.wait,
    readPerMillion: tier.readPerMillion,
    // Tables beside the main one, such as its chunks', are named after it.
    tableOf: (table) =>
      table.startsWith(primary.table) ? tier.table + table.slice(primary.table.length) : table,
    env,
    onEvent: onShadow === undefined ? undefined : (event) => onShadow(name, event),
  });
}

function engineOf({ cluster, dataset }: StorageTier, engines: EnginesByCluster): StorageEngine {
  const engine = namedOf(engines, `${cluster}/${dataset}`) ?? namedOf(engines, cluster);
  if (engine !== undefined) return engine;
  const found = dataset === undefined ? cluster : `${cluster}, dataset ${dataset}`;
  const wanted = Object.keys(engines).join(", ");
  throw new KvError("INVALID_ARGUMENT", `cluster is ${found}, wanted one of: ${wanted}`);
}

/** What stands under the name, and not what every object has: configurations name clusters as they like. */
function namedOf<T>(all: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
