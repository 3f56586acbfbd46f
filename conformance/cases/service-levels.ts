/** Time: no work for a call that is over, and deadlines and giving up reach the engine (SLO-1, SLO-2, SLO-3). */
import { type Micros, MILLISECOND, MINUTE, SECOND } from "kvdal";
import { numbered, patterned, toBytes } from "../kit/bytes.ts";
import { absent, holds, keysAre, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { INLINE } from "../kit/modes.ts";
import { ENGINE_WATCH } from "../kit/need.ts";
import type { ConformanceStore } from "../kit/store.ts";

/** Longest latency of a namespace whose pages are to come early. */
const LONGEST: Micros = 3_000 * MILLISECOND;

/** The first few are large, so that nobody can guess how many of the others fit into a page. */
const LENGTHS = Array.from({ length: 410 }, (_, i) => (i < 10 ? 4096 : 1));
const KEYS = LENGTHS.map((_, i) => numbered("k", i));

/** A record of which no page takes a single read of the engine. */
async function fill({ capabilities, record }: ConformanceStore): Promise<void> {
  const items = KEYS.map((key, i) => ({ key: toBytes(key), value: patterned(LENGTHS[i] ?? 0) }));
  const most = Math.min(1000, capabilities.mutationsPerWriteMax);
  for (let at = 0; at < items.length; at += most) {
    await record("r").putItems(items.slice(at, at + most));
  }
}

/** Resolves once a call has reached the engine's watch; fails when none does within a second. */
async function untilCalled({ engine, wait }: ConformanceStore, before: number): Promise<void> {
  for (let tries = 0; engine.calls.length === before; tries += 1) {
    holds("calls of the engine", tries < 200, engine.calls.length - before, "one");
    await wait(5 * MILLISECOND);
  }
}

/** Resolves once no call is out at the engine; one that ends its work late is waited for, as long as a case is. */
async function untilIdle({ engine, wait }: ConformanceStore): Promise<void> {
  while (engine.out().length > 0) await wait(5 * MILLISECOND);
}

/** How a call ends whose time is over while its write is out. */
const TOO_LATE = ["DEADLINE_EXCEEDED", "OUTCOME_UNKNOWN"] as const;

/** Cases of this topic. */
export const serviceLevelCases: readonly ConformanceCase[] = [
  {
    id: "service-levels/no-time-no-work",
    rules: ["SLO-1"],
    title:
      "A call that has no time left, or whose caller gave up before, never reaches the engine.",
    needs: [ENGINE_WATCH],
    run: async ({ client, engine, namespace, record }) => {
      await record("r").put("k", "v");
      const before = engine.calls.length;
      const target = { namespace: namespace(), id: "r" };
      const put = { ...target, items: [{ key: toBytes("k"), value: toBytes("w") }] };
      const gone = new AbortController();
      gone.abort();
      for (const options of [{ timeoutMicros: 0 }, { signal: gone.signal }]) {
        const codes = ["DEADLINE_EXCEEDED", "CANCELLED"] as const;
        await refused("a read", client.getItems(target, options), codes);
        await refused("a put", client.putItems(put, options), codes);
        await refused("a deletion", client.deleteItems(target, options), codes);
      }
      same("calls of the engine", engine.calls.length - before, 0);
      valueIs("the item", await record("r").get("k"), "v");
    },
  },
  {
    id: "service-levels/deadline-arrives",
    rules: ["SLO-3"],
    title: "Every call of the engine carries the deadline of the call that it serves.",
    needs: [ENGINE_WATCH],
    namespaces: { main: INLINE },
    run: async ({ client, engine, monotonic, namespace }) => {
      const target = { namespace: namespace(), id: "r" };
      const put = { ...target, items: [{ key: toBytes("k"), value: toBytes("v") }] };
      const options = { timeoutMicros: 9 * SECOND };
      const latest: number[] = [];
      const calls = [
        () => client.putItems(put, options),
        () => client.getItems(target, options),
        () => client.deleteItems(target, options),
      ];
      for (const call of calls) {
        await call();
        latest.push(monotonic() + options.timeoutMicros);
      }
      same("calls of the engine", engine.calls.length, calls.length);
      for (const [i, { call, begunAt, verb }] of engine.calls.entries()) {
        const isIn = call.deadline > begunAt && call.deadline <= (latest[i] ?? 0);
        holds(`deadline of ${verb}`, isIn, call.deadline - begunAt, "at most nine seconds ahead");
      }
    },
  },
  {
    id: "service-levels/giving-up-arrives",
    rules: ["SLO-3", "TOK-8"],
    title:
      "Whoever gives up is answered at once, and what waits at the engine writes nothing more.",
    needs: [ENGINE_WATCH],
    run: async (store) => {
      const { client, engine, namespace, record } = store;
      const caller = new AbortController();
      const release = engine.hold();
      const put = client.putItems(
        {
          namespace: namespace(),
          id: "r",
          items: [{ key: toBytes("k"), value: toBytes("v") }],
        },
        { signal: caller.signal },
      );
      // Before the first await of its own: a rejection must find somebody who listens.
      const answered = refused("the put", put, "CANCELLED", "unknown");
      await untilCalled(store, 0);
      caller.abort();
      await answered;
      same("whether the engine's call is told", engine.calls[0]?.call.signal.aborted, true);
      release();
      await untilIdle(store);
      absent("the item", await record("r").get("k"));
      same("writes that reached the engine", engine.calls.filter(isWrite).length, 1);
    },
  },
  {
    id: "service-levels/late-write",
    rules: ["SLO-1", "SLO-3"],
    title: "A write that comes to the engine when its time is over is not carried out.",
    needs: [ENGINE_WATCH],
    namespaces: { main: INLINE },
    run: async (store) => {
      const { client, engine, namespace, record } = store;
      const target = { namespace: namespace(), id: "r" };
      await record("r").put("there", "v");
      const release = engine.hold();
      const items = [{ key: toBytes("k"), value: toBytes("v") }];
      const options = { timeoutMicros: SECOND / 4 };
      // On a busy machine one may be over before it gets to the engine: then nothing of it was applied, either.
      const late = [
        refused("a put", client.putItems({ ...target, items }, options), TOO_LATE),
        refused("a deletion", client.deleteItems(target, options), TOO_LATE),
      ];
      await Promise.all(late);
      release();
      await untilIdle(store);
      keysAre("the record", await record("r").read(), ["there"]);
    },
  },
  {
    id: "service-levels/time-ends-work",
    rules: ["SLO-1", "SLO-3"],
    title: "A page whose time ran out during one read of the engine starts no other.",
    needs: [ENGINE_WATCH],
    run: async (store) => {
      const { client, engine, namespace, wait } = store;
      await fill(store);
      const before = engine.calls.length;
      const release = engine.hold();
      const page = client.getItems(
        { namespace: namespace(), id: "r" },
        { timeoutMicros: SECOND / 4 },
      );
      await refused("the page", page, "DEADLINE_EXCEEDED");
      same("reads while it was held", engine.calls.length - before, 1);
      release();
      await wait(SECOND / 10);
      same("reads in all", engine.calls.length - before, 1);
    },
  },
  {
    id: "service-levels/page-ends-early",
    rules: ["SLO-1", "SLO-2", "PAGE-2", "PAGE-4"],
    title: "A slow engine makes pages come early, in time and with tokens; no item is lost.",
    needs: [ENGINE_WATCH],
    namespaces: { main: { ...INLINE, slo: { read: { max: LONGEST }, write: { max: MINUTE } } } },
    run: async (store) => {
      const { engine, record } = store;
      await fill(store);
      const before = engine.calls.length;
      engine.slow(LONGEST * 0.3);
      // A page that fails, on a machine that stood still for a moment, is asked for again by the client.
      const pages = await record("r").pages();
      engine.slow(0);
      keysAre(
        "all items",
        pages.flatMap(({ items }) => items),
        KEYS,
      );
      holds("pages", pages.length >= 2, pages.length, "two at least: one takes too long");
      const given = engine.calls.slice(before).map(({ call, begunAt }) => call.deadline - begunAt);
      const longest = Math.max(...given);
      holds("time that a read was given", longest <= LONGEST, longest, `at most ${LONGEST} µs`);
    },
  },
];

function isWrite({ verb }: ConformanceStore["engine"]["calls"][number]): boolean {
  return verb === "write";
}
