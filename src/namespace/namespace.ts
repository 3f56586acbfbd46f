/** Namespaces: what callers name, and what the service knows of each. */
import type { CompressionPolicy, NamespaceLimits } from "../model/capabilities.ts";
import type { Consistency } from "../model/consistency.ts";
import { PAGE_SIZE_BYTES_MAX } from "../model/selection.ts";
import type { Slo } from "../model/signals.ts";
import { DAY, HOUR, type Micros, SECOND } from "../model/time.ts";
import type { TokenWindow } from "../policy/admit-token.ts";
import type { CacheEngine } from "../ports/cache-engine.ts";
import type { StorageEngine, TableSpec } from "../ports/storage-engine.ts";
import { type CacheOptions, type NamespaceCache, resolveCaching } from "./caching.ts";
import { APPLY_LEAST, checkNamespace } from "./check-namespace.ts";
import { type ChunkingOptions, type ChunkStore, resolveChunking } from "./chunking.ts";
import { resolveSlo, type SloOptions } from "./slo.ts";

/** A namespace as it is asked for. All durations in microseconds. */
export type NamespaceOptions = {
  /** `[a-z][a-z0-9_]{2,40}`: also the name of its table. */
  readonly name: string;
  /** Its table at the engine, in the same letters; default: its name. */
  readonly table?: string;
  /** Default `quorum`: read-your-writes (CONS-1). */
  readonly consistency?: Consistency;
  /** Records are read from the last key to the first unless a selection says `reverse` (DATA-2). */
  readonly descending?: boolean;
  /** Default 1 GiB: what is not stored inline is chunked (CHUNK-1). */
  readonly maxValueBytes?: number;
  readonly chunking?: ChunkingOptions;
  /** Default `none`: values are stored as they are (COMP-1). */
  readonly compression?: CompressionPolicy;
  /** Time to live of items that name none; absent for ever (TTL-1). */
  readonly defaultTtlMicros?: Micros;
  /** Acceptance window of tokens; default an hour back, five seconds ahead (TOK-3). */
  readonly tokens?: Partial<TokenWindow>;
  /** How long deletion knowledge is kept; default a day. From maxAge + maxDrift + applyMicrosMax to ten years (DEL-5). */
  readonly retentionMicros?: Micros;
  /**
   * How long after the acceptance window of its token a logged mutation may still be applied; what is later ends in
   * the dead letters. At least a minute; default: as long as retention allows (DEL-5).
   */
  readonly applyMicrosMax?: Micros;
  /** Over how long the physical removal of a mass delete is spread; default an hour, at most ten years (DEL-3). */
  readonly deleteJitterMicros?: Micros;
  /** Most rows one call examines; default 2,000 (PAGE-5). */
  readonly rowsPerCallMax?: number;
  /** Default none: the request's own deadline rules alone (SLO-1). */
  readonly slo?: SloOptions;
  /** Default none: every read goes to the primary. Needs a cache to be handed in (CACHE-1). */
  readonly cache?: CacheOptions;
};

/** The engines behind a namespace. */
export type Tiers = {
  readonly primary: StorageEngine;
  /** Where chunks of large values lie; default: in a table of their own beside the primary's (CHUNK-1). */
  readonly chunks?: StorageEngine | undefined;
  /** What namespaces that ask for a cache are cached in. */
  readonly cache?: CacheEngine | undefined;
};

/** A namespace as the service uses it: every field decided, the engines resolved. */
export type Namespace = {
  readonly name: string;
  readonly table: string;
  readonly engine: StorageEngine;
  readonly consistency: Consistency;
  readonly descending: boolean;
  readonly chunks: ChunkStore;
  readonly defaultTtl: Micros | undefined;
  readonly tokens: TokenWindow;
  readonly retention: Micros;
  /** Longest asynchronous apply of a mutation after the acceptance window of its token (DEL-5). */
  readonly applyMax: Micros;
  readonly deleteJitter: Micros;
  readonly rowsPerCallMax: number;
  readonly slo: Slo | undefined;
  /** In front of `engine`, which is the primary: the service puts it there for the traffic of callers. */
  readonly cache: NamespaceCache | undefined;
  /** What clients are told. */
  readonly limits: NamespaceLimits;
};

/** Longest value of a namespace that names no limit, bytes. */
const VALUE_BYTES_DEFAULT = 1024 ** 3;

/**
 * The namespace that `options` ask for on `tiers`. Throws INVALID_ARGUMENT for a field out of bounds and
 * UNSUPPORTED for what an engine declares it cannot do; both name field, found and wanted.
 */
export function resolveNamespace(options: NamespaceOptions, tiers: Tiers): Namespace {
  const tokens = { maxAge: HOUR, maxDrift: 5 * SECOND, ...options.tokens };
  const { chunks, aboveBytes } = resolveChunking(options, tiers, tokens);
  const rowsPerCallMax = options.rowsPerCallMax ?? 2_000;
  const retention = options.retentionMicros ?? DAY;
  const namespace: Namespace = {
    name: options.name,
    table: options.table ?? options.name,
    engine: tiers.primary,
    consistency: options.consistency ?? "quorum",
    descending: options.descending ?? false,
    chunks,
    defaultTtl: options.defaultTtlMicros,
    tokens,
    retention,
    applyMax: options.applyMicrosMax ?? longestApply(retention, tokens),
    deleteJitter: options.deleteJitterMicros ?? HOUR,
    rowsPerCallMax,
    slo: resolveSlo(options.slo),
    cache: resolveCaching(options, tiers, chunks, tokens),
    limits: {
      chunkAboveBytes: aboveBytes,
      chunkBytes: chunks.chunkBytes,
      chunkRequestBytesMax: chunks.requestBytesMax,
      maxValueBytes: options.maxValueBytes ?? VALUE_BYTES_DEFAULT,
      pageBytesMax: PAGE_SIZE_BYTES_MAX,
      rowsPerCallMax,
      tokenMaxAge: tokens.maxAge,
      tokenMaxDrift: tokens.maxDrift,
      compression: options.compression ?? { codec: "none" },
    },
  };
  checkNamespace(namespace);
  return namespace;
}

/** As long as retention allows, but never less than it must allow for: what is too short is refused (DEL-5). */
function longestApply(retention: Micros, { maxAge, maxDrift }: TokenWindow): Micros {
  return Math.max(APPLY_LEAST, retention - maxAge - maxDrift);
}

/** A table that a namespace needs, and the engine that is to have it. */
export type NeededTable = TableSpec & { readonly engine: StorageEngine };

/** The tables of a namespace, its main one first. */
export function tablesOf(namespace: Namespace): readonly NeededTable[] {
  const { engine, table, retention, descending, chunks } = namespace;
  return [
    { engine, table, retention, descending },
    { engine: chunks.engine, table: chunks.table, retention, descending: false },
  ];
}
