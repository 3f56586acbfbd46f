/** Chunks of values that are gone stay for readers under way, then go; others stay (CHUNK-3, CHUNK-4). */
import { DAY, MINUTE } from "kvdal";
import { patterned, toBytes } from "../kit/bytes.ts";
import { refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import {
  chunksAre,
  collect,
  GRACE,
  joined,
  SETTLED,
  SHORT_WINDOW,
  stageRequest,
} from "../kit/large-value.ts";
import type { RecordHandle } from "../kit/record.ts";

const namespaces = { main: SHORT_WINDOW };
const OLD = patterned(200, 1);
const NEW = patterned(150, 2);
const OLD_CHUNKS = 13;
const NEW_CHUNKS = 10;

/** The ways in which a large value ends, and how many chunks are then alive. */
const ENDS: Readonly<Record<string, readonly [(one: RecordHandle) => Promise<unknown>, number]>> = {
  "by a large value": [(one) => one.put("k", NEW, { at: 5 }), NEW_CHUNKS],
  "by a small value": [(one) => one.put("k", "small", { at: 5 }), 0],
  "by a deletion of its key": [(one) => one.deleteKeys(["k"], { at: 5 }), 0],
  "by a deletion of its range": [(one) => one.deleteRange("a", "z", { at: 5 }), 0],
  "by a deletion of its record": [(one) => one.deleteAll({ at: 5 }), 0],
};

/** Cases of this topic. */
export const chunkCollectionCases: readonly ConformanceCase[] = [
  {
    id: "chunk-collection/reader-under-way",
    rules: ["CHUNK-4"],
    title:
      "Whoever holds a large value goes on reading it after it was replaced or deleted, until the grace is over.",
    needs: [],
    namespaces,
    run: async ({ record, client, plain, namespace, clock, sweep }) => {
      for (const [end, [write]] of Object.entries(ENDS)) {
        await record(end).put("k", OLD, { at: 0 });
        const address = { namespace: namespace(), id: end, key: toBytes("k") };
        const readers = [await client.readValue(address), await client.readValue(address)];
        await write(record(end, { client: plain }));
        const [early] = readers;
        same(`ended ${end}: a reader from before`, early && (await joined(early.value)), OLD);
        readers.shift();
        const [late] = readers;
        clock.advance(SETTLED + MINUTE);
        await sweep();
        clock.advance(GRACE - 1);
        await sweep();
        same(`ended ${end}: at the end of the grace`, late && (await joined(late.value)), OLD);
        clock.advance(-SETTLED - MINUTE - GRACE + 1);
      }
    },
  },
  {
    id: "chunk-collection/after-the-end",
    rules: ["CHUNK-4"],
    title: "Chunks of a large value that was replaced or deleted are removed after the grace.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, chunkRows } = store;
      let alive = 0;
      for (const [end, [write, left]] of Object.entries(ENDS)) {
        await record(end).put("k", OLD, { at: 0 });
        await write(record(end));
        alive += left;
      }
      chunksAre("before", await chunkRows().list(), 5 * OLD_CHUNKS + alive);
      await collect(store);
      chunksAre("after a collection", await chunkRows().list(), alive);
      same("rows of any kind", (await chunkRows().list()).length, alive);
      valueIs("the value that lives", await record("by a large value").get("k"), NEW);
    },
  },
  {
    id: "chunk-collection/after-expiry",
    rules: ["CHUNK-4", "TTL-1"],
    title: "Chunks of an expired value are removed, those of one that expires later are not.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, chunkRows } = store;
      await record("r").put("short", OLD, { at: 0, ttl: MINUTE });
      await record("r").put("long", NEW, { at: 0, ttl: DAY });
      await collect(store);
      chunksAre("after a collection", await chunkRows().list(), NEW_CHUNKS);
      valueIs("the value that lives", await record("r").get("long"), NEW);
      store.clock.advance(DAY);
      await collect(store);
      same("rows in the end", (await chunkRows().list()).length, 0);
    },
  },
  {
    id: "chunk-collection/abandoned",
    rules: ["CHUNK-3", "CHUNK-4"],
    title: "Chunks whose put never came are removed, and not before it has become impossible.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, send, namespace, token, clock, sweep, chunkRows } = store;
      for (const id of ["repeated", "given up"]) {
        await record(id).put("k", OLD, { at: 0 });
        await send(
          stageRequest({ namespace: namespace(), id, key: "k", token: token(5) }, NEW, 0, 9),
        );
      }
      clock.advance(5 * MINUTE);
      await sweep();
      clock.advance(5 * MINUTE);
      await sweep();
      chunksAre("at the end of the window", await chunkRows().list(), 2 * (OLD_CHUNKS + 9));
      await record("repeated").put("k", NEW, { at: 5 });
      valueIs("the value whose put came last", await record("repeated").get("k"), NEW);
      clock.advance(MINUTE);
      await refused(
        "a put after the window",
        record("given up").put("k", NEW, { at: 5 }),
        "TOKEN_FROM_PAST",
      );
      await collect(store);
      chunksAre("after a collection", await chunkRows().list(), OLD_CHUNKS + NEW_CHUNKS);
      valueIs("the value that was given up", await record("given up").get("k"), OLD);
      valueIs("the other", await record("repeated").get("k"), NEW);
    },
  },
  {
    id: "chunk-collection/superseded",
    rules: ["CHUNK-4", "TOK-5"],
    title: "Chunks of a value that arrived too late to be in effect are removed.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, chunkRows } = store;
      await record("r").put("k", NEW, { at: 5 });
      await record("r").put("k", OLD, { at: 4 });
      await record("deleted").deleteAll({ at: 5 });
      await record("deleted").put("k", OLD, { at: 4 });
      await collect(store);
      chunksAre("after a collection", await chunkRows().list(), NEW_CHUNKS);
      valueIs("the value", await record("r").get("k"), NEW);
    },
  },
  {
    id: "chunk-collection/living",
    rules: ["CHUNK-4"],
    title: "Chunks of values that live stay, through many rounds and days.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, chunkRows, clock, sweep } = store;
      await record("a").put("k", OLD, { at: 0 });
      await record("b").putItems(
        ["x", "y"].map((key) => ({ key: toBytes(key), value: NEW })),
        { at: 0 },
      );
      await record("b").deleteKeys(["x"], { at: 1 });
      await record("b").put("x", OLD, { at: 2 });
      for (let round = 0; round < 6; round += 1) {
        await collect(store);
        clock.advance(DAY / 2);
        await sweep();
      }
      chunksAre("after three days", await chunkRows().list(), 2 * OLD_CHUNKS + NEW_CHUNKS);
      valueIs("the value of a", await record("a").get("k"), OLD);
      valueIs("the first of b", await record("b").get("x"), OLD);
      valueIs("the second of b", await record("b").get("y"), NEW);
    },
  },
];
