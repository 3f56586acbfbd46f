/** From the schema's output to a typed configuration: defaults that follow from other fields, and contradictions. */
import { DAY, HOUR, type Micros, MINUTE, SECOND } from "../model/time.ts";
import type { ConsistencyWish } from "../policy/consistency.ts";
import { shown } from "./config-problem.ts";
import { isNamespaceName, NAME_WANTED } from "./config-schema.ts";
import type { ConfigPath } from "./config-text.ts";
import { durationText } from "./config-units.ts";
import type { CacheTier, NamespaceConfig, ShadowTier, StorageTier } from "./namespace-config.ts";
import type { RawNamespace, RawStorage, RawTier } from "./raw-namespace.ts";

/** Says that what stands at `path`, counted from the namespace, is not what is wanted. */
export type Complain = (path: ConfigPath, found: string, wanted: string) => void;

/** A tier by its id. */
type Tier<I extends RawTier["id"]> = Extract<RawTier, { readonly id: I }>;
/** A tier and its index in the list. */
type Found<I extends RawTier["id"]> = { readonly tier: Tier<I>; readonly at: number };

/**
 * The configuration, or undefined after complaints. `fileName` is the namespace's name where it has no other: its own,
 * then its table's, then its dataset's come first.
 */
export function typeNamespace(
  raw: RawNamespace,
  fileName: string | undefined,
  complain: Complain,
): NamespaceConfig | undefined {
  const find = finder(raw, complain);
  const primary = find("PRIMARY_STORAGE");
  if (primary === undefined) {
    complain(["persistence_configuration"], "without a primary", "a tier with id PRIMARY_STORAGE");
    return undefined;
  }
  const { table, dataset } = primary.tier.physical_storage;
  const name = raw.name ?? table ?? dataset ?? fileName;
  if (name === undefined || !isNamespaceName(name)) {
    const wanted = `${NAME_WANTED}, from name, table, dataset or the file's name`;
    complain(["name"], shown(name), wanted);
    return undefined;
  }
  const main = storageTier(primary.tier.physical_storage, table ?? name);
  if (!isNamespaceName(main.table)) {
    complain([...placeOf(primary.at), "table"], shown(main.table), NAME_WANTED);
  }
  const shadow = find("SHADOW_STORAGE");
  const config = {
    options: optionsOf(raw, name, main.table),
    consistency: consistencyOf(primary, complain),
    aliases: raw.aliases ?? [],
    primary: main,
    chunks: chunkTier(find("CHUNK_STORAGE"), main, complain),
    shadow: shadow === undefined ? undefined : shadowTier(shadow, main, complain),
    cache: cacheTier(find("CACHE"), complain),
    slos: slosOf(raw, complain),
    chunking: chunkingOf(raw),
    compression: compressionOf(raw),
  };
  checkTimes(config, complain);
  return config;
}

/** Finds tiers by id, and complains of a second one. */
function finder(raw: RawNamespace, complain: Complain) {
  const tiers = raw.persistence_configuration;
  return <I extends RawTier["id"]>(id: I): Found<I> | undefined => {
    const found = tiers.flatMap((tier, at) =>
      tier.id === id ? [{ tier: tier as Tier<I>, at }] : [],
    );
    for (const { at } of found.slice(1)) {
      complain(["persistence_configuration", at, "id"], `a second ${id}`, "one of each tier");
    }
    return found[0];
  };
}

function storageTier(storage: RawStorage, tableDefault: string): StorageTier {
  const { type, cluster, dataset, regions = [], table = tableDefault } = storage;
  return { type, cluster, dataset, table, regions };
}

/** The chunk table's name follows from the main table's: whoever knows one finds the other. */
function chunkTier(
  found: Found<"CHUNK_STORAGE"> | undefined,
  main: StorageTier,
  complain: Complain,
): StorageTier | undefined {
  if (found === undefined) return undefined;
  const table = `${main.table}_chunks`;
  const tier = storageTier(found.tier.physical_storage, table);
  if (tier.table !== table) complain([...placeOf(found.at), "table"], shown(tier.table), table);
  return tier;
}

function shadowTier(
  { tier: raw, at }: Found<"SHADOW_STORAGE">,
  main: StorageTier,
  complain: Complain,
): ShadowTier {
  const tier = storageTier(raw.physical_storage, main.table);
  if (!isNamespaceName(tier.table)) {
    complain([...placeOf(at), "table"], shown(tier.table), NAME_WANTED);
  }
  if (isSamePlace(tier, main)) {
    complain(placeOf(at), "the primary's own table", "another cluster, dataset or table");
  }
  const config = configOf(raw, at, complain);
  const { write = true, wait = 0, read: readPerMillion = 0 } = config;
  return { ...tier, write, wait, readPerMillion };
}

