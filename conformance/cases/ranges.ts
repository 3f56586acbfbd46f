/** Ranges are half-open, either end open, and empty ones are harmless (GET-1). */
import { prefixEnd, successor } from "kvdal";
import { toBytes } from "../kit/bytes.ts";
import { itemsAre, keysAre, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import type { RecordHandle } from "../kit/record.ts";

async function fill(record: RecordHandle, keys: readonly string[]): Promise<void> {
  await record.putItems(
    keys.map((key) => ({ key: toBytes(key), value: toBytes(key) })),
    { at: 0 },
  );
}

/** Cases of this topic. */
export const rangeCases: readonly ConformanceCase[] = [
  {
    id: "ranges/half-open",
    rules: ["GET-1"],
    title: "The start of a range is in it, its end is not, forward and in reverse.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"), ["a", "b", "c", "d"]);
      keysAre("[b, d)", await record("r").readRange("b", "d"), ["b", "c"]);
      keysAre("[b, d) in reverse", await record("r").readRange("b", "d", { reverse: true }), [
        "c",
        "b",
      ]);
    },
  },
  {
    id: "ranges/open-ends",
    rules: ["GET-1"],
    title: "Either end of a range may be open, and both.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"), ["", "b", "c"]);
      keysAre("[, c)", await record("r").readRange(undefined, "c"), ["", "b"]);
      keysAre("[b, )", await record("r").readRange("b"), ["b", "c"]);
      keysAre("[, )", await record("r").readRange(), ["", "b", "c"]);
      keysAre("[, c) in reverse", await record("r").readRange(undefined, "c", { reverse: true }), [
        "b",
        "",
      ]);
      keysAre("[b, ) in reverse", await record("r").readRange("b", undefined, { reverse: true }), [
        "c",
        "b",
      ]);
    },
  },
  {
    id: "ranges/bounds-between-keys",
    rules: ["GET-1"],
    title: "Bounds need not be keys: what lies between them is found.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"), ["a", "c", "e"]);
      keysAre("[b, d)", await record("r").readRange("b", "d"), ["c"]);
      keysAre("[a\\0, e\\0)", await record("r").readRange("a\0", "e\0"), ["c", "e"]);
      keysAre("[f, z)", await record("r").readRange("f", "z"), []);
    },
  },
  {
    id: "ranges/one-key",
    rules: ["GET-1", "DATA-2"],
    title: "From a key to its successor is that key alone, not its extensions.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"), ["a", "a\0", "aa", "b"]);
      keysAre("[a, a\\0)", await record("r").readRange("a", successor(toBytes("a"))), ["a"]);
      keysAre("[, a\\0)", await record("r").readRange("", "\0"), []);
    },
  },
  {
    id: "ranges/prefix",
    rules: ["GET-1", "DATA-2"],
    title: "All keys that begin with a prefix are one range, also where the prefix ends in FF.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"), ["user", "user:", "user:1", "user:2", "user;", "v"]);
      const prefix = toBytes("user:");
      const users = await record("r").readRange(prefix, prefixEnd(prefix));
      keysAre("user:", users, ["user:", "user:1", "user:2"]);
      const high = Uint8Array.of(0x76, 0xff);
      await record("r").put(Uint8Array.of(0x76, 0xff, 0xff), "high");
      await record("r").put(Uint8Array.of(0x77), "next");
      const found = await record("r").readRange(high, prefixEnd(high));
      itemsAre("76 ff", found, [[Uint8Array.of(0x76, 0xff, 0xff), "high"]]);
    },
  },
  {
    id: "ranges/empty-and-inverted",
    rules: ["GET-1"],
    title: "Empty and inverted ranges read as nothing, and the store goes on.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"), ["a", "b", "c"]);
      const empty: readonly (readonly [string | undefined, string])[] = [
        ["b", "b"],
        ["c", "a"],
        [undefined, ""],
        ["", ""],
      ];
      for (const [start, end] of empty) {
        keysAre(`[${start}, ${end})`, await record("r").readRange(start, end), []);
        const reverse = await record("r").readRange(start, end, { reverse: true });
        keysAre(`[${start}, ${end}) in reverse`, reverse, []);
      }
      await record("r").put("d", "d", { at: 1 });
      keysAre("the record afterwards", await record("r").read(), ["a", "b", "c", "d"]);
    },
  },
  {
    id: "ranges/empty-and-inverted-deletes",
    rules: ["GET-1", "DEL-2"],
    title: "Deleting an empty or inverted range deletes nothing and leaves the store writable.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"), ["", "a", "b", "c"]);
      await record("r").deleteRange("b", "b", { at: 5 });
      await record("r").deleteRange("c", "a", { at: 5 });
      await record("r").deleteRange(undefined, "", { at: 5 });
      await record("r").put("d", "d", { at: 1 });
      await record("s").put("k", "v", { at: 1 });
      keysAre("the record afterwards", await record("r").read(), ["", "a", "b", "c", "d"]);
      await record("r").deleteRange("a", "c", { at: 6 });
      keysAre("after a range with keys in it", await record("r").read(), ["", "c", "d"]);
      valueIs("another record", await record("s").get("k"), "v");
    },
  },
];
