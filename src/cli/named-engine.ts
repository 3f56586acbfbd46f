/** Engines as the command line hands them on. */
import type { Micros } from "../model/time.ts";
import type { CacheAdapter } from "../ports/cache-engine.ts";
import type { EngineAdapter } from "../ports/storage-engine.ts";

/** How a storage engine is wanted. */
export type EngineWish = {
  /**
   * Keyspace, or prefix of tables: up to 20 lower-case letters, digits and `_`. What is in it is gone after `stop`.
   * Default: a new one.
   */
  readonly space?: string;
  /** Least time-out of a native call, milliseconds, for callers whose clock stands still during one. */
  readonly timeoutMillisMin?: number;
  /** Nodes that keep a copy each; default 1. Three are had of Cassandra alone. */
  readonly nodes?: number;
};

/** A storage engine that is there to be opened. */
export type NamedStorage = {
  readonly kind: "storage";
  readonly name: string;
  /** Expiry is judged by the callers' clocks alone. */
  readonly adapter: EngineAdapter;
  /** The same engine expiring rows by its own clock, and how soon after its time a row is gone. */
  readonly engineClock?: { readonly adapter: EngineAdapter; readonly removalWithin: Micros };
  /** The columns of a table, where the published shape says what they are (NS-7). */
  readonly columnsOf?: (table: string) => Promise<readonly string[]>;
  /** Removes a table with its data, where the engine's tables cost it something. */
  readonly dropTable?: (table: string) => Promise<void>;
  /** Ends what was started or made for it. Close the engines first. */
  readonly stop: () => Promise<void>;
};

/** A cache that is there to be opened. */
export type NamedCache = {
  readonly kind: "cache";
  readonly name: string;
  readonly adapter: CacheAdapter;
  /** Whether engines opened one after another see the same entries. */
  readonly isShared: boolean;
  readonly stop: () => Promise<void>;
};
