/** A plain cache, shared by all that open it, with a flaw planted in it; without one it passes every case. */
import { KvError } from "../../../src/model/error.ts";
import { toHex } from "../../../src/model/bytes.ts";
import type { CacheAdapter, CacheEngine, CacheStored } from "../../../src/ports/cache-engine.ts";

type Entry = { readonly value: Uint8Array; readonly until: number };
type Entries = Map<string, Entry>;

/** What may be replaced. */
export type CacheReplacements = {
  readonly name?: (key: Uint8Array) => string;
  readonly value?: (value: Uint8Array) => Uint8Array;
  readonly ttl?: (ttl: number) => number;
  /** What `set` does when the value is too large; the usual is to forget the older entry. */
  readonly tooLarge?: (entries: Entries, name: string, value: Uint8Array) => CacheStored;
  /** What `add` does when an entry is there. */
  readonly present?: (entries: Entries, name: string, entry: Entry) => CacheStored;
  /** Lets others in between the look and the store of `add`. */
  readonly pause?: () => Promise<void>;
  readonly keepsBytes?: boolean;
  readonly keepsTime?: boolean;
  /** Wraps a whole engine. */
  readonly engine?: (engine: CacheEngine) => Partial<CacheEngine>;
  readonly isShared?: boolean;
};

/** Largest value of the plain cache, bytes. */
const VALUE_BYTES_MAX = 100_000;

/** An adapter over one cache. */
export function flawedCache(replaced: CacheReplacements): CacheAdapter {
  const shared: Entries = new Map();
  const { name = toHex, ttl: lived = (ttl: number) => ttl, keepsBytes = false } = replaced;
  const own = (value: Uint8Array): Uint8Array => (keepsBytes ? value : value.slice());
  return {
    name: "flawed",
    open: async ({ env: { clock } }) => {
      const entries = replaced.isShared === false ? new Map<string, Entry>() : shared;
      let closed = false;
      const check = (deadline: number): void => {
        if (closed) throw new KvError("UNAVAILABLE", "closed");
        if (!replaced.keepsTime && deadline <= clock.monotonic()) {
          throw new KvError("DEADLINE_EXCEEDED", "no time left", { applied: "no" });
        }
      };
      const find = (key: Uint8Array): Entry | undefined => {
        const entry = entries.get(name(key));
        return entry !== undefined && entry.until > clock.monotonic() ? entry : undefined;
      };
      const store = (key: Uint8Array, value: Uint8Array, ttl: number): CacheStored => {
        if (value.length > VALUE_BYTES_MAX) {
          if (replaced.tooLarge) return replaced.tooLarge(entries, name(key), value);
          entries.delete(name(key));
          return { kind: "too_large" };
        }
        const kept = own(replaced.value?.(value) ?? value);
        entries.set(name(key), { value: kept, until: clock.monotonic() + lived(ttl) });
        return { kind: "stored" };
      };
      const engine: CacheEngine = {
        capabilities: {
          engine: "flawed",
          valueBytesMax: VALUE_BYTES_MAX,
          ttlGranularity: 1000,
          ttlMax: Infinity,
        },
        get: async (key, { deadline }) => {
          check(deadline);
          const entry = find(key);
          return entry === undefined ? { kind: "miss" } : { kind: "hit", value: own(entry.value) };
        },
        set: async (key, value, ttl, { deadline }) => {
          check(deadline);
          return store(key, value, ttl);
        },
        add: async (key, value, ttl, { deadline }) => {
          check(deadline);
          const entry = find(key);
          if (replaced.pause) await replaced.pause();
          if (entry === undefined) return store(key, value, ttl);
          const next = { value, until: entry.until };
          return replaced.present?.(entries, name(key), next) ?? { kind: "present" };
        },
        delete: async (key, { deadline }) => {
          check(deadline);
          entries.delete(name(key));
        },
        close: async () => {
          closed = true;
        },
      };
      return { ...engine, ...replaced.engine?.(engine) };
    },
  };
}
