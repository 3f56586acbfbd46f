/** Watches what the servers of a world ask of their cache and keep in it, for the oracle of caches. */
import type { CacheEngine, Partition } from "kvdal/engine";
import { decodeCacheEntry, SLOT_KIND, STAMP_BYTES } from "kvdal/service";
import { type Micros, toHex, utf8 } from "kvdal";
import type { CacheHistory } from "../check/cache-history.ts";
import type { RequestRecord } from "../check/request-words.ts";
import type { CachePlan } from "../faults/cache.ts";
import type { SimNode } from "./node.ts";

/** What has become of one server's calls. Instants of the server's own monotonic clock. */
type Failing = { failures: number; last: Micros };

/** A read of the primary that is out. */
type OutRead = { readonly question: string; readonly by: Reading };

/** The request that it is made for, and when that arrived. */
type Reading = RequestRecord & { readonly since: Micros };

/** The watch of one world. */
export class CacheWatch {
  readonly #plan: CachePlan;
  readonly #now: () => Micros;
  readonly #stepsBack: Micros;
  readonly #failing = new Map<number, Failing>();
  readonly #out = new Map<number, Set<OutRead>>();
  /** Slots, as hexadecimal, that hold a marker as far as is known. */
  readonly #markers = new Set<string>();
  readonly #fills: CacheHistory["fills"][number][] = [];
  readonly #asks: CacheHistory["asks"][number][] = [];
  readonly #failedReads: CacheHistory["failedReads"][number][] = [];
  readonly #sharable: CacheHistory["sharable"][number][] = [];
  #disturbedAt: Micros = -1;

  /** `stepsBack` is by how much the clocks of servers are set back: an entry then lives longer than its clock said. */
  constructor(plan: CachePlan, now: () => Micros, stepsBack: Micros) {
    this.#plan = plan;
    this.#now = now;
    this.#stepsBack = stepsBack;
  }

  /** What was seen. */
  get history(): CacheHistory {
    const { ttl, breaker } = this.#plan;
    return {
      rules: { ttl: ttl + this.#stepsBack, ...breaker },
      fills: this.#fills,
      asks: this.#asks,
      failedReads: this.#failedReads,
      sharable: this.#sharable,
    };
  }

  /** Stamps may have gone or changed, or a server may have lost what it knew. */
  disturbed(): void {
    this.#disturbedAt = this.#now();
  }

  /** A value has replaced what the cache had under a key. */
  replaced(key: Uint8Array, value: Uint8Array): void {
    if (!isStamp(key)) return;
    this.disturbed();
    if (value.length > STAMP_BYTES) this.#markers.add(toHex(key));
    else this.#markers.delete(toHex(key));
  }

  /** The cache of a server, watched. */
  over(server: SimNode, engine: CacheEngine): CacheEngine {
    const failing: Failing = { failures: 0, last: 0 };
    this.#failing.set(server.index, failing);
    this.#out.delete(server.index);
    const watched = async <T>(work: Promise<T>): Promise<T> => {
      try {
        const answer = await work;
        // Others may have gone past the cache until now.
        if (failing.failures > 0) this.disturbed();
        failing.failures = 0;
        return answer;
      } catch (error) {
        failing.failures += 1;
        failing.last = server.monotonic();
        this.disturbed();
        throw error;
      }
    };
    return {
      ...engine,
      get: (key, call) => {
        if (failing.failures > 0) {
          const since = server.monotonic() - failing.last;
          this.#asks.push({ failures: failing.failures, since });
        }
        return watched(engine.get(key, call));
      },
      set: (key, value, ttl, call) => {
        if (!isStamp(key)) this.#noteFill(value, server);
        return watched(engine.set(key, value, ttl, call));
      },
      add: (key, value, ttl, call) => watched(engine.add(key, value, ttl, call)),
    };
  }

  #noteFill(value: Uint8Array, server: SimNode): void {
    const entry = decodeCacheEntry(value);
    if (entry === undefined) return;
    const ends = entry.rows.map(({ version }) => version.expiry).filter((expiry) => expiry > 0);
    this.#fills.push({
      life: entry.until - server.wall(),
      beyondItem: entry.until - Math.min(...ends, Number.POSITIVE_INFINITY),
    });
  }

  /** A read that a server answered with an error of its back ends, with so much time left. */
  readFailed(failed: CacheHistory["failedReads"][number]): void {
    this.#failedReads.push(failed);
  }

  /**
   * A server begins to read from the primary, for the request that it names; the function
   * returned ends it. Noted when another read of the same is out, and nothing has come between the two that would keep
   * this one from sharing it.
   */
  beginRead(server: SimNode, question: string, by: Reading, { id }: Partition): () => void {
    const out = this.#out.get(server.index) ?? new Set();
    this.#out.set(server.index, out);
    for (const other of out) {
      const begun = Math.min(by.since, other.by.since);
      const isSame = other.question === question && !this.#mayDiffer(server, begun, id);
      if (isSame) this.#sharable.push({ question, requests: [other.by, by] });
    }
    const read = { question, by };
    out.add(read);
    return () => out.delete(read);
  }

  #mayDiffer(server: SimNode, since: Micros, id: string): boolean {
    if (this.#disturbedAt >= since || this.#plan.sharesHashes) return true;
    if ((this.#failing.get(server.index)?.failures ?? 0) > 0) return true;
    const record = toHex(utf8(id));
    return [...this.#markers].some((slot) => slot.includes(record));
  }
}

function isStamp(key: Uint8Array): boolean {
  return (key[0] as number) <= SLOT_KIND.itemStamp;
}
