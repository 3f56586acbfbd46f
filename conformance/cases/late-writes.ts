/** A deletion hides every write at or below its token, whenever it arrives, and nothing newer (DEL-4, DEL-5, DEL-6). */
import { DAY, HOUR, MINUTE, SECOND } from "kvdal";
import { itemsAre } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { RETENTION_LEAST } from "../kit/modes.ts";
import type { RecordHandle } from "../kit/record.ts";

type Remove = (record: RecordHandle, at: number) => Promise<unknown>;

/** The three ways to delete key `k`. */
const REMOVALS: Readonly<Record<string, Remove>> = {
  item: (record, at) => record.deleteKeys(["k"], { at }),
  range: (record, at) => record.deleteRange("k", "l", { at }),
  record: (record, at) => record.deleteAll({ at }),
};

const ORDERS: readonly (readonly [number, number, number])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** put at 0, delete at 1, put at 2: the steps by number, one microsecond apart. */
async function step(record: RecordHandle, remove: Remove, number: number): Promise<void> {
  if (number === 0) await record.put("k", "first", { at: 0 });
  else if (number === 1) await remove(record, 1);
  else await record.put("k", "second", { at: 2 });
}

/** A case for each way to delete. */
function forEachRemoval(
  make: (name: string, remove: Remove) => ConformanceCase,
): readonly ConformanceCase[] {
  return Object.entries(REMOVALS).map(([name, remove]) => make(name, remove));
}

const rule = { item: "DEL-3", range: "DEL-2", record: "DEL-1" } as const;
const ruleOf = (name: string): string => rule[name as keyof typeof rule];

