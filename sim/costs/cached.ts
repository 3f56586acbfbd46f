/** What reads cost behind a cache: questions, fills, and reads of the primary that are left. */
import {
  type ItemInput,
  KvError,
  matchAll,
  matchKeys,
  MILLISECOND,
  type Predicate,
  utf8,
} from "kvdal";
import type { KvClient } from "kvdal/client";
import type { EngineCall } from "kvdal/engine";
import { SLOT_KIND } from "kvdal/service";
import { differences, tableDifference } from "../exact/difference.ts";
import type { ExactCost } from "./exact-cost.ts";
import { errorOf, READ_ALL, STAGE_NAMESPACE } from "./stage.ts";

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
  says: "an item that is read twice",
  ask: async (stage) => {
    const { engine, telemetry } = stage;
    const { client } = await stage.serve(CACHED);
    await put(client, A);
    const read = reading(client, matchKeys(A));
    return differences([
      ["reads of the primary by the first read", await engine.readsOf(read), 1],
      ["reads of the primary by the second read", await engine.readsOf(read), 0],
      ["hits", telemetry.counter("cache_hits"), 1],
      ["misses", telemetry.counter("cache_misses"), 1],
      ["fills", telemetry.counter("cache_fills"), 1],
      ["stale entries", telemetry.counter("cache_stale"), 0],
    ]);
  },
};

const WHOLE_RECORD: ExactCost = {
  rule: "CACHE-1",
  says: "a record that is read twice by a cache that was empty",
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
    return differences([
      ["reads of the primary by the first read", first, 1],
      ["reads of the primary by the second read", second, 0],
      // The stamp, and the entry.
      ["questions to the cache by the second read", gets, 2],
    ]);
  },
};

const WRITTEN: ExactCost = {
  rule: "CACHE-4",
  says: "reads after one of two cached items was written",
  ask: async (stage) => {
    const { engine } = stage;
    const { client } = await stage.serve(CACHED);
    await put(client, A, B);
    const [one, other] = [reading(client, matchKeys(A)), reading(client, matchKeys(B))];
    await one();
    await other();
    await put(client, A);
    return differences([
      ["reads of the primary for the item beside it", await engine.readsOf(other), 0],
      ["reads of the primary for the item that was written", await engine.readsOf(one), 1],
    ]);
  },
};

const STAMPS: ExactCost = {
  rule: "CACHE-2",
  says: "stamps that a read begins in the cache",
  ask: async (stage) => {
    const { cache } = stage;
    const { client } = await stage.serve(CACHED);
    await put(client, A, B, C);
    cache.clear();
    const none = await cache.countOf("adds", reading(client, matchKeys(A)));
    const missing = await cache.countOf("adds", reading(client, matchKeys(B)));
    cache.clear();
    cache.fails = ([kind]) => kind === SLOT_KIND.deletions;
    const unknown = await cache.countOf("adds", reading(client, matchKeys(C)));
    return differences([
      ["with none of three there", none, 3],
      ["with one of three missing", missing, 1],
      // That of the record alone: beside one that is not known none is of use.
      ["with one of three unknown", unknown, 1],
    ]);
  },
};

const CHUNKS: ExactCost = {
  rule: "CACHE-1",
  says: "a value in chunks that is read twice",
  ask: async (stage) => {
    const { engine } = stage;
    const chunking = { aboveBytes: 20, chunkBytes: 10, requestBytesMax: 20 };
    const { client } = await stage.serve({ options: { ...CACHED.options, chunking } });
    await client.putItems({ ...RECORD, items: [{ key: A, value: new Uint8Array(35) }] });
    const read = reading(client, matchKeys(A));
    return differences([
      ["reads of the primary by the first read", await engine.readsOf(read), 3],
      ["reads of the primary by the second read", await engine.readsOf(read), 0],
    ]);
  },
};

const OPEN_FOR = 50 * MILLISECOND;

