/** Caches under way: at once, over time, out of time and closed (CACHE-2, CACHE-3, CACHE-7, TTL-3). */
import { DAY, HOUR, KvError, SECOND } from "kvdal";
import type { CacheEngine } from "kvdal/engine";
import { numbered, patterned, toBytes } from "../kit/bytes.ts";
import type { CacheStore } from "../kit/cache-store.ts";
import { holds, refused, same } from "../kit/check.ts";
import type { CacheCase } from "../kit/conformance-case.ts";
import { hit, MISS, STORED } from "./cache-answers.ts";

/** Entries put at once. */
const MANY = 400;

/** Typed failures of a cache that cannot answer. */
const FAILURES = ["UNAVAILABLE", "DEADLINE_EXCEEDED", "OUTCOME_UNKNOWN", "CANCELLED"] as const;

/** Every verb of `cache`, on a key that holds a value. */
function everyVerb(
  cache: CacheEngine,
  store: CacheStore,
  key: Uint8Array,
): readonly (() => Promise<unknown>)[] {
  const value = toBytes("v");
  return [
    () => cache.get(key, store.call()),
    () => cache.set(key, value, HOUR, store.call()),
    () => cache.add(key, value, HOUR, store.call()),
    () => cache.delete(key, store.call()),
  ];
}

