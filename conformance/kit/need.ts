/** What a case needs of an engine, answered from what the engine declares. */
import { CONSISTENCIES, type Consistency, type EngineCapabilities } from "kvdal/engine";
import type { Micros } from "kvdal";
import { type Mode, modeOptions } from "./modes.ts";

/** A need. Values, not only yes and no: a limit is compared with the declared one. */
export type Need =
  /** Outcomes tell `applied` from `superseded`. */
  | { readonly kind: "known-outcome" }
  /** Readers see all or none of one put. */
  | { readonly kind: "atomic-record-write" }
  /** Writers at one microsecond are elected by version everywhere. */
  | { readonly kind: "total-order" }
  /** The engine removes expired rows by its own clock, soon enough to be waited for. */
  | { readonly kind: "engine-clock" }
  /** An expiry this far ahead, microseconds, is accepted. */
  | { readonly kind: "ttl"; readonly least: Micros }
  /** The door lets the case see which calls reach the engine. */
  | { readonly kind: "engine-watch" }
  /** Namespaces that ask for nothing are stored by the defaults: the suite runs in no mode. */
  | { readonly kind: "no-mode" }
  /** Reads end by bytes, not by the count of rows alone. */
  | { readonly kind: "pages-by-bytes" }
  /** Expired rows are removed by sweeps alone. */
  | { readonly kind: "removal-by-sweep" }
  /** The engine's tables have the published columns, and the door tells them. */
  | { readonly kind: "table-columns" }
  /** There is a cache for the namespaces that ask for one. */
  | { readonly kind: "cache" }
  /** No cache stands in front of namespaces that ask for none: what reaches the engine is what was asked. */
  | { readonly kind: "no-cache" }
  /** A value of so many bytes is stored inline. */
  | { readonly kind: "inline-bytes"; readonly least: number }
  /** A level of consistency is declared. */
  | { readonly kind: "level"; readonly level: Consistency }
  /** There is a level that is not declared. */
  | { readonly kind: "undeclared-level" }
  /** Puts under the condition of absence are declared, or are not. */
  | { readonly kind: "conditional-put"; readonly declared: boolean };

/** Outcomes tell `applied` from `superseded`. */
export const KNOWN_OUTCOME: Need = { kind: "known-outcome" };
/** Readers see all or none of one put. */
export const ATOMIC_RECORD_WRITE: Need = { kind: "atomic-record-write" };
/** Writers at one microsecond are elected by version everywhere. */
export const TOTAL_ORDER: Need = { kind: "total-order" };
/** The engine removes expired rows by its own clock. */
export const ENGINE_CLOCK: Need = { kind: "engine-clock" };

/** The door lets the case see which calls reach the engine. */
export const ENGINE_WATCH: Need = { kind: "engine-watch" };

/** Reads end by bytes, not by the count of rows alone. */
export const PAGES_BY_BYTES: Need = { kind: "pages-by-bytes" };

/** Expired rows are removed by sweeps alone. */
export const REMOVAL_BY_SWEEP: Need = { kind: "removal-by-sweep" };

/** The engine's tables have the published columns, and the door tells them. */
export const TABLE_COLUMNS: Need = { kind: "table-columns" };

/** What needs are answered from. */
export type NeedFacts = {
  readonly capabilities: EngineCapabilities;
  /** Whether the engine removes expired rows by a clock that is waited for. */
  readonly hasEngineClock: boolean;
  readonly isWatched: boolean;
  readonly hasColumns: boolean;
  readonly hasCache: boolean;
  /** The mode of the run. */
  readonly mode: Mode;
};

/** A level of consistency is declared. */
export const levelNeed = (level: Consistency): Need => ({ kind: "level", level });
/** There is a level that is not declared. */
export const UNDECLARED_LEVEL: Need = { kind: "undeclared-level" };

/** Puts under the condition of absence are declared. */
export const CONDITIONAL_PUT: Need = { kind: "conditional-put", declared: true };
/** They are not. */
export const NO_CONDITIONAL_PUT: Need = { kind: "conditional-put", declared: false };

/** There is a cache for the namespaces that ask for one. */
export const CACHE: Need = { kind: "cache" };
/** No cache stands in front of the others. */
export const NO_CACHE: Need = { kind: "no-cache" };

/** Levels that the engine does not declare. */
export function undeclaredLevels({ consistency }: EngineCapabilities): readonly Consistency[] {
  return CONSISTENCIES.filter((level) => !consistency.includes(level));
}

/** Namespaces that ask for nothing are stored by the defaults. */
export const NO_MODE: Need = { kind: "no-mode" };

