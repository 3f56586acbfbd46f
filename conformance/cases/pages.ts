/** Pages: bytes as budget, every item once, an end (PAGE-1, PAGE-2, PAGE-4, GET-4). */
import { itemBytes, matchKeys } from "kvdal";
import { numbered, patterned, toBytes } from "../kit/bytes.ts";
import { holds, keysAre, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { rangeOf, type RecordHandle } from "../kit/record.ts";

/** Puts keys k000000 on, values of the given lengths, and returns the keys. */
async function fill(record: RecordHandle, lengths: readonly number[]): Promise<readonly string[]> {
  const keys = lengths.map((_, i) => numbered("k", i));
  await record.putItems(
    lengths.map((length, i) => ({ key: toBytes(keys[i] ?? ""), value: patterned(length, i) })),
  );
  return keys;
}

const constant = (count: number, length: number): readonly number[] =>
  Array.from({ length: count }, () => length);

/** Cases of this topic. */
export const pageCases: readonly ConformanceCase[] = [
  {
    id: "pages/every-item-once",
    rules: ["PAGE-2", "GET-1"],
    title: "Whatever the page size, forward and in reverse, all items come once and in order.",
    needs: [],
    run: async ({ record }) => {
      const keys = await fill(record("r"), constant(12, 20));
      for (const pageSizeBytes of [1, 27, 53, 54, 55, 100, 324, 5000]) {
        for (const reverse of [false, true]) {
          const items = await record("r").read({ selection: { pageSizeBytes, reverse } });
          const wanted = reverse ? keys.toReversed() : keys;
          keysAre(`pages of ${pageSizeBytes} bytes, reverse: ${reverse}`, items, wanted);
        }
      }
    },
  },
  {
    id: "pages/within-budget",
    rules: ["PAGE-1"],
    title:
      "A page holds at most its budget, unless it is one item; items that fit are not put off.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"), constant(50, 93));
      for (const pageSizeBytes of [150, 1000, 2499]) {
        const pages = await record("r").pages({ selection: { pageSizeBytes } });
        const sizes = pages.map(({ items }) =>
          items.reduce((sum, item) => sum + itemBytes(item), 0),
        );
        const fitting = sizes.every(
          (size, i) => size <= pageSizeBytes || pages[i]?.items.length === 1,
        );
        holds(`page sizes for ${pageSizeBytes}`, fitting, sizes, "none above its budget");
        const most = Math.floor(pageSizeBytes / 100);
        same(`items of the first page of ${pageSizeBytes}`, pages[0]?.items.length, most);
      }
    },
  },
  {
    id: "pages/item-above-budget",
    rules: ["PAGE-1", "PAGE-4"],
    title: "A page smaller than one item returns that item and goes on.",
    needs: [],
    run: async ({ record }) => {
      const keys = await fill(record("r"), [500, 500, 500]);
      const pages = await record("r").pages({ selection: { pageSizeBytes: 10 } });
      const counts = pages.map(({ items }) => items.length);
      holds(
        "items a page",
        counts.every((count) => count <= 1),
        counts,
        "at most one",
      );
      keysAre(
        "all items",
        pages.flatMap(({ items }) => items),
        keys,
      );
    },
  },
  {
    id: "pages/mixed-sizes",
    rules: ["PAGE-1", "PAGE-2"],
    title: "Items from 0 bytes to 64 KiB in one record: budgets hold and every value is whole.",
    needs: [],
    run: async ({ record }) => {
      const lengths = Array.from({ length: 36 }, (_, i) =>
        i % 9 === 4 ? 65_536 : (i * i * 37) % 3000,
      );
      const keys = await fill(record("r"), lengths);
      const pageSizeBytes = 16 * 1024;
      const pages = await record("r").pages({ selection: { pageSizeBytes } });
      for (const [i, { items }] of pages.entries()) {
        const size = items.reduce((sum, item) => sum + itemBytes(item), 0);
        holds(
          `page ${i}`,
          size <= pageSizeBytes || items.length === 1,
          size,
          `at most ${pageSizeBytes}`,
        );
      }
      const items = pages.flatMap((page) => page.items);
      keysAre("all items", items, keys);
      for (const [i, item] of items.entries()) {
        same(`value ${i}`, item.value, patterned(lengths[i] as number, i));
      }
    },
  },
  {
    id: "pages/last-page-full",
    rules: ["PAGE-4"],
    title: "A record that fills its last page exactly ends, at the latest with an empty page.",
    needs: [],
    run: async ({ record }) => {
      const keys = await fill(record("r"), constant(20, 93));
      const pages = await record("r").pages({ selection: { pageSizeBytes: 500 } });
      keysAre(
        "all items",
        pages.flatMap(({ items }) => items),
        keys,
      );
      holds("pages", pages.length <= 5, pages.length, "four, and at most one empty page");
      same("the last token", pages.at(-1)?.nextPageToken, undefined);
    },
  },
  {
    id: "pages/prefix-keys",
    rules: ["PAGE-2", "DATA-2"],
    title: "A page that ends at a key goes on with the keys that it begins.",
    needs: [],
    run: async ({ record }) => {
      const keys = ["", "\0", "a", "a\0", "a\0\0", "a\u0001", "aa", "ab", "b"];
      await record("r").putItems(keys.map((key) => ({ key: toBytes(key), value: toBytes("v") })));
      for (const reverse of [false, true]) {
        const items = await record("r").read({ selection: { pageSizeBytes: 1, reverse } });
        keysAre(`a page an item, reverse: ${reverse}`, items, reverse ? keys.toReversed() : keys);
      }
    },
  },
  {
    id: "pages/range",
    rules: ["PAGE-2", "GET-1"],
    title: "Paging through a range keeps to its bounds in both directions.",
    needs: [],
    run: async ({ record }) => {
      const keys = await fill(record("r"), constant(30, 10));
      const predicate = rangeOf(keys[5], keys[25]);
      for (const reverse of [false, true]) {
        const items = await record("r").read({
          predicate,
          selection: { pageSizeBytes: 40, reverse },
        });
        const wanted = keys.slice(5, 25);
        keysAre(`range, reverse: ${reverse}`, items, reverse ? wanted.toReversed() : wanted);
      }
    },
  },
  {
    id: "pages/keys",
    rules: ["PAGE-1", "PAGE-2", "GET-2"],
    title: "A read by keys is paged too, within its budget, absent keys without trace.",
    needs: [],
    run: async ({ record }) => {
      const keys = await fill(record("r"), constant(30, 93));
      const asked = [...keys, "absent", "k", numbered("k", 99)];
      const predicate = matchKeys(...asked.map(toBytes));
      for (const reverse of [false, true]) {
        const wish = { predicate, selection: { pageSizeBytes: 350, reverse } };
        const pages = await record("r").pages(wish);
        const counts = pages.map(({ items }) => items.length);
        holds(
          "items a page",
          counts.every((count) => count <= 3),
          counts,
          "at most three",
        );
        const items = pages.flatMap((page) => page.items);
        keysAre(`keys, reverse: ${reverse}`, items, reverse ? keys.toReversed() : keys);
      }
    },
  },
  {
    id: "pages/item-limit",
    rules: ["GET-4"],
    title: "The item limit is the total over all pages, wherever the pages end.",
    needs: [],
    run: async ({ record }) => {
      const keys = await fill(record("r"), constant(20, 93));
      for (const itemLimit of [1, 3, 5, 7, 20, 21, 100]) {
        for (const pageSizeBytes of [1, 300, 500, 100_000]) {
          const items = await record("r").read({ selection: { itemLimit, pageSizeBytes } });
          keysAre(`limit ${itemLimit}, pages of ${pageSizeBytes}`, items, keys.slice(0, itemLimit));
        }
      }
      const reverse = await record("r").read({
        selection: { itemLimit: 3, pageSizeBytes: 1, reverse: true },
      });
      keysAre("limit 3 in reverse", reverse, keys.toReversed().slice(0, 3));
    },
  },
  {
    id: "pages/keys-only",
    rules: ["PAGE-1", "GET-3"],
    title: "Without values, pages count what is returned: keys.",
    needs: [],
    run: async ({ record }) => {
      const keys = await fill(record("r"), constant(50, 1000));
      const pages = await record("r").pages({ selection: { include: "keys", pageSizeBytes: 70 } });
      same("items of the first page", pages[0]?.items.length, 10);
      keysAre(
        "all keys",
        pages.flatMap(({ items }) => items),
        keys,
      );
    },
  },
];
