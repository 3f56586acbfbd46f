/** What reads cost behind a cache: questions, fills, and reads of the primary that are left. */
import { type ItemInput, matchAll, matchKeys, MILLISECOND, type Predicate, utf8 } from "kvdal";
import type { KvClient } from "kvdal/client";
import { SLOT_KIND } from "kvdal/service";
import { difference } from "../exact/exact-call.ts";
import type { ExactCost } from "./exact-cost.ts";
import { STAGE_NAMESPACE } from "./stage.ts";

const RECORD = { namespace: STAGE_NAMESPACE, id: "record" };
const CACHED = { options: { cache: {} } };
const [A, B, C] = ["a", "b", "c"].map((text) => utf8(text)) as [Uint8Array, Uint8Array, Uint8Array];

const put = (client: KvClient, ...keys: readonly Uint8Array[]) =>
  client.putItems({
    ...RECORD,
    items: keys.map((key): ItemInput => ({ key, value: utf8("value") })),
  });

const reading = (client: KvClient, predicate: Predicate) => () =>
  client.getItems({ ...RECORD, predicate });

const ITEM: ExactCost = {
  rule: "CACHE-1",
  says: "an item that is read twice: reads of the primary, hits, misses and fills",
  ask: async (stage) => {
    const { engine, telemetry } = stage;
    const { client } = await stage.serve(CACHED);
    await put(client, A);
    const read = reading(client, matchKeys(A));
    const reads = [await engine.readsOf(read), await engine.readsOf(read)];
    const told = [
      telemetry.counter("cache_hits"),
      telemetry.counter("cache_misses"),
      telemetry.counter("cache_fills"),
      telemetry.counter("cache_stale"),
    ];
    return difference(
      [reads, told],
      [
        [1, 0],
        [1, 1, 1, 0],
      ],
    );
  },
};

const WHOLE_RECORD: ExactCost = {
  rule: "CACHE-1",
  says: "a record that is read twice by a cache that was empty: reads and questions",
  ask: async (stage) => {
    const { engine, cache } = stage;
    const { client } = await stage.serve(CACHED);
    await put(client, A, B);
    cache.clear();
    const read = reading(client, matchAll);
    const first = await engine.readsOf(read);
    let gets = 0;
    const second = await engine.readsOf(async () => {
      gets = await cache.countOf("gets", read);
    });
    // The stamp, and the entry.
    return difference([first, second, gets], [1, 0, 2]);
  },
};

const WRITTEN: ExactCost = {
  rule: "CACHE-4",
  says: "reads of an item that was written and of one beside it",
  ask: async (stage) => {
    const { engine } = stage;
    const { client } = await stage.serve(CACHED);
    await put(client, A, B);
    const [one, other] = [reading(client, matchKeys(A)), reading(client, matchKeys(B))];
    await one();
    await other();
    await put(client, A);
    return difference([await engine.readsOf(other), await engine.readsOf(one)], [0, 1]);
  },
};

const STAMPS: ExactCost = {
  rule: "CACHE-2",
  says: "stamps that are begun: none of three there, one of three missing, and one of three unknown",
  ask: async (stage) => {
    const { cache } = stage;
    const { client } = await stage.serve(CACHED);
    await put(client, A, B, C);
    cache.clear();
    const adds = [
      await cache.countOf("adds", reading(client, matchKeys(A))),
      await cache.countOf("adds", reading(client, matchKeys(B))),
    ];
    cache.clear();
    cache.fails = ([kind]) => kind === SLOT_KIND.deletions;
    // That of the record alone: beside one that is not known none is of use.
    adds.push(await cache.countOf("adds", reading(client, matchKeys(C))));
    return difference(adds, [3, 1, 1]);
  },
};

const CHUNKS: ExactCost = {
  rule: "CACHE-1",
  says: "a value in chunks that is read twice: reads of the primary",
  ask: async (stage) => {
    const { engine } = stage;
    const chunking = { aboveBytes: 20, chunkBytes: 10, requestBytesMax: 20 };
    const { client } = await stage.serve({ options: { ...CACHED.options, chunking } });
    await client.putItems({ ...RECORD, items: [{ key: A, value: new Uint8Array(35) }] });
    const read = reading(client, matchKeys(A));
    return difference([await engine.readsOf(read), await engine.readsOf(read)], [3, 0]);
  },
};

const OPEN_FOR = 50 * MILLISECOND;

const BREAKER: ExactCost = {
  rule: "CACHE-3",
  says: "a cache that is away: times that it is given up, reads that go past it, and who tries again",
  ask: async (stage) => {
    const { cache, telemetry } = stage;
    const breaker = { failuresMax: 2, openFor: OPEN_FOR };
    const { client } = await stage.serve({ options: { cache: { breaker } } });
    await put(client, A);
    cache.fails = () => true;
    cache.failMicros = MILLISECOND;
    const read = reading(client, matchAll);
    const gets = [await cache.countOf("gets", read), await cache.countOf("gets", read)];
    await stage.pass(OPEN_FOR);
    gets.push(await cache.countOf("gets", () => Promise.all([read(), read(), read()])));
    await stage.pass(OPEN_FOR);
    cache.fails = () => false;
    gets.push(await cache.countOf("gets", read), await cache.countOf("gets", read));
    const told = [telemetry.counter("cache_breaker_opened"), telemetry.counter("cache_bypassed")];
    // Two questions a read of a record: of those that come together when the time is over one asks.
    return difference(
      [gets, told],
      [
        [2, 0, 2, 2, 2],
        [1, 3],
      ],
    );
  },
};

/** What reads behind a cache cost. */
export const CACHED_READS: readonly ExactCost[] = [
  ITEM,
  WHOLE_RECORD,
  WRITTEN,
  STAMPS,
  CHUNKS,
  BREAKER,
];