const CHUNKS_WITHOUT: ExactCost = {
  rule: "CACHE-3",
  says: "a value in chunks, when the cache is given up",
  ask: async (stage) => {
    const { cache, telemetry } = stage;
    const chunking = { aboveBytes: 20, chunkBytes: 10, requestBytesMax: 100 };
    const breaker = { failuresMax: 1, openFor: OPEN_FOR };
    const { client } = await stage.serve({ options: { cache: { breaker }, chunking } });
    const value = new Uint8Array(35);
    await client.putItems({ ...RECORD, items: [{ key: A, value }] });
    cache.fails = () => true;
    const read = reading(client, matchKeys(A));
    const found = [await read(), await read()].map(({ items }) => items.map((item) => item.value));
    return differences([
      ["by the read that gives it up", found[0], [value]],
      ["by the one after it", found[1], [value]],
      ["times that it was given up", telemetry.counter("cache_breaker_opened"), 1],
    ]);
  },
};

const NOT_KEPT: ExactCost = {
  rule: "CACHE-3",
  says: "what reads bring, of a cache that does not keep it",
  ask: async (stage) => {
    const { cache, telemetry } = stage;
    const { client } = await stage.serve(CACHED);
    await put(client, A);
    cache.keeps = false;
    await reading(client, matchKeys(A))();
    return differences([
      ["fills", telemetry.counter("cache_fills"), 0],
      ["fills refused", telemetry.counter("cache_fills_refused"), 1],
    ]);
  },
};

/** What each read of the primary takes. */
const READ_MICROS = 10 * MILLISECOND;

const SHARED: ExactCost = {
  rule: "SLO-3",
  says: "reads that share one of the primary, one of which is given up, is out of time, or is left when that one fails",
  ask: async (stage) => {
    const { engine, telemetry } = stage;
    const { client, service } = await stage.serve(CACHED);
    await put(client, A);
    engine.readMicros = READ_MICROS;
    const found: (readonly unknown[])[] = [];
    const share = async (change: Partial<EngineCall>): Promise<void> => {
      const at = { id: `record ${found.length}` };
      const read = (more: Partial<EngineCall>) =>
        errorOf(service.handle({ ...READ_ALL, ...at }, { ...stage.call(), ...more }));
      let took = 0;
      const errors: (string | undefined)[] = [];
      const reads = await engine.readsOf(async () => {
        const first = read({});
        took = await stage.timed(async () => errors.push((await read(change))?.code));
        await first;
      });
      found.push([errors[0], took / MILLISECOND, reads]);
    };
    await share({});
    const caller = new AbortController();
    stage.env.timers.after(MILLISECOND, () => caller.abort());
    await share({ signal: caller.signal });
    // With less time than reads took before it would ask for fewer rows, and so not for the same.
    engine.readMicros = 4 * READ_MICROS;
    await share({ deadline: stage.env.clock.monotonic() + 3 * READ_MICROS });
    engine.readMicros = READ_MICROS;
    const next = engine.reads.length;
    const away = new KvError("UNAVAILABLE", "the engine is away");
    engine.failRead = (number) => (number === next ? away : undefined);
    await share({});
    const rows = ["both wait", "one is given up", "one is out of time", "the shared one fails"];
    const columns = ["error", "milliseconds", "reads of the primary"];
    const flaw = tableDifference({ rows, columns }, found, [
      [undefined, 10, 1],
      ["CANCELLED", 1, 1],
      ["DEADLINE_EXCEEDED", 30, 1],
      [undefined, 20, 2],
    ]);
    return flaw ?? differences([["reads shared", telemetry.counter("cache_reads_shared"), 1]]);
  },
};

const BREAKER: ExactCost = {
  rule: "CACHE-3",
  says: "a cache that is away",
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
    // Two questions a read of a record: of those that come together when the time is over one asks.
    return differences([
      ["questions to it by the first read", gets[0], 2],
      ["by the second, which goes past it", gets[1], 0],
      ["by three at once when it may be tried again", gets[2], 2],
      ["by the first read when it is back", gets[3], 2],
      ["by the second read when it is back", gets[4], 2],
      ["times that it was given up", telemetry.counter("cache_breaker_opened"), 1],
      ["reads that went past it", telemetry.counter("cache_bypassed"), 3],
    ]);
  },
};

/** What reads behind a cache cost. */
export const CACHED_READS: readonly ExactCost[] = [
  ITEM,
  WHOLE_RECORD,
  WRITTEN,
  STAMPS,
  CHUNKS,
  SHARED,
  CHUNKS_WITHOUT,
  NOT_KEPT,
  BREAKER,
];
