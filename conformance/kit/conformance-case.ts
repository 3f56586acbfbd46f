/** A case: one promise of the contract, as data and a function, independent of any test runner. */
import type { LogOptions, NamespaceOptions } from "kvdal";
import type { CacheStore } from "./cache-store.ts";
import type { CacheNeed, Need } from "./need.ts";
import type { ConformanceStore } from "./store.ts";

/** What every case says of itself. `S` is what it is run with, `N` what it can need. */
export type Case<S, N> = {
  /** `topic/name`, unique, never reused for something else. */
  readonly id: string;
  /** Ids of the contract's rules that the case holds an engine to; at least one. */
  readonly rules: readonly string[];
  /** One sentence that is true of every engine that passes. */
  readonly title: string;
  /** What the engine must declare for the case to mean anything; unmet, the case is skipped, never passed. */
  readonly needs: readonly N[];
  /** Whether it judges how time is spent; on a busy machine some of that is the machine's doing. */
  readonly isTimed?: true;
  /** Resolves when the promise is kept; rejects, by a check or by itself, when it is not. */
  readonly run: (store: S) => Promise<void>;
};

/** What a case asks of a namespace; its name is made by the kit, new for each run. */
export type NamespaceWish = Omit<NamespaceOptions, "name">;

/** A case of storage engines, spoken through the public client. */
export type ConformanceCase = Case<ConformanceStore, Need> & {
  /** The namespaces it works in, by a label of its own. Default: one, `main`, with every option at its default. */
  readonly namespaces?: Readonly<Record<string, NamespaceWish>>;
  /** What its log is like; default: as by default. */
  readonly log?: Omit<LogOptions, "table">;
};

/** A case of cache engines, spoken through the cache port. */
export type CacheCase = Case<CacheStore, CacheNeed>;
