/** A namespace as it stands in a configuration, once its values are understood: snake_case, as the posts print it. */
import type { Micros } from "../model/time.ts";

/** Engines by the names that a configuration has for them. */
export const STORAGE_TYPES = ["CASSANDRA", "DYNAMODB", "ROCKSDB", "MEMORY"] as const;
/** What kind of engine a tier is said to lie on. */
export type StorageType = (typeof STORAGE_TYPES)[number];

/** A field that may be left out. */
type Maybe<T> = T | undefined;

/** Where a tier lies. */
type RawPlace = {
  readonly cluster: string;
  readonly dataset?: Maybe<string>;
  readonly regions?: Maybe<readonly string[]>;
};
/** Where a tier of storage lies. */
export type RawStorage = RawPlace & { readonly type: StorageType; readonly table?: Maybe<string> };

/** A tier whose settings stand inside physical_storage, or beside it: posts have both. */
type RawTierOf<I extends string, P, C> = {
  readonly id: I;
  readonly physical_storage: P & { readonly config?: Maybe<C> };
  readonly config?: Maybe<C>;
};

/** Any tier. */
export type RawTier =
  | RawTierOf<
      "PRIMARY_STORAGE",
      RawStorage,
      {
        readonly consistency_scope?: Maybe<"LOCAL" | "GLOBAL">;
        readonly consistency_target?: Maybe<"READ_YOUR_WRITES" | "EVENTUAL">;
      }
    >
  | RawTierOf<
      "CACHE",
      RawPlace & { readonly type: string },
      { readonly default_cache_ttl?: Maybe<Micros> }
    >
  | { readonly id: "CHUNK_STORAGE"; readonly physical_storage: RawStorage }
  | RawTierOf<
      "SHADOW_STORAGE",
      RawStorage,
      {
        readonly write?: Maybe<boolean>;
        readonly wait?: Maybe<Micros>;
        readonly read?: Maybe<number>;
      }
    >;

/** Target and max latency of one API. */
type RawSlo = { readonly latency: { readonly target: Micros; readonly max: Micros } };

/** One namespace; durations in microseconds, sizes in bytes, shares in millionths. */
export type RawNamespace = {
  readonly name?: Maybe<string>;
  readonly aliases?: Maybe<readonly string[]>;
  readonly persistence_configuration: readonly RawTier[];
  readonly slos?: Maybe<{
    readonly put_items?: Maybe<RawSlo>;
    readonly get_items?: Maybe<RawSlo>;
    readonly delete_items?: Maybe<RawSlo>;
    readonly mutate_items?: Maybe<RawSlo>;
    readonly scan_items?: Maybe<RawSlo>;
  }>;
  readonly lifecycle?: Maybe<{
    readonly default_ttl?: Maybe<Micros>;
    readonly retention?: Maybe<Micros>;
    readonly longest_apply?: Maybe<Micros>;
    readonly delete_jitter?: Maybe<Micros>;
  }>;
  readonly order?: Maybe<"ascending" | "descending">;
  readonly max_value_bytes?: Maybe<number>;
  readonly rows_per_call_max?: Maybe<number>;
  readonly tokens?: Maybe<{
    readonly max_age?: Maybe<Micros>;
    readonly max_drift?: Maybe<Micros>;
  }>;
  readonly chunking?: Maybe<{
    readonly above_bytes?: Maybe<number>;
    readonly chunk_bytes?: Maybe<number>;
    readonly grace?: Maybe<Micros>;
    readonly whole_bytes_max?: Maybe<number>;
  }>;
  readonly compression?: Maybe<{
    readonly codec?: Maybe<"zstd" | "lz4" | "none">;
    readonly min_bytes?: Maybe<number>;
    readonly dictionary?: Maybe<string>;
  }>;
};