function cacheTier(found: Found<"CACHE"> | undefined, complain: Complain): CacheTier | undefined {
  if (found === undefined) return undefined;
  const { type, cluster } = found.tier.physical_storage;
  return { type, cluster, defaultTtl: configOf(found.tier, found.at, complain).default_cache_ttl };
}

/** Whether two tiers are one table. */
export function isSamePlace(a: StorageTier, b: StorageTier): boolean {
  return a.cluster === b.cluster && a.dataset === b.dataset && a.table === b.table;
}

/** The settings of a tier, which posts print inside physical_storage for one tier and beside it for another. */
function configOf<C extends object>(
  tier: {
    readonly config?: C | undefined;
    readonly physical_storage: { readonly config?: C | undefined };
  },
  at: number,
  complain: Complain,
): Partial<C> {
  const beside: Partial<C> = tier.config ?? {};
  const inside: Partial<C> = tier.physical_storage.config ?? {};
  for (const key of Object.keys(beside) as (keyof C & string)[]) {
    if (inside[key] !== undefined && inside[key] !== beside[key]) {
      complain(
        [...placeOf(at), "config", key],
        "there twice",
        "one value, in one of the two places",
      );
    }
  }
  return { ...beside, ...inside };
}

/**
 * What is asked for; whether the engine gives it, `policy/consistency.ts` decides. Within one region the two scopes are
 * the same (CONS-1, CONS-3).
 */
function consistencyOf(
  { tier, at }: Found<"PRIMARY_STORAGE">,
  complain: Complain,
): ConsistencyWish {
  const { consistency_scope, consistency_target } = configOf(tier, at, complain);
  return {
    scope: consistency_scope ?? "LOCAL",
    target: consistency_target ?? "READ_YOUR_WRITES",
    regions: tier.physical_storage.regions?.length ?? 0,
  };
}

function placeOf(at: number): ConfigPath {
  return ["persistence_configuration", at, "physical_storage"];
}

function optionsOf(raw: RawNamespace, name: string, table: string): NamespaceConfig["options"] {
  const { lifecycle = {}, tokens = {} } = raw;
  return dropUndefined({
    name,
    table,
    descending: raw.order === "descending",
    maxValueBytes: raw.max_value_bytes,
    rowsPerCallMax: raw.rows_per_call_max,
    defaultTtlMicros: lifecycle.default_ttl,
    retentionMicros: lifecycle.retention,
    applyMicrosMax: lifecycle.longest_apply,
    deleteJitterMicros: lifecycle.delete_jitter,
    tokens: dropUndefined({ maxAge: tokens.max_age, maxDrift: tokens.max_drift }),
  });
}

function chunkingOf({ chunking = {} }: RawNamespace): NamespaceConfig["chunking"] {
  return dropUndefined({
    aboveBytes: chunking.above_bytes,
    chunkBytes: chunking.chunk_bytes,
    graceMicros: chunking.grace,
    wholeBytesMax: chunking.whole_bytes_max,
  });
}

function compressionOf({ compression = {} }: RawNamespace): NamespaceConfig["compression"] {
  const { codec, min_bytes: minBytes, dictionary } = compression;
  return dropUndefined({ codec, minBytes, dictionary });
}

function slosOf({ slos = {} }: RawNamespace, complain: Complain): NamespaceConfig["slos"] {
  const result: Record<string, { target: Micros; max: Micros }> = {};
  for (const [api, slo] of Object.entries(slos)) {
    if (slo === undefined) continue;
    const { target, max } = slo.latency;
    if (target > max) {
      const wanted = `at most max, ${durationText(max)}`;
      complain(["slos", api, "latency", "target"], durationText(target), wanted);
    }
    result[api] = { target, max };
  }
  return result;
}

/** The least of a longest asynchronous apply, which retention must cover beside the acceptance window (DEL-5). */
const APPLY_LEAST: Micros = MINUTE;

/** Deletion knowledge must outlive whatever could still arrive (DEL-5). */
function checkTimes({ options }: NamespaceConfig, complain: Complain): void {
  const { maxAge = HOUR, maxDrift = 5 * SECOND } = options.tokens ?? {};
  const { retentionMicros: retention = DAY } = options;
  const { applyMicrosMax = APPLY_LEAST } = options;
  if (applyMicrosMax < APPLY_LEAST) {
    complain(["lifecycle", "longest_apply"], durationText(applyMicrosMax), "at least a minute");
  }
  const least = maxAge + maxDrift + applyMicrosMax;
  if (retention >= least) return;
  const longest = options.applyMicrosMax === undefined ? "a minute" : "lifecycle.longest_apply";
  const sum = `tokens.max_age + tokens.max_drift + ${longest} = ${durationText(least)}`;
  complain(["lifecycle", "retention"], durationText(retention), `at least ${sum} (DEL-5)`);
}

/** Without the keys that are undefined: absent is what the options' types know. */
function dropUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
