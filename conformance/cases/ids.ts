/** Records are told apart by every byte of their ids (DATA-1). */
import { type Bytes, toBytes } from "../kit/bytes.ts";
import { itemsAre } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import type { ConformanceStore } from "../kit/store.ts";

/** Gives each id a record with its own value, then takes every second one away again. */
async function keepsApart({ record }: ConformanceStore, ids: readonly string[]): Promise<void> {
  for (const [i, id] of ids.entries()) await record(id).put("k", `value ${i}`);
  for (const [i, id] of ids.entries()) {
    itemsAre(`record ${JSON.stringify(id)}`, await record(id).read(), [["k", `value ${i}`]]);
  }
  for (const id of ids.filter((_, i) => i % 2 === 0)) await record(id).deleteAll();
  for (const [i, id] of ids.entries()) {
    const wanted: [Bytes, Bytes][] = i % 2 === 0 ? [] : [["k", `value ${i}`]];
    itemsAre(
      `record ${JSON.stringify(id)} after others were deleted`,
      await record(id).read(),
      wanted,
    );
  }
}

/** Cases of this topic. */
export const idCases: readonly ConformanceCase[] = [
  {
    id: "ids/zero-suffix",
    rules: ["DATA-1", "DEL-1"],
    title: "Ids a, a\\0 and a\\0\\0 are three records; deleting one touches no other.",
    needs: [],
    run: (store) => keepsApart(store, ["a", "a\0", "a\0\0", "a\0b", "\0a", "\0"]),
  },
  {
    id: "ids/unicode",
    rules: ["DATA-1"],
    title: "Ids are text as it is: case, composition, plane and trailing space all count.",
    needs: [],
    run: (store) =>
      keepsApart(store, [
        "é",
        "e\u0301",
        "É",
        "ÿ",
        "日本",
        "\u{1f600}",
        "x",
        "X",
        "x ",
        "\uffff",
        "\u{10ffff}",
      ]),
  },
  {
    id: "ids/separators",
    rules: ["DATA-1"],
    title: "Ids with characters that separate names elsewhere are ids like any other.",
    needs: [],
    run: (store) =>
      keepsApart(store, ["a/b", "a:b", "a|b", "a#b", "..", "a%2Fb", "a\nb", "'a'", "a,b", "$a"]),
  },
  {
    id: "ids/id-and-key-boundary",
    rules: ["DATA-1"],
    title: "Where the id ends and the key begins is never lost.",
    needs: [],
    run: async ({ record }) => {
      const pairs: readonly (readonly [id: string, key: string])[] = [
        ["a", "bc"],
        ["ab", "c"],
        ["abc", ""],
        ["a\0", "bc"],
        ["a", "\0bc"],
      ];
      for (const [id, key] of pairs) await record(id).put(key, `${id}+${key}`);
      await record("ab").deleteAll();
      itemsAre("record a", await record("a").read(), [
        ["\0bc", "a+\0bc"],
        ["bc", "a+bc"],
      ]);
      itemsAre("record ab", await record("ab").read(), []);
      itemsAre("record abc", await record("abc").read(), [["", "abc+"]]);
      itemsAre("record a\\0", await record("a\0").read(), [["bc", "a\0+bc"]]);
    },
  },
  {
    id: "ids/neighbours-of-ff",
    rules: ["DATA-1", "DEL-1", "DEL-2"],
    title: "Keys of FF bytes do not reach into the record whose id comes next.",
    needs: [],
    run: async ({ record }) => {
      const high = new Uint8Array(8).fill(0xff);
      await record("a").put(high, "last of a");
      await record("b").put("", "first of b");
      await record("a\u{10ffff}").put("", "beside a");
      itemsAre("record a, open range", await record("a").readRange(toBytes("x")), [
        [high, "last of a"],
      ]);
      await record("a").deleteRange("", undefined);
      itemsAre("record a after its deletion", await record("a").read(), []);
      itemsAre("record b", await record("b").read(), [["", "first of b"]]);
      itemsAre("record a U+10FFFF", await record("a\u{10ffff}").read(), [["", "beside a"]]);
      const back = await record("b").read({ selection: { reverse: true } });
      itemsAre("record b, in reverse", back, [["", "first of b"]]);
    },
  },
];
