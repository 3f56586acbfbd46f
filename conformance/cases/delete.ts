/** Deletions of items, ranges and records (DEL-1, DEL-2, DEL-3, DEL-5). */
import { HOUR, type Micros, MINUTE } from "kvdal";
import type { Mutation } from "kvdal/engine";
import { numbered, toBytes } from "../kit/bytes.ts";
import { holds, itemsAre, keysAre, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { ENGINE_WATCH } from "../kit/need.ts";
import type { RecordHandle } from "../kit/record.ts";

async function fill(record: RecordHandle, keys: readonly string[], at = 0): Promise<void> {
  await record.putItems(
    keys.map((key) => ({ key: toBytes(key), value: toBytes(key) })),
    { at },
  );
}

/** Cases of this topic. */
export const deleteCases: readonly ConformanceCase[] = [
  {
    id: "delete/items",
    rules: ["DEL-3"],
    title: "Deleting keys takes exactly those, at once; a prefix of a key is another key.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"), ["", "a", "a\0", "aa", "b"]);
      await record("r").deleteKeys(["a", "b"], { at: 1 });
      keysAre("the record", await record("r").read(), ["", "a\0", "aa"]);
      await record("r").deleteKeys([""], { at: 1 });
      keysAre("after the empty key", await record("r").read(), ["a\0", "aa"]);
    },
  },
  {
    id: "delete/absent",
    rules: ["DEL-1", "DEL-2", "DEL-3"],
    title: "Deleting what is not there is success: items, ranges, records.",
    needs: [],
    run: async ({ record }) => {
      await record("r").deleteKeys(["a"], { at: 0 });
      await record("r").deleteRange("a", "b", { at: 0 });
      await record("r").deleteAll({ at: 0 });
      keysAre("the record", await record("r").read(), []);
      await fill(record("r"), ["a"], 1);
      keysAre("the record after a newer put", await record("r").read(), ["a"]);
    },
  },
  {
    id: "delete/many-items",
    rules: ["DEL-3"],
    title: "A hundred keys deleted under one token are all gone; their neighbours are not.",
    needs: [],
    run: async ({ record }) => {
      const keys = Array.from({ length: 200 }, (_, i) => numbered("k", i));
      await fill(record("r"), keys);
      await record("r").deleteKeys(
        keys.filter((_, i) => i % 2 === 1),
        { at: 1 },
      );
      keysAre(
        "the record",
        await record("r").read(),
        keys.filter((_, i) => i % 2 === 0),
      );
    },
  },
  {
    id: "delete/range-bounds",
    rules: ["DEL-2", "GET-1"],
    title: "Deleting a range takes its start and leaves its end.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"), ["a", "b", "b\0", "c", "c\0", "d"]);
      await record("r").deleteRange("b", "c", { at: 1 });
      keysAre("the record", await record("r").read(), ["a", "c", "c\0", "d"]);
    },
  },
  {
    id: "delete/range-open-ends",
    rules: ["DEL-2", "GET-1"],
    title: "Deleting a range with an open end reaches the first or last key, and no other record.",
    needs: [],
    run: async ({ record }) => {
      const high = "\u{10ffff}";
      for (const id of ["a", "b", "c"]) await fill(record(id), ["", "k", high]);
      await record("a").deleteRange(undefined, "k", { at: 1 });
      keysAre("after [, k)", await record("a").read(), ["k", high]);
      await record("b").deleteRange("k", undefined, { at: 1 });
      keysAre("after [k, )", await record("b").read(), [""]);
      await record("b").deleteRange(undefined, undefined, { at: 1 });
      keysAre("after [, )", await record("b").read(), []);
      keysAre("the record beside them", await record("c").read(), ["", "k", high]);
    },
  },
  {
    id: "delete/ranges-overlapping",
    rules: ["DEL-2", "DEL-4"],
    title:
      "Overlapping ranges deleted at different instants each hide what is older than they are.",
    needs: [],
    run: async ({ record }) => {
      const keys = ["a", "b", "c", "d", "e"];
      await record("r").deleteRange("a", "d", { at: 10 });
      await record("r").deleteRange("c", "f", { at: 20 });
      await fill(record("r"), keys, 15);
      keysAre("puts between the two", await record("r").read(), ["a", "b"]);
      await fill(record("r"), keys, 20);
      keysAre("puts at the second", await record("r").read(), ["a", "b"]);
      await fill(record("r"), keys, 21);
      keysAre("puts after both", await record("r").read(), keys);
    },
  },
  {
    id: "delete/many-ranges",
    rules: ["DEL-2", "DEL-4"],
    title: "Fifty ranges deleted in one record hide all their items and none between them.",
    needs: [],
    run: async ({ record }) => {
      const keys = Array.from({ length: 150 }, (_, i) => numbered("k", i));
      await fill(record("r"), keys);
      await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          record("r").deleteRange(keys[3 * n], keys[3 * n + 2], { at: 1 }),
        ),
      );
      const survivors = keys.filter((_, i) => i % 3 === 2);
      keysAre("the record", await record("r").read(), survivors);
      await fill(record("r"), keys);
      keysAre("after the puts were repeated", await record("r").read(), survivors);
    },
  },
  {
    id: "delete/record",
    rules: ["DEL-1"],
    title: "Deleting a record takes all its items, and the record can be filled anew.",
    needs: [],
    run: async ({ record }) => {
      const keys = Array.from({ length: 120 }, (_, i) => numbered("k", i));
      await fill(record("r"), keys);
      await fill(record("s"), ["a"]);
      await record("r").deleteAll({ at: 1 });
      keysAre("the record", await record("r").read(), []);
      keysAre("another record", await record("s").read(), ["a"]);
      await record("r").put("new", "v", { at: 2 });
      itemsAre("the record after a newer put", await record("r").read(), [["new", "v"]]);
    },
  },
  {
    id: "delete/markers-spread",
    rules: ["DEL-3", "DEL-5"],
    title:
      "Markers of deleted items go one by one after the retention, at times that a repeat does not change.",
    needs: [ENGINE_WATCH],
    namespaces: { main: { retentionMicros: 2 * HOUR, deleteJitterMicros: 10 * MINUTE } },
    run: async ({ engine, record, second, token }) => {
      const keys = Array.from({ length: 50 }, (_, i) => numbered("k", i));
      await record("r").deleteKeys(keys, { at: 0 });
      await record("r", { client: second }).deleteKeys(keys, { at: 0 });
      const [first, repeated] = engine.calls.map(({ mutations }) => mutations.map(removalOf));
      same("removal times of a repeat", repeated, first);
      const least = token(0).generationTime + 2 * HOUR;
      const times = first ?? [];
      const isWithin = times.every((time) => time >= least && time <= least + 10 * MINUTE);
      holds("removal times", isWithin, times, `${least} to ten minutes later`);
      const [early, late] = [Math.min(...times), Math.max(...times)];
      holds(
        "their spread",
        late - early > 5 * MINUTE,
        late - early,
        "more than half of the jitter",
      );
      same("different times", new Set(times).size, keys.length);
    },
  },
];

function removalOf(mutation: Mutation): Micros {
  return mutation.kind === "delete_key" ? mutation.removeAt : 0;
}
