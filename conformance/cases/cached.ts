/** A cache in front of the engine: what it spares, what it must never show, and what goes on without it (CACHE-1 to CACHE-7). */
import { MINUTE, MILLISECOND, SECOND } from "kvdal";
import { patterned } from "../kit/bytes.ts";
import { absent, holds, keysAre, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { SMALL_CHUNKS } from "../kit/large-value.ts";
import { PATIENCE } from "../kit/modes.ts";
import { CACHE, ENGINE_WATCH, levelNeed } from "../kit/need.ts";
import type { ConformanceStore } from "../kit/store.ts";

const TTL = 3 * MINUTE;
const cached = { cache: { ...PATIENCE, ttlMicros: TTL, recordBytesMax: 1_000 } };
const namespaces = { main: cached };

/** How many calls reach the engine while `work` is done. */
async function engineCalls(
  { engine }: ConformanceStore,
  work: () => Promise<unknown>,
): Promise<number> {
  const before = engine.calls.length;
  await work();
  return engine.calls.length - before;
}

/** Cases of this topic. */
export const cachedCases: readonly ConformanceCase[] = [
  {
    id: "cached/second-read",
    rules: ["CACHE-1"],
    title:
      "What one server has read of a record, item or whole, another answers without asking the engine.",
    needs: [CACHE, ENGINE_WATCH],
    namespaces,
    run: async (store) => {
      const { record, second } = store;
      const other = record("r", { client: second });
      await record("r").put("a", "1");
      await record("r").put("b", "2");
      await record("r").get("a");
      const item = await engineCalls(store, async () => valueIs("a", await other.get("a"), "1"));
      same("engine calls for an item read before", item, 0);
      await record("r").read();
      const whole = await engineCalls(store, async () => {
        keysAre("the record", await other.read(), ["a", "b"]);
        keysAre("a range of it", await other.readRange("b"), ["b"]);
        valueIs("an item of it", await other.get("b"), "2");
        absent("an item that it has not", await other.get("c"));
      });
      same("engine calls for a record read before", whole, 0);
    },
  },
  {
    id: "cached/nothing-inferred",
    rules: ["CACHE-1"],
    title: "Items and pages in the cache say nothing of what else there is.",
    needs: [CACHE],
    namespaces,
    run: async ({ record }) => {
      const one = record("r");
      for (const key of ["a", "b", "c"]) await one.put(key, key);
      await one.get("a");
      valueIs("another item", await one.get("b"), "b");
      await one.page({ selection: { itemLimit: 1 } });
      await one.page({ selection: { pageSizeBytes: 2 } });
      await one.readRange("a", "b");
      keysAre("the record", await one.read(), ["a", "b", "c"]);
      valueIs("the last item", await one.get("c"), "c");
    },
  },
  {
    id: "cached/read-your-writes",
    rules: ["CACHE-2"],
    title:
      "A read after an acknowledged put or deletion shows nothing older, whichever server has cached or written.",
    needs: [CACHE],
    namespaces,
    run: async ({ record, second }) => {
      const [one, other] = [record("r"), record("r", { client: second })];
      for (let turn = 0; turn < 4; turn += 1) {
        const value = `value ${turn}`;
        await (turn % 2 === 0 ? one : other).put("k", value, { at: turn });
        for (const reader of [one, other]) {
          valueIs(`turn ${turn}`, await reader.get("k"), value);
          valueIs(`turn ${turn}, of the record`, (await reader.read())[0], value);
        }
      }
      await other.deleteKeys(["k"], { at: 9 });
      absent("the deleted item", await one.get("k"));
      keysAre("the record without it", await one.read(), []);
    },
  },
  {
    id: "cached/flushed",
    rules: ["CACHE-2", "CACHE-3"],
    title: "A cache that forgets everything costs reads of the engine, and nothing else.",
    needs: [CACHE],
    namespaces,
    run: async ({ record, cache }) => {
      const one = record("r");
      await one.put("k", "1");
      await one.get("k");
      cache.flush();
      valueIs("after the flush", await one.get("k"), "1");
      await one.put("k", "2");
      cache.flush();
      valueIs("after another", await one.get("k"), "2");
      valueIs("and again", await one.get("k"), "2");
    },
  },
  {
    id: "cached/away",
    rules: ["CACHE-2", "CACHE-3"],
    title:
      "Without its cache a namespace that promises reads of one's writes goes on reading, and refuses to write.",
    needs: [CACHE],
    namespaces,
    run: async ({ connect, record, cache }) => {
      const client = connect({ limits: { attemptsMax: 1 } });
      const one = record("r", { client });
      await one.put("k", "old");
      await one.get("k");
      cache.answerOnly(0);
      valueIs("without the cache", await one.get("k"), "old");
      await refused("a put", one.put("k", "new"), "UNAVAILABLE", "no");
      await refused("a deletion", one.deleteAll(), "UNAVAILABLE", "no");
      valueIs("after them", await one.get("k"), "old");
      cache.answerOnly(Number.POSITIVE_INFINITY);
      await one.put("k", "new");
      valueIs("with the cache again", await one.get("k"), "new");
    },
  },
  {
    id: "cached/away-after-the-write",
    rules: ["CACHE-2", "TOK-8"],
    title:
      "A write that the cache is not told of in the end is not acknowledged; repeated with its token it is.",
    needs: [CACHE],
    namespaces,
    run: async ({ connect, record, cache }) => {
      const client = connect({ limits: { attemptsMax: 1 } });
      const one = record("r", { client });
      await one.put("k", "old", { at: 0 });
      await one.get("k");
      // Two stamps are replaced before the write: the item's and the record's.
      cache.answerOnly(2);
      await refused("a put", one.put("k", "new", { at: 5 }), "OUTCOME_UNKNOWN", "unknown");
      cache.answerOnly(Number.POSITIVE_INFINITY);
      await one.put("k", "new", { at: 5 });
      valueIs("after the put again", await one.get("k"), "new");
    },
  },
  {
    id: "cached/eventual",
    rules: ["CACHE-2", "CACHE-7"],
    title:
      "Where reads may be behind, writes are taken without the cache, and what it had is shown for no longer than an entry lives.",
    needs: [CACHE, levelNeed("eventual")],
    namespaces: { main: { ...cached, consistency: "eventual" } },
    run: async ({ record, cache, clock }) => {
      const one = record("r");
      await one.put("k", "old");
      await one.get("k");
      cache.answerOnly(0);
      await one.put("k", "new");
      cache.answerOnly(Number.POSITIVE_INFINITY);
      clock.advance(TTL);
      valueIs("when no entry lives any more", await one.get("k"), "new");
    },
  },
  {
    id: "cached/left-alone",
    rules: ["CACHE-3"],
    title: "A cache that fails again and again is not asked any more, and reads go to the engine.",
    needs: [CACHE],
    namespaces: { main: { cache: { breaker: { failuresMax: 3, openFor: MINUTE } } } },
    run: async ({ record, cache }) => {
      await record("r").put("k", "v");
      cache.answerOnly(0);
      for (let i = 0; i < 4; i += 1) await record("r").get("k");
      const before = cache.calls();
      for (let i = 0; i < 10; i += 1) valueIs("the item", await record("r").get("k"), "v");
      same("calls of the cache meanwhile", cache.calls() - before, 0);
    },
  },
  {
    id: "cached/deletions",
    rules: ["CACHE-4"],
    title: "A deletion of a range or of a record reaches every item in the cache.",
    needs: [CACHE],
    namespaces,
    run: async ({ record, second }) => {
      const [one, other] = [record("r"), record("r", { client: second })];
      for (const key of ["a", "b", "c"]) await one.put(key, key, { at: 1 });
      for (const key of ["a", "b", "c"]) await one.get(key);
      await other.deleteRange("a", "b", { at: 5 });
      absent("in the range", await one.get("a"));
      valueIs("outside of it", await one.get("b"), "b");
      await other.deleteAll({ at: 6 });
      for (const key of ["b", "c"]) absent("of the record", await one.get(key));
      keysAre("the record", await one.read(), []);
    },
  },
  {
    id: "cached/hot-key",
    rules: ["CACHE-5"],
    title: "Fifty readers of an item that is in no cache make one read of the engine.",
    needs: [CACHE, ENGINE_WATCH],
    namespaces,
    run: async (store) => {
      const { record, engine } = store;
      await record("r").put("k", "v");
      engine.slow(50 * MILLISECOND);
      const calls = await engineCalls(store, () =>
        Promise.all(
          Array.from({ length: 50 }, async () => valueIs("k", await record("r").get("k"), "v")),
        ),
      );
      engine.slow(0);
      // Readers whose look at the cache came out otherwise than the others' are on their own.
      holds("engine calls", calls <= 3, calls, "one, or few");
    },
  },
  {
    id: "cached/lives-no-longer",
    rules: ["CACHE-7"],
    title: "An entry is not believed past its item's end, nor past the longest life of entries.",
    needs: [CACHE, ENGINE_WATCH],
    namespaces,
    run: async (store) => {
      const { record, clock } = store;
      const one = record("r");
      await one.put("brief", "v", { ttl: 10 * SECOND });
      await one.put("long", "v");
      await one.get("brief");
      await one.get("long");
      clock.advance(10 * SECOND);
      absent("past its end", await one.get("brief"));
      const young = await engineCalls(store, () => one.get("long"));
      same("engine calls while the entry lives", young, 0);
      clock.advance(TTL);
      const old = await engineCalls(store, () => one.get("long"));
      holds("engine calls when it does not", old > 0, old, "one at least");
    },
  },
  {
    id: "cached/chunks",
    rules: ["CACHE-1"],
    title:
      "Chunks of a value that was read before come out of the cache, and are the value's of now.",
    needs: [CACHE, ENGINE_WATCH],
    namespaces: { main: { ...SMALL_CHUNKS, cache: PATIENCE } },
    run: async (store) => {
      const one = store.record("r");
      await one.put("k", patterned(100, 1));
      valueIs("the value", await one.get("k"), patterned(100, 1));
      const calls = await engineCalls(store, async () =>
        valueIs("the value, again", await one.get("k"), patterned(100, 1)),
      );
      same("engine calls for it", calls, 0);
      await one.put("k", patterned(100, 2));
      valueIs("the value in its place", await one.get("k"), patterned(100, 2));
    },
  },
  {
    id: "cached/apart",
    rules: ["CACHE-6", "DATA-6"],
    title:
      "Namespaces, records and keys whose names run into each other share nothing in the cache.",
    needs: [CACHE],
    namespaces: { main: cached, other: cached },
    run: async ({ record }) => {
      const places = [
        ["main", "r", "k"],
        ["other", "r", "k"],
        ["main", "rk", ""],
        ["main", "r\u0000", "k"],
        ["main", "r", "kk"],
      ] as const;
      for (const [namespace, id, key] of places) {
        await record(id, { namespace }).put(key, `${namespace} ${id} ${key}`);
      }
      for (const turn of [1, 2]) {
        for (const [namespace, id, key] of places) {
          const found = await record(id, { namespace }).get(key);
          valueIs(`read ${turn}`, found, `${namespace} ${id} ${key}`);
        }
      }
    },
  },
];