/** Cases of this topic. */
export const cacheConductCases: readonly CacheCase[] = [
  {
    id: "cache/add-at-once",
    rules: ["CACHE-2"],
    title: "Of many adds of one key at once exactly one stores, and its value is found.",
    needs: [],
    run: async ({ cache, key, call }) => {
      const adds = Array.from({ length: 20 }, (_, i) =>
        cache.add(key("k"), toBytes(`${i}`), HOUR, call()),
      );
      const answers = await Promise.all(adds);
      const stored = answers.flatMap(({ kind }, i) => (kind === "stored" ? [i] : []));
      same("adds that stored", stored.length, 1);
      same("get", await cache.get(key("k"), call()), hit(toBytes(`${stored[0]}`)));
    },
  },
  {
    id: "cache/many-at-once",
    rules: ["CACHE-3"],
    title: "Hundreds of keys stored and read at once each answer with their own value.",
    needs: [],
    run: async ({ cache, key, call }) => {
      const value = (i: number): Uint8Array => patterned(1 + ((i * 53) % 3000), i);
      const all = Array.from({ length: MANY }, (_, i) => i);
      await Promise.all(all.map((i) => cache.set(key(numbered("k", i)), value(i), HOUR, call())));
      const reads = await Promise.all(
        all.map((i) => cache.get(key(numbered(i % 3 === 0 ? "none" : "k", i)), call())),
      );
      for (const [i, answer] of reads.entries()) {
        same(`answer ${i}`, answer, i % 3 === 0 ? MISS : hit(value(i)));
      }
    },
  },
  {
    id: "cache/whole-values",
    rules: ["CACHE-3"],
    title: "While one key is overwritten, every read finds one whole value.",
    needs: [],
    run: async ({ cache, key, call }) => {
      const value = (i: number): Uint8Array => new Uint8Array(2000 + i).fill(i);
      await cache.set(key("k"), value(0), HOUR, call());
      const sets = Array.from({ length: 60 }, (_, i) =>
        cache.set(key("k"), value(i), HOUR, call()),
      );
      const gets = Array.from({ length: 60 }, () => cache.get(key("k"), call()));
      const [answers] = await Promise.all([Promise.all(gets), Promise.all(sets)]);
      for (const answer of answers) {
        const found = answer.kind === "hit" ? answer.value : new Uint8Array(1);
        same("a value read meanwhile", found, value(found[0] ?? 0));
      }
    },
  },
  {
    id: "cache/expires",
    rules: ["CACHE-7", "TTL-1"],
    title:
      "An entry is there at first and gone within a unit of expiry after its time; add stores again.",
    needs: [],
    run: async ({ cache, key, call, wait, monotonic }) => {
      const ttl = 2 * Math.max(SECOND / 10, cache.capabilities.ttlGranularity);
      const begun = monotonic();
      await cache.set(key("k"), toBytes("v"), ttl, call());
      await cache.set(key("stays"), toBytes("v"), HOUR, call());
      const early = await cache.get(key("k"), call());
      if (monotonic() - begun < ttl / 4) same("get at once", early, hit(toBytes("v")));
      const bound = ttl + cache.capabilities.ttlGranularity + 2 * SECOND;
      while ((await cache.get(key("k"), call())).kind === "hit") {
        const passed = monotonic() - begun;
        holds("time since the set", passed < bound, passed, `expiry within ${bound} µs`);
        await wait(SECOND / 10);
      }
      same("add", await cache.add(key("k"), toBytes("w"), HOUR, call()), STORED);
      same("get of the lasting entry", await cache.get(key("stays"), call()), hit(toBytes("v")));
    },
  },
  {
    id: "cache/long-expiry",
    rules: ["TTL-3"],
    title: "Times to live of 30 days, just over, and ten years never end in instant expiry.",
    needs: [],
    run: async ({ cache, key, call, wait }) => {
      const days = [30 * DAY - SECOND, 30 * DAY, 30 * DAY + SECOND, 31 * DAY, 3650 * DAY];
      for (const ttl of days) await cache.set(key(`${ttl}`), toBytes("v"), ttl, call());
      await wait(SECOND);
      for (const ttl of days) {
        same(`get of ${ttl / DAY} days`, await cache.get(key(`${ttl}`), call()), hit(toBytes("v")));
      }
    },
  },
  {
    id: "cache/short-expiry",
    rules: ["TTL-3", "CACHE-7"],
    title: "A time to live below the unit of expiry is not for ever.",
    needs: [],
    run: async ({ cache, key, call, wait }) => {
      await cache.set(key("k"), toBytes("v"), 1, call());
      await wait(cache.capabilities.ttlGranularity + 2 * SECOND);
      same("get", await cache.get(key("k"), call()), MISS);
    },
  },
  {
    id: "cache/no-time",
    rules: ["CACHE-3", "ERR-2"],
    title: "A call whose deadline has passed fails typed, never as a miss; the next one works.",
    needs: [],
    run: async (store) => {
      const { cache, key, call } = store;
      await cache.set(key("k"), toBytes("v"), HOUR, call());
      await refused("get", cache.get(key("k"), call(-SECOND)), "DEADLINE_EXCEEDED");
      const set = cache.set(key("k"), toBytes("w"), HOUR, call(-SECOND));
      const { applied } = await refused("set", set, "DEADLINE_EXCEEDED");
      const answer = await cache.get(key("k"), call());
      holds("get", answer.kind === "hit", answer, "a hit");
      if (applied === "no") same("get", answer, hit(toBytes("v")));
    },
  },
  {
    id: "cache/closed",
    rules: ["CACHE-3", "ERR-2", "RES-1"],
    title:
      "A closed engine fails typed, never as a miss; closing twice is success; another goes on.",
    needs: [],
    run: async (store) => {
      const { cache, another, key, call } = store;
      const other = await another();
      for (const one of [cache, other]) await one.set(key("k"), toBytes("v"), HOUR, call());
      await other.close();
      await other.close();
      for (const verb of everyVerb(other, store, key("k"))) {
        await refused("a verb", verb(), FAILURES);
      }
      same("get at the open one", await cache.get(key("k"), call()), hit(toBytes("v")));
    },
  },
  {
    id: "cache/closed-while-out",
    rules: ["CACHE-3", "ERR-2", "RES-1"],
    title: "Calls that are out when the engine is closed are answered or fail typed, all of them.",
    needs: [],
    run: async (store) => {
      const { another, key, call } = store;
      const other = await another();
      await other.set(key("k"), toBytes("v"), HOUR, call());
      const out = Array.from({ length: 50 }, () => other.get(key("k"), call()));
      const [settledCalls] = await Promise.all([Promise.allSettled(out), other.close()]);
      for (const settled of settledCalls) {
        if (settled.status === "fulfilled") same("an answer", settled.value, hit(toBytes("v")));
        else holds("a failure", settled.reason instanceof KvError, settled.reason, "a KvError");
      }
    },
  },
];
