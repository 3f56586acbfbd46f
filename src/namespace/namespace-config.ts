/** A namespace's configuration, decided and typed: logical options, and where each tier lies (NS-1). */
import type { Micros } from "../model/time.ts";
import type { ConsistencyWish } from "../policy/consistency.ts";
import type { NamespaceOptions } from "./namespace.ts";
import type { StorageType } from "./raw-namespace.ts";

/** A tier of storage: which engine, and which table there. */
export type StorageTier = {
  readonly type: StorageType;
  /** Routes to an engine: the service is given engines by the names of clusters (NS-3). */
  readonly cluster: string;
  /** What a cluster calls a set of tables: a keyspace, a prefix. Two datasets of one cluster may be two engines. */
  readonly dataset: string | undefined;
  readonly table: string;
  readonly regions: readonly string[];
};

/** A second back end that gets a copy of the traffic (NS-6). */
export type ShadowTier = StorageTier & {
  /** Whether it is written to. */
  readonly write: boolean;
  /** How long the answer to a write may wait for it, microseconds; 0 for not at all. */
  readonly wait: Micros;
  /** How many reads of a million are made there, too, and compared. */
  readonly readPerMillion: number;
};

/** A cache in front of the primary. */
export type CacheTier = {
  readonly type: string;
  readonly cluster: string;
  readonly defaultTtl: Micros | undefined;
};

/** Target and max latency of an API, microseconds (SLO-1). */
export type LatencySlo = { readonly target: Micros; readonly max: Micros };

/** APIs that may have one. */
export type SloApi = "put_items" | "get_items" | "delete_items" | "mutate_items" | "scan_items";

/** A namespace as configured. */
export type NamespaceConfig = {
  readonly options: NamespaceOptions;
  /** Other names under which callers reach it (NS-4). */
  readonly aliases: readonly string[];
  /** Becomes a level of the primary's engine, or is refused there (CONS-1). */
  readonly consistency: ConsistencyWish;
  readonly primary: StorageTier;
  readonly chunks: StorageTier | undefined;
  readonly shadow: ShadowTier | undefined;
  readonly cache: CacheTier | undefined;
  readonly slos: Readonly<Partial<Record<SloApi, LatencySlo>>>;
  readonly chunking: {
    readonly aboveBytes?: number | undefined;
    readonly chunkBytes?: number | undefined;
    readonly graceMicros?: Micros | undefined;
    readonly wholeBytesMax?: number | undefined;
  };
  readonly compression: {
    readonly codec?: "zstd" | "lz4" | "none" | undefined;
    readonly minBytes?: number | undefined;
    readonly dictionary?: string | undefined;
  };
};