/** Why the need is not met, with what that means to a user; undefined when it is met. */
export function unmetReason(need: Need, facts: NeedFacts): string | undefined {
  const { capabilities, hasEngineClock, isWatched, hasColumns } = facts;
  const { engine } = capabilities;
  switch (need.kind) {
    case "atomic-record-write":
      return capabilities.atomicWrite === "record"
        ? undefined
        : `${engine} writes item by item: a reader may see half of a put`;
    case "total-order":
      return capabilities.orderingGaps.length === 0
        ? undefined
        : `${engine} declares gaps in the order of writes: ${capabilities.orderingGaps.join("; ")}`;
    case "engine-clock":
      return hasEngineClock
        ? undefined
        : `${engine} declares removal by ${capabilities.ttl.removal}: no clock of its own is waited for`;
    case "engine-watch":
      return isWatched
        ? undefined
        : `the door to ${engine} hides which calls reach it: work done in vain is not seen`;
    case "known-outcome":
    case "pages-by-bytes":
    case "removal-by-sweep":
      return unmetHabit(need.kind, capabilities);
    case "table-columns":
      return hasColumns
        ? undefined
        : `${engine} has no table in the published shape, or none that is told: columns are Cassandra's`;
    case "ttl":
      return capabilities.ttl.max >= need.least
        ? undefined
        : `${engine} takes expiries up to ${capabilities.ttl.max} µs ahead, the case needs ${need.least}`;
    case "no-mode":
    case "cache":
    case "no-cache":
      return unmetMode(need.kind, facts);
    case "inline-bytes":
      return capabilities.inlineBytesMax >= need.least
        ? undefined
        : `${engine} stores values up to ${capabilities.inlineBytesMax} bytes, the case needs ${need.least}`;
    case "level":
      return capabilities.consistency.includes(need.level)
        ? undefined
        : `${engine} does not give ${need.level}: a namespace that asks for it is refused`;
    case "undeclared-level":
      return undeclaredLevels(capabilities).length > 0
        ? undefined
        : `${engine} gives every level of consistency: there is none to refuse`;
    case "conditional-put": {
      if (capabilities.putIfAbsent === need.declared) return undefined;
      return need.declared
        ? `${engine} has no conditional put: one is refused`
        : `${engine} has conditional puts: there is nothing to refuse`;
    }
    default:
      throw need satisfies never;
  }
}

/** As `unmetReason`, of how the engine goes about its work. */
function unmetHabit(
  kind: "known-outcome" | "pages-by-bytes" | "removal-by-sweep",
  { engine, outcome, pagesByBytes, ttl }: EngineCapabilities,
): string | undefined {
  switch (kind) {
    case "known-outcome":
      return outcome === "known"
        ? undefined
        : `${engine} answers "accepted": a caller is not told whether a newer write was there`;
    case "pages-by-bytes":
      return pagesByBytes
        ? undefined
        : `${engine} fetches rows by count: a read may bring more bytes than a page takes`;
    case "removal-by-sweep":
      return ttl.removal === "sweep"
        ? undefined
        : `${engine} removes expired rows by itself: a sweep may leave them`;
    default:
      throw kind satisfies never;
  }
}

/** As `unmetReason`, of what the run puts around the engine. */
function unmetMode(
  kind: "no-mode" | "cache" | "no-cache",
  { hasCache, mode, capabilities: { engine } }: NeedFacts,
): string | undefined {
  switch (kind) {
    case "no-mode": {
      const options = modeOptions(mode);
      return options === ""
        ? undefined
        : `the suite runs with${options}: what a namespace is by default is not seen`;
    }
    case "cache":
      return hasCache
        ? undefined
        : `no cache stands in front of ${engine} here: --cache memory-cache or memcached puts one there`;
    case "no-cache":
      return mode.cache === undefined
        ? undefined
        : `${mode.cache} stands in front of ${engine}: what reaches the engine is not what was asked`;
    default:
      throw kind satisfies never;
  }
}

/** A need of cache cases: engines opened one after another see the same entries. */
export type CacheNeed = { readonly kind: "shared-cache" };

/** Engines opened one after another see the same entries. */
export const SHARED_CACHE: CacheNeed = { kind: "shared-cache" };

/** As `unmetReason`, for caches. */
export function unmetCacheReason(
  need: CacheNeed,
  engine: string,
  isShared: boolean,
): string | undefined {
  switch (need.kind) {
    case "shared-cache":
      return isShared
        ? undefined
        : `${engine} is its opener's own: servers do not see each other's entries`;
    default:
      throw need.kind satisfies never;
  }
}
