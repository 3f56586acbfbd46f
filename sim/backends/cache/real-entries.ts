/**
 * Entries in a real cache, each world's under keys of its own. The real expiry is far: what ends by virtual time, is
 * evicted or flushed, is looked for under another key from then on, where nothing is.
 */
import { concatBytes, DAY, type Micros, SECOND, toHex, utf8 } from "kvdal";
import type { Env } from "kvdal/client";
import type { CacheAdapter, CacheEngine } from "kvdal/engine";
import type { CachePlan } from "../../faults/cache.ts";
import { endOf, type EntryLife, type WorldEntries } from "./entries.ts";

/** How a real cache is put into worlds. */
export type RealCacheOptions = {
  readonly adapter: CacheAdapter;
  /** The real world. */
  readonly env: Env;
  /** Begins every key: no two processes on one cache may share it. */
  readonly tag: string;
};

/** A cache that is open for worlds; close it when the campaign is over. */
export type RealCacheFactory = {
  readonly name: string;
  /** The entries of a new world. */
  readonly create: (plan: CachePlan) => WorldEntries;
  readonly close: () => Promise<void>;
};

const FAR: Micros = DAY;
/** Time of a real call: virtual time stands still during one. */
const TIMEOUT: Micros = 10 * SECOND;

/** Opens the cache and returns what puts it into worlds. */
export async function openRealCache(options: RealCacheOptions): Promise<RealCacheFactory> {
  const { adapter, env, tag } = options;
  const engine = await adapter.open({ env, native: (_label, thunk) => thunk() });
  let worlds = 0;
  return {
    name: adapter.name,
    create: (plan) => {
      worlds += 1;
      return realEntries(engine, plan, { env, prefix: `${tag}-${worlds}` });
    },
    close: engine.close,
  };
}

function realEntries(
  engine: CacheEngine,
  plan: CachePlan,
  { env, prefix }: { readonly env: Env; readonly prefix: string },
): WorldEntries {
  const ends = new Map<string, Micros>();
  /** How often what was under a key has gone. */
  const lives = new Map<string, number>();
  let flushes = 0;
  const call = () => ({ deadline: env.clock.monotonic() + TIMEOUT });
  const forget = (text: string): boolean => {
    lives.set(text, (lives.get(text) ?? 0) + 1);
    return ends.delete(text);
  };
  const nameAt = (key: Uint8Array, now: Micros): { text: string; name: Uint8Array } => {
    const text = toHex(key);
    const end = ends.get(text);
    if (end !== undefined && end <= now) forget(text);
    const name = concatBytes(utf8(`${prefix}.${flushes}.${lives.get(text) ?? 0}.`), key);
    return { text, name };
  };
  const store =
    (verb: "set" | "add"): WorldEntries["set"] =>
    async (key: Uint8Array, value: Uint8Array, life: EntryLife) => {
      const { text, name } = nameAt(key, life.now);
      const stored = await engine[verb](name, value, FAR, call());
      if (stored.kind === "stored") ends.set(text, endOf(plan, life));
      return stored;
    };
  return {
    isReal: true,
    get: (key, now) => engine.get(nameAt(key, now).name, call()),
    set: store("set"),
    add: store("add"),
    evict: (draw) => {
      const texts = [...ends.keys()];
      return texts.length > 0 && forget(texts[draw % texts.length] as string);
    },
    flush: () => {
      flushes += 1;
      ends.clear();
    },
  };
}
