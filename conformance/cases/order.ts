/** Keys sort as unsigned bytes, a prefix before its extensions (DATA-2). */
import { compareBytes, concatBytes, KEY_BYTES_MAX, matchAll, matchKeys } from "kvdal";
import { type Bytes, numbered, patterned, shuffled, toBytes } from "../kit/bytes.ts";
import { ascending, itemsAre, keysAre, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { rangeOf } from "../kit/record.ts";
import type { ConformanceStore } from "../kit/store.ts";

/** Puts the keys in another order than the wanted one and reads them both ways. */
async function readsInOrder({ record }: ConformanceStore, wanted: readonly Bytes[]): Promise<void> {
  await record("r").putItems(
    shuffled(wanted, 3).map((key) => ({ key: toBytes(key), value: toBytes("v") })),
  );
  keysAre("keys, forward", await record("r").read(), wanted);
  const reverse = await record("r").read({ selection: { reverse: true } });
  keysAre("keys, in reverse", reverse, wanted.toReversed());
}

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

/** Cases of this topic. */
export const orderCases: readonly ConformanceCase[] = [
  {
    id: "order/unsigned-bytes",
    rules: ["DATA-2", "GET-1"],
    title: "7f sorts before 80: bytes are unsigned.",
    needs: [],
    run: (store) =>
      readsInOrder(store, [
        bytes(0),
        bytes(1),
        bytes(0x7f),
        bytes(0x7f, 0xff),
        bytes(0x80),
        bytes(0xff),
      ]),
  },
  {
    id: "order/prefix-first",
    rules: ["DATA-2"],
    title: "A key sorts before every key that it begins, also one that goes on with a zero byte.",
    needs: [],
    run: (store) =>
      readsInOrder(store, ["a", "a\0", "a\0\0", "a\0\u0001", "a\u0001", "aa", "aa\0", "b"]),
  },
  {
    id: "order/empty-key-first",
    rules: ["DATA-2", "DATA-3"],
    title: "The empty key sorts before the key 00.",
    needs: [],
    run: (store) => readsInOrder(store, ["", bytes(0), bytes(0, 0), bytes(1)]),
  },
  {
    id: "order/ff-keys",
    rules: ["DATA-2", "GET-1"],
    title: "Keys of FF bytes, up to the longest, are the last and are in every open range.",
    needs: [],
    run: async (store) => {
      const last = new Uint8Array(KEY_BYTES_MAX).fill(0xff);
      const keys = [bytes(0xfe, 0xff), bytes(0xff), bytes(0xff, 0xfe), bytes(0xff, 0xff), last];
      await readsInOrder(store, keys);
      const open = await store.record("r").readRange(bytes(0xff, 0xff));
      keysAre("range from ff ff on", open, keys.slice(3));
    },
  },
  {
    id: "order/last-byte-decides",
    rules: ["DATA-2", "DATA-4"],
    title: "Keys of the longest length that differ in their last byte only are apart and in order.",
    needs: [],
    run: async (store) => {
      const base = patterned(KEY_BYTES_MAX - 1);
      const ends = [0x00, 0x7f, 0x80, 0xff];
      await readsInOrder(
        store,
        ends.map((end) => concatBytes(base, bytes(end))),
      );
    },
  },
  {
    id: "order/two-hundred-keys",
    rules: ["DATA-2"],
    title: "Two hundred keys of mixed lengths and bytes come back in order.",
    needs: [],
    run: async ({ record }) => {
      const keys = Array.from({ length: 200 }, (_, i) => {
        const key = patterned(1 + ((i * 31) % 12), i);
        key[0] = (i * 37) % 256;
        return concatBytes(key, bytes(i % 256));
      });
      await record("r").putItems(keys.map((key) => ({ key, value: key })));
      const items = await record("r").read();
      ascending(
        "keys of the record",
        items.map((item) => item.key),
      );
      const wanted = keys.toSorted(compareBytes).map((key) => [key, key] as const);
      itemsAre("items of the record", items, wanted);
    },
  },
  {
    id: "order/sizes-mixed",
    rules: ["DATA-2", "GET-2"],
    title: "Items come in the order of their keys however large each is, by range and by key.",
    needs: [],
    run: async ({ record }) => {
      const lengths = [40_000, 0, 9_000, 1, 70_000, 300, 20_000, 2, 100_000, 5_000, 3];
      const items = lengths.map((length, i) => [numbered("k", i), patterned(length, i)] as const);
      for (const [key, value] of shuffled(items, 5)) await record("r").put(key, value);
      const predicates = {
        record: matchAll,
        range: rangeOf("k", "l"),
        keys: matchKeys(...items.map(([key]) => toBytes(key))),
      };
      for (const [name, predicate] of Object.entries(predicates)) {
        for (const pageSizeBytes of [64 * 1024, 1024 * 1024]) {
          const selection = { pageSizeBytes };
          const what = `${name}, pages of ${pageSizeBytes} bytes`;
          itemsAre(what, await record("r").read({ predicate, selection }), items);
          const reverse = { predicate, selection: { pageSizeBytes, reverse: true } };
          itemsAre(`${what}, in reverse`, await record("r").read(reverse), items.toReversed());
        }
      }
    },
  },
  {
    id: "order/descending-namespace",
    rules: ["DATA-2", "GET-1"],
    title:
      "A descending namespace reads from the last key to the first; reverse turns it round again.",
    needs: [],
    namespaces: { main: { descending: true } },
    run: async ({ record }) => {
      for (const key of ["b", "a", "d", "c"]) await record("r").put(key, key);
      keysAre("keys", await record("r").read(), ["d", "c", "b", "a"]);
      const reverse = await record("r").read({ selection: { reverse: true } });
      keysAre("keys, in reverse", reverse, ["a", "b", "c", "d"]);
      keysAre("range from b to d", await record("r").readRange("b", "d"), ["c", "b"]);
      const paged = await record("r").pages({ selection: { pageSizeBytes: 2 } });
      keysAre(
        "keys, a page an item",
        paged.flatMap((page) => page.items),
        ["d", "c", "b", "a"],
      );
    },
  },
  {
    id: "order/by-bytes-not-text",
    rules: ["DATA-2"],
    title: "Keys that are text sort by their bytes, not as people or code units would.",
    needs: [],
    // U+FF5E sorts after U+1F600 as UTF-16, before it as UTF-8.
    run: async (store) => {
      const keys = ["B", "a", "b", "é", "\uff5e", "\u{1f600}"];
      same("the case's own order", keys.map(toBytes).toSorted(compareBytes), keys.map(toBytes));
      await readsInOrder(store, keys);
    },
  },
];
