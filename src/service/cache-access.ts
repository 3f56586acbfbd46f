/** The way of the cache tier to its cache: bounded in time, never failing, and left alone while it fails (CACHE-3). */
import { KvError } from "../model/error.ts";
import type { Micros } from "../model/time.ts";
import type { NamespaceCache } from "../namespace/caching.ts";
import {
  admitRead,
  afterFailure,
  BREAKER_CLOSED,
  type BreakerState,
  isOpen,
} from "../policy/breaker.ts";
import type { CacheStored } from "../ports/cache-engine.ts";
import type { Env } from "../ports/env.ts";
import type { EngineCall } from "../ports/storage-engine.ts";
import type { Slot } from "./cache-slots.ts";
import type { ServiceCall } from "./service-parts.ts";

/** What a look found. `unknown`: the cache did not say, which is neither a hit nor a miss. */
export type Found =
  | { readonly kind: "hit"; readonly value: Uint8Array }
  | { readonly kind: "miss" }
  | { readonly kind: "unknown" };

const UNKNOWN: Found = { kind: "unknown" };

/** A read that may ask the cache: it goes on asking only as long as no call has failed since. */
export type AdmittedCall = EngineCall & { readonly failuresBefore: number };

/** What is known of the health of one cache, by all namespaces that it stands in front of. */
export class CacheHealth {
  breaker: BreakerState = BREAKER_CLOSED;
  /** Calls that failed, ever. */
  failures = 0;
}

/** The cache of one namespace at one server. Nothing here rejects for a failure of the cache. */
export class CacheAccess {
  readonly #cache: NamespaceCache;
  readonly #env: Env;
  readonly #health: CacheHealth;

  constructor(cache: NamespaceCache, health: CacheHealth, env: Env) {
    this.#cache = cache;
    this.#health = health;
    this.#env = env;
  }

  /** Largest value that it takes, bytes. */
  get valueBytesMax(): number {
    return this.#cache.engine.capabilities.valueBytesMax;
  }

  /** The call of a read that may ask the cache; undefined where it is left alone for now. */
  admit(call: EngineCall): AdmittedCall | undefined {
    const now = this.#env.clock.monotonic();
    const { admitted, state } = admitRead(this.#health.breaker, now, this.#cache.breaker);
    this.#health.breaker = state;
    if (admitted) return { ...call, failuresBefore: this.#health.failures };
    this.#env.telemetry.count("cache_bypassed");
    return undefined;
  }

  /** What is in a slot, as far as that is known in a read's time. */
  async get(slot: Slot, call: AdmittedCall): Promise<Found> {
    if (this.#isInVain(call)) return UNKNOWN;
    const { engine } = this.#cache;
    const brief = this.#briefly(call);
    return await this.#tried(brief, () => engine.get(slot.name, brief), UNKNOWN);
  }

  /** Stores where nothing is. Undefined when the cache did not say. */
  async add(
    slot: Slot,
    value: Uint8Array,
    ttl: Micros,
    call: AdmittedCall,
  ): Promise<CacheStored["kind"] | undefined> {
    if (this.#isInVain(call)) return undefined;
    const { engine } = this.#cache;
    const brief = this.#briefly(call);
    const add = () => engine.add(slot.name, value, ttl, brief);
    return (await this.#tried(brief, add, undefined))?.kind;
  }

  /** Stores what a read has brought. */
  async fill(slot: Slot, value: Uint8Array, ttl: Micros, call: AdmittedCall): Promise<void> {
    const { engine } = this.#cache;
    const brief = this.#briefly(call);
    const set = () => engine.set(slot.name, value, ttl, brief);
    const stored = this.#isInVain(call) ? undefined : await this.#tried(brief, set, undefined);
    const isStored = stored?.kind === "stored";
    this.#env.telemetry.count(isStored ? "cache_fills" : "cache_fills_refused");
  }

  /** Stores for a write, until the call's deadline. True only when the cache says that it is stored. */
  async set(slot: Slot, value: Uint8Array, ttl: Micros, call: ServiceCall): Promise<boolean> {
    const { engine } = this.#cache;
    const set = () => engine.set(slot.name, value, ttl, call);
    return (await this.#tried(call, set, undefined))?.kind === "stored";
  }

  /** Whether the cache was given up while the read was under way. */
  #isInVain({ failuresBefore }: AdmittedCall): boolean {
    const { breaker, failures } = this.#health;
    return failures !== failuresBefore && isOpen(breaker, this.#cache.breaker);
  }

  /** A read waits so long at most, and never for the half of its time: the primary must have its turn. */
  #briefly({ deadline, signal }: ServiceCall): { deadline: Micros; signal: AbortSignal } {
    const now = this.#env.clock.monotonic();
    const patience = Math.min(this.#cache.timeout, Math.floor((deadline - now) / SHARE));
    return { deadline: now + patience, signal };
  }

  /** A caller who comes without any time says nothing about the cache, which is not asked then. */
  async #tried<T, F>({ deadline }: ServiceCall, work: () => Promise<T>, failed: F): Promise<T | F> {
    if (deadline <= this.#env.clock.monotonic()) return failed;
    try {
      const answer = await work();
      this.#health.breaker = BREAKER_CLOSED;
      return answer;
    } catch (error) {
      // What is no `KvError` is a fault of ours, and must not pass for a cache that is down.
      if (!(error instanceof KvError)) throw error;
      this.#noteFailure();
      return failed;
    }
  }

  #noteFailure(): void {
    const { clock, telemetry } = this.#env;
    const { breaker: rules } = this.#cache;
    const health = this.#health;
    const was = isOpen(health.breaker, rules);
    health.breaker = afterFailure(health.breaker, clock.monotonic(), rules);
    health.failures += 1;
    telemetry.count("cache_failures");
    if (!was && isOpen(health.breaker, rules)) telemetry.count("cache_breaker_opened");
  }
}

/** One call of the cache gets one part in so many of what is left of a read's time. */
const SHARE = 6;
