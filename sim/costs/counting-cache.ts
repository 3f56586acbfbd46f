/** The cache of a stage: it keeps all that it is given, counts what it is asked, and fails where that is said. */
import { KvError, type Micros, toHex } from "kvdal";
import { type Env, sleep } from "kvdal/client";
import type { CacheEngine } from "kvdal/engine";

/** Large enough for everything. */
const VALUE_BYTES_MAX = 1_048_576;

/** Counts what it is asked. */
export class CountingCache {
  readonly engine: CacheEngine;
  gets = 0;
  adds = 0;
  /** Whether a question about that key is not answered. */
  fails: (key: Uint8Array) => boolean = () => false;
  /** Whether there is room in it for what it is given in place of anything else. */
  keeps = true;
  /** What a question takes that is not answered. */
  failMicros: Micros = 0;
  readonly #entries = new Map<string, Uint8Array>();
  readonly #env: Env;

  constructor(env: Env) {
    this.#env = env;
    this.engine = {
      capabilities: {
        engine: "counting",
        valueBytesMax: VALUE_BYTES_MAX,
        ttlGranularity: 1,
        ttlMax: Number.POSITIVE_INFINITY,
      },
      get: async (key) => {
        this.gets += 1;
        const value = await this.#within(key, (name) => this.#entries.get(name));
        return value === undefined ? { kind: "miss" } : { kind: "hit", value: value.slice() };
      },
      set: async (key, value) => {
        if (!this.keeps) return { kind: "too_large" };
        await this.#within(key, (name) => this.#entries.set(name, value.slice()));
        return { kind: "stored" };
      },
      add: async (key, value) => {
        this.adds += 1;
        return await this.#within(key, (name) => {
          if (this.#entries.has(name)) return { kind: "present" };
          this.#entries.set(name, value.slice());
          return { kind: "stored" };
        });
      },
      delete: async (key) => {
        await this.#within(key, (name) => this.#entries.delete(name));
      },
      close: async () => this.#entries.clear(),
    };
  }

  /** It forgets everything. */
  clear(): void {
    this.#entries.clear();
  }

  /** How many questions of a kind the work costs. */
  async countOf(kind: "gets" | "adds", work: () => Promise<unknown>): Promise<number> {
    const before = this[kind];
    await work();
    return this[kind] - before;
  }

  async #within<T>(key: Uint8Array, work: (name: string) => T): Promise<T> {
    if (!this.fails(key)) return work(toHex(key));
    await sleep(this.#env.timers, this.failMicros);
    throw new KvError("UNAVAILABLE", "the cache does not answer");
  }
}
