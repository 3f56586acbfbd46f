/** The same request under the same token has one effect, however often and wherever it arrives (TOK-4). */
import { toBytes } from "../kit/bytes.ts";
import { absent, itemsAre, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";

/** How often a request is sent at once. */
const AT_ONCE = 16;

/** Cases of this topic. */
export const idempotencyCases: readonly ConformanceCase[] = [
  {
    id: "idempotency/put-repeated",
    rules: ["TOK-4"],
    title:
      "A put repeated one after another, through either client, succeeds and changes nothing more.",
    needs: [],
    run: async ({ record, second, token }) => {
      for (let i = 0; i < 3; i += 1) {
        await record("r").put("k", "v", { at: 0 });
        await record("r", { client: second }).put("k", "v", { at: 0 });
      }
      const items = await record("r").read();
      itemsAre("the record", items, [["k", "v"]]);
      const [item] = items;
      valueIs(`the item written at ${token(0).generationTime}`, item, "v");
    },
  },
  {
    id: "idempotency/put-at-once",
    rules: ["TOK-4"],
    title: "A put sent many times at once through two clients succeeds each time, with one effect.",
    needs: [],
    run: async ({ record, second }) => {
      const puts = Array.from({ length: AT_ONCE }, (_, i) =>
        record("r", i % 2 === 0 ? {} : { client: second }).putItems(
          ["a", "b"].map((key) => ({ key: toBytes(key), value: toBytes("v") })),
          { at: 0 },
        ),
      );
      await Promise.all(puts);
      itemsAre("the record", await record("r").read(), [
        ["a", "v"],
        ["b", "v"],
      ]);
    },
  },
  {
    id: "idempotency/put-repeated-after-newer",
    rules: ["TOK-4", "TOK-5"],
    title: "A put repeated after a newer one does not bring its value back.",
    needs: [],
    run: async ({ record, second }) => {
      await record("r").put("k", "first", { at: 0 });
      await record("r").put("k", "second", { at: 1 });
      await record("r", { client: second }).put("k", "first", { at: 0 });
      valueIs("the item", await record("r").get("k"), "second");
    },
  },
  {
    id: "idempotency/put-repeated-after-delete",
    rules: ["TOK-4", "DEL-4"],
    title: "A put repeated after the deletion of its item, range or record stays deleted.",
    needs: [],
    run: async ({ record }) => {
      for (const id of ["item", "range", "record"]) await record(id).put("k", "v", { at: 0 });
      await record("item").deleteKeys(["k"], { at: 1 });
      await record("range").deleteRange("a", undefined, { at: 1 });
      await record("record").deleteAll({ at: 1 });
      for (const id of ["item", "range", "record"]) {
        await record(id).put("k", "v", { at: 0 });
        absent(`${id}: the item`, await record(id).get("k"));
        itemsAre(`${id}: the record`, await record(id).read(), []);
      }
    },
  },
  {
    id: "idempotency/delete-repeated-after-put",
    rules: ["TOK-4", "TOK-5"],
    title: "A deletion repeated after a newer put leaves the put alone.",
    needs: [],
    run: async ({ record }) => {
      const removals = {
        item: () => record("item").deleteKeys(["k"], { at: 1 }),
        range: () => record("range").deleteRange("a", "z", { at: 1 }),
        record: () => record("record").deleteAll({ at: 1 }),
      };
      for (const [id, remove] of Object.entries(removals)) {
        await record(id).put("k", "old", { at: 0 });
        await remove();
        await record(id).put("k", "new", { at: 2 });
        await remove();
        itemsAre(`${id}: the record`, await record(id).read(), [["k", "new"]]);
      }
    },
  },
  {
    id: "idempotency/delete-at-once",
    rules: ["TOK-4"],
    title: "Deletions sent many times at once, of items, ranges and the record, all succeed.",
    needs: [],
    run: async ({ record, second }) => {
      for (const id of ["item", "range", "record"]) {
        await record(id).put("k", "v", { at: 0 });
        const client = second;
        const removals = Array.from({ length: AT_ONCE / 2 }, (_, i) => {
          const through = record(id, i % 2 === 0 ? {} : { client });
          if (id === "item") return through.deleteKeys(["k"], { at: 1 });
          return id === "range"
            ? through.deleteRange("a", "z", { at: 1 })
            : through.deleteAll({ at: 1 });
        });
        await Promise.all(removals);
        itemsAre(`${id}: the record`, await record(id).read(), []);
      }
    },
  },
];