/** Cases of this topic. */
export const lateWriteCases: readonly ConformanceCase[] = [
  ...forEachRemoval((name, remove) => ({
    id: `late-writes/older-put-after-${name}-delete`,
    rules: ["DEL-4", ruleOf(name)],
    title: `A put older than the deletion of its ${name} stays hidden, also where there never was one.`,
    needs: [],
    run: async ({ record, second }) => {
      await record("had one").put("k", "old", { at: 0 });
      for (const id of ["had one", "had none"]) {
        await remove(record(id), 5);
        await record(id).put("k", "late", { at: 4 });
        await record(id, { client: second }).put("k", "latest", { at: 5 });
        itemsAre(`the record that ${id}`, await record(id).read(), []);
        await record(id).put("k", "newer", { at: 6 });
        itemsAre(`the record that ${id}, after a newer put`, await record(id).read(), [
          ["k", "newer"],
        ]);
      }
    },
  })),
  ...forEachRemoval((name, remove) => ({
    id: `late-writes/older-${name}-delete-after-put`,
    rules: ["DEL-4", ruleOf(name)],
    title: `A deletion of the ${name} that arrives after a newer put hides older writes and not that one.`,
    needs: [],
    run: async ({ record }) => {
      await record("r").put("k", "newer", { at: 5 });
      await remove(record("r"), 4);
      itemsAre("the record", await record("r").read(), [["k", "newer"]]);
      await record("r").put("k", "older", { at: 3 });
      itemsAre("after an older put", await record("r").read(), [["k", "newer"]]);
    },
  })),
  ...forEachRemoval((name, remove) => ({
    id: `late-writes/put-${name}-delete-put`,
    rules: ["DEL-6", "DEL-4", ruleOf(name)],
    title: `Put, deletion of the ${name} and put, a microsecond apart, leave the second put in every order of arrival.`,
    needs: [],
    run: async ({ record }) => {
      for (const order of ORDERS) {
        const id = order.join("-");
        for (const number of order) await step(record(id), remove, number);
        itemsAre(`arrivals ${id}`, await record(id).read(), [["k", "second"]]);
      }
    },
  })),
  ...forEachRemoval((name, remove) => ({
    id: `late-writes/after-${name}-marker-is-due`,
    rules: ["DEL-6", "DEL-5", ruleOf(name)],
    title: `The second put also lives when what the deletion of the ${name} left has been cleaned up.`,
    needs: [],
    run: async ({ record, clock, sweep }) => {
      for (const order of ORDERS) {
        for (const number of order) await step(record(order.join("-")), remove, number);
      }
      for (let days = 0; days < 3; days += 1) {
        clock.advance(DAY + HOUR);
        await sweep();
        for (const order of ORDERS) {
          const id = order.join("-");
          itemsAre(`arrivals ${id}, day ${days + 1}`, await record(id).read(), [["k", "second"]]);
        }
      }
    },
  })),
  ...forEachRemoval((name, remove) => ({
    id: `late-writes/after-sweep-${name}`,
    rules: ["DEL-5", "DEL-4", ruleOf(name)],
    title: `A put older than the deletion of its ${name} stays hidden after a sweep within the acceptance window.`,
    needs: [],
    namespaces: { main: RETENTION_LEAST },
    run: async ({ record, clock, sweep }) => {
      await record("r").put("k", "old", { at: 0 });
      await remove(record("r"), 5);
      clock.advance(59 * MINUTE);
      await sweep();
      await record("r").put("k", "late", { at: 4 });
      itemsAre("the record", await record("r").read(), []);
    },
  })),
  {
    id: "late-writes/range-bounds",
    rules: ["DEL-2", "DEL-4"],
    title:
      "Older puts at the start of a deleted range are hidden; at its end and around it they are not.",
    needs: [],
    run: async ({ record }) => {
      await record("r").deleteRange("b", "d", { at: 5 });
      for (const key of ["a\u{10ffff}", "b", "b\0", "c\u{10ffff}", "d", "d\0"]) {
        await record("r").put(key, key, { at: 4 });
      }
      itemsAre("the record", await record("r").read(), [
        ["a\u{10ffff}", "a\u{10ffff}"],
        ["d", "d"],
        ["d\0", "d\0"],
      ]);
    },
  },
  {
    id: "late-writes/older-delete-after-newer-delete",
    rules: ["DEL-4", "TOK-5"],
    title: "A deletion that arrives after a newer one takes nothing back of it.",
    needs: [],
    run: async ({ record }) => {
      for (const [name, remove] of Object.entries(REMOVALS)) {
        await remove(record(name), 10);
        await remove(record(name), 3);
        await record(name).put("k", "between", { at: 7 });
        itemsAre(`${name}: a put between the two`, await record(name).read(), []);
      }
    },
  },
  {
    id: "late-writes/expiring-put-after-delete",
    rules: ["DEL-4", "TTL-1"],
    title: "An older put with an expiry stays hidden after each kind of deletion.",
    needs: [],
    run: async ({ record }) => {
      for (const [name, remove] of Object.entries(REMOVALS)) {
        await remove(record(name), 5);
        await record(name).put("k", "late", { at: 4, ttl: 600 * SECOND });
        itemsAre(`${name}: the record`, await record(name).read(), []);
      }
    },
  },
  {
    id: "late-writes/concurrent",
    rules: ["DEL-4", "TOK-5"],
    title: "Puts and deletions of one record at once end as their tokens order them.",
    needs: [],
    run: async ({ record, second }) => {
      for (const [name, remove] of Object.entries(REMOVALS)) {
        const work: Promise<unknown>[] = [];
        for (let at = 0; at < 24; at += 1) {
          const through = record(name, at % 2 === 0 ? {} : { client: second });
          work.push(at % 3 === 2 ? remove(through, at) : through.put("k", `at ${at}`, { at }));
        }
        await Promise.all(work);
        itemsAre(`${name}: the last of all is a deletion`, await record(name).read(), []);
        await record(name).put("k", "at 22, late", { at: 22 });
        itemsAre(`${name}: after a late put`, await record(name).read(), []);
      }
    },
  },
];
