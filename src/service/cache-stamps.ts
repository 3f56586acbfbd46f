/**
 * Stamps: what entries are believed by (CACHE-2). A stamp is a random number in a slot of its own; an entry says which
 * stamps were in force before the primary was read for it, and is believed only while these very stamps are. A write
 * replaces the stamps of what it changes before it goes to the primary, by markers under which nothing is filled, and
 * again after that, by fresh stamps, before it is acknowledged.
 *
 * Whatever the cache loses, that holds: a stamp that is gone is replaced by one that never was, so no entry from before
 * is believed again; a fill that comes late carries stamps that are not in force; a stamp that arrives late is one that
 * nobody has read the primary under. There is no clock in it, no lease, and nothing has to last.
 */
import { type Micros, MINUTE } from "../model/time.ts";
import type { NamespaceCache } from "../namespace/caching.ts";
import type { Env } from "../ports/env.ts";
import type { Random } from "../ports/random.ts";
import { STAMP_BYTES } from "../codec/cache-entry.ts";
import type { AdmittedCall, CacheAccess, Found } from "./cache-access.ts";
import type { Slot } from "./cache-slots.ts";
import type { ServiceCall } from "./service-parts.ts";

/** Marks a stamp of a write under way. */
const MARKER_BYTES = STAMP_BYTES + 1;

/** The stamps of one namespace at one server. */
export class Stamps {
  readonly #access: CacheAccess;
  readonly #random: Random;
  readonly #env: Env;
  readonly #ttl: Micros;
  readonly #markerTtl: Micros;

  /** `random` is one stream for all namespaces of a server: no two stamps may ever be equal. */
  constructor(access: CacheAccess, cache: NamespaceCache, env: Env, random: Random) {
    this.#access = access;
    this.#env = env;
    this.#random = random;
    // A stamp that ends before its entries would make them useless, no more.
    this.#ttl = 2 * cache.ttl + MINUTE;
    this.#markerTtl = cache.markerTtl;
  }

  /** The stamps in force, as they were found; undefined when one is missing, unknown or a marker. */
  inForce(found: readonly Found[]): readonly Uint8Array[] | undefined {
    const stamps: Uint8Array[] = [];
    for (const one of found) {
      if (one.kind !== "hit") return undefined;
      if (one.value.length !== STAMP_BYTES) {
        this.#env.telemetry.count("cache_markers");
        return undefined;
      }
      stamps.push(one.value);
    }
    return stamps;
  }

  /**
   * As `inForce`, with stamps put where there are none: before the primary is read, since a stamp that comes after
   * the read would vouch for what was read before a write.
   */
  async establish(
    slots: readonly Slot[],
    found: readonly Found[],
    call: AdmittedCall,
  ): Promise<readonly Uint8Array[] | undefined> {
    if (found.every(({ kind }) => kind === "hit")) return this.inForce(found);
    if (found.some(({ kind }) => kind === "unknown")) return undefined;
    const present = await Promise.all(
      found.map(async (one, i) =>
        one.kind === "hit" ? one : await this.#begin(slots[i] as Slot, call),
      ),
    );
    return this.inForce(present);
  }

  /** Replaces the stamps by markers; true when all of them certainly are. */
  mark(slots: readonly Slot[], call: ServiceCall): Promise<boolean> {
    return this.#replace(slots, MARKER_BYTES, this.#markerTtl, call);
  }

  /** Replaces the markers by fresh stamps; true when all of them certainly are. */
  renew(slots: readonly Slot[], call: ServiceCall): Promise<boolean> {
    return this.#replace(slots, STAMP_BYTES, this.#ttl, call);
  }

  async #replace(
    slots: readonly Slot[],
    bytes: number,
    ttl: Micros,
    call: ServiceCall,
  ): Promise<boolean> {
    const stamp = this.#random.bytes(bytes);
    const stored = await Promise.all(slots.map((slot) => this.#access.set(slot, stamp, ttl, call)));
    return stored.every(Boolean);
  }

  /** The first stamp of a slot, or the one that another reader was quicker with. */
  async #begin(slot: Slot, call: AdmittedCall): Promise<Found> {
    const value = this.#random.bytes(STAMP_BYTES);
    const outcome = await this.#access.add(slot, value, this.#ttl, call);
    if (outcome === "stored") return { kind: "hit", value };
    return outcome === "present" ? await this.#access.get(slot, call) : { kind: "unknown" };
  }
}
