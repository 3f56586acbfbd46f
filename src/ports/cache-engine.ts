/**
 * The cache port: a store of byte strings that may forget anything at any time, but never answers with something
 * else. Values are bounded, keys are bounded after hashing by the adapter, expiry is relative.
 *
 * A failure is `KvError` (UNAVAILABLE, DEADLINE_EXCEEDED, OUTCOME_UNKNOWN), never a miss (CACHE-3); whether to go
 * on without the cache is the caller's decision. No mutation is ever sent twice by the adapter.
 */
import type { Micros } from "../model/time.ts";
import type { EngineContext } from "./storage-engine.ts";

/** What goes with every call. */
export type CacheCall = {
  /** The monotonic instant by which it is answered, one way or the other. */
  readonly deadline: Micros;
  /**
   * Of the request that it is made for. An adapter need not look at it: the deadline is near. Whoever stands in front
   * of one may.
   */
  readonly signal?: AbortSignal;
};

/** What a look-up found. The bytes belong to the caller. */
export type CacheAnswer =
  | { readonly kind: "hit"; readonly value: Uint8Array }
  | { readonly kind: "miss" };

/** Whether a conditional or bounded store took place. */
export type CacheStored =
  | { readonly kind: "stored" }
  /** `add` found an entry; nothing changed. */
  | { readonly kind: "present" }
  /** Past the engine's size limit. Nothing is stored and an older entry of the key is gone. */
  | { readonly kind: "too_large" };

/** What a cache can do, as values. */
export type CacheCapabilities = {
  readonly engine: string;
  /** Largest value, bytes, that is certainly accepted. */
  readonly valueBytesMax: number;
  /** Unit of expiry, microseconds; an entry may end up to one unit early or late. */
  readonly ttlGranularity: Micros;
  /** Longest expiry, microseconds. Longer ones are cut to it: a cache may forget (TTL-3). */
  readonly ttlMax: Micros;
};

/** The verbs. `key` is 1 to 4096 bytes of any content; `ttl` is microseconds from now, > 0. */
export type CacheEngine = {
  readonly capabilities: CacheCapabilities;
  readonly get: (key: Uint8Array, call: CacheCall) => Promise<CacheAnswer>;
  /** Stores, replacing what is there. */
  readonly set: (
    key: Uint8Array,
    value: Uint8Array,
    ttl: Micros,
    call: CacheCall,
  ) => Promise<CacheStored>;
  /** Stores only where nothing is. */
  readonly add: (
    key: Uint8Array,
    value: Uint8Array,
    ttl: Micros,
    call: CacheCall,
  ) => Promise<CacheStored>;
  /** Removes. Removing what is not there is success. */
  readonly delete: (key: Uint8Array, call: CacheCall) => Promise<void>;
  /** Ends everything the adapter holds; safe to call twice. Calls that are out fail typed. */
  readonly close: () => Promise<void>;
};

/** How a cache adapter is named and opened: the function an adapter package exports returns one of these. */
export type CacheAdapter = {
  readonly name: string;
  /**
   * Makes a cache of the environment. Need not reach the server: a service must start without its cache, so calls
   * fail while there is none.
   */
  readonly open: (context: EngineContext) => Promise<CacheEngine>;
};
