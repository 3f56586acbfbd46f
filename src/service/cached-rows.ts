/** Rows in the cache: what is kept of an answer of the primary, and what of that is believed (CACHE-1, CACHE-2). */
import { decodeEntry, encodeEntry, entryBytes } from "../codec/cache-entry.ts";
import { decodeMetadata } from "../codec/item-metadata.ts";
import type { Micros } from "../model/time.ts";
import type { NamespaceCache } from "../namespace/caching.ts";
import { entryLife, isUnder } from "../policy/cache-rules.ts";
import type { Env } from "../ports/env.ts";
import type { Row } from "../ports/storage-engine.ts";
import type { AdmittedCall, CacheAccess, Found } from "./cache-access.ts";
import type { Slot } from "./cache-slots.ts";

/** Stores and believes entries, for one namespace at one server. */
export class CachedRows {
  readonly #access: CacheAccess;
  readonly #cache: NamespaceCache;
  readonly #env: Env;

  constructor(access: CacheAccess, cache: NamespaceCache, env: Env) {
    this.#access = access;
    this.#cache = cache;
    this.#env = env;
  }

  /** The rows of an entry, if one was found, is of these stamps, and its time is not over. */
  believed(
    found: Found,
    stamps: readonly Uint8Array[] | undefined,
    now: Micros,
  ): readonly Row[] | undefined {
    if (found.kind !== "hit") return undefined;
    const entry = decodeEntry(found.value);
    const isOfNow = entry !== undefined && isUnder(entry.stamps, stamps) && now < entry.until;
    if (isOfNow) return entry.rows;
    this.#env.telemetry.count("cache_stale");
    return undefined;
  }

  /** Keeps rows that the primary answered after these stamps were in force, where they may be kept (CACHE-7). */
  async fill(
    slot: Slot,
    stamps: readonly Uint8Array[],
    rows: readonly Row[],
    call: AdmittedCall,
  ): Promise<void> {
    const { ttl, chunkedTtl } = this.#cache;
    const { now } = call;
    const chunked = rows.some(({ metadata }) => decodeMetadata(metadata).chunk !== undefined);
    const life = entryLife({ now, ttl, chunkedTtl, chunked, endsAt: firstEnd(rows) });
    await this.keep(slot, { stamps, rows, life }, call);
  }

  /** Keeps rows for so long, unless they are too many. */
  async keep(slot: Slot, { stamps, rows, life }: Kept, call: AdmittedCall): Promise<void> {
    if (life <= 0 || entryBytes(rows, stamps.length) > this.#access.valueBytesMax) return;
    const entry = encodeEntry({ stamps, rows, until: call.now + life });
    await this.#access.fill(slot, entry, life, call);
  }
}

/** What is kept, under which stamps, and for how long. */
type Kept = {
  readonly stamps: readonly Uint8Array[];
  readonly rows: readonly Row[];
  readonly life: Micros;
};

/** When the first of the rows ends; 0 for never. */
function firstEnd(rows: readonly Row[]): Micros {
  let first = 0;
  for (const { version } of rows) {
    const { expiry } = version;
    if (expiry !== 0 && (first === 0 || expiry < first)) first = expiry;
  }
  return first;
}
