/** Namespaces never see each other's data (DATA-6). */
import { itemsAre, refused, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { TABLE_COLUMNS } from "../kit/need.ts";

const TWO = { main: {}, main2: {} };

/** Cases of this topic. */
export const namespaceCases: readonly ConformanceCase[] = [
  {
    id: "namespaces/published-columns",
    rules: ["NS-7"],
    title: "The table of a namespace has the published columns, its keys in the namespace's order.",
    needs: [TABLE_COLUMNS],
    namespaces: { main: {}, latest: { descending: true } },
    run: async ({ columns }) => {
      const published = (order: string): readonly string[] => [
        "id text partition_key",
        `key blob clustering ${order}`,
        "value blob regular",
        "value_metadata blob regular",
      ];
      same("columns", await columns(), published("asc"));
      same("columns of a descending one", await columns("latest"), published("desc"));
    },
  },
  {
    id: "namespaces/same-id-and-key",
    rules: ["DATA-6"],
    title: "The same id and key hold different values in two namespaces.",
    needs: [],
    namespaces: TWO,
    run: async ({ record }) => {
      await record("r").put("k", "one", { at: 0 });
      await record("r", { namespace: "main2" }).put("k", "two", { at: -5 });
      itemsAre("first namespace", await record("r").read(), [["k", "one"]]);
      itemsAre("second namespace", await record("r", { namespace: "main2" }).read(), [
        ["k", "two"],
      ]);
    },
  },
  {
    id: "namespaces/deletes-stay-inside",
    rules: ["DATA-6", "DEL-1", "DEL-2"],
    title: "Item, range and record deletions of one namespace leave the other as it is.",
    needs: [],
    namespaces: TWO,
    run: async ({ record }) => {
      const other = record("r", { namespace: "main2" });
      for (const key of ["a", "b", "c"]) {
        await record("r").put(key, key, { at: 0 });
        await other.put(key, key, { at: 0 });
      }
      await record("r").deleteKeys(["a"], { at: 1 });
      await record("r").deleteRange("b", "c", { at: 1 });
      await record("r").deleteAll({ at: 2 });
      itemsAre("first namespace", await record("r").read(), []);
      itemsAre("second namespace", await other.read(), [
        ["a", "a"],
        ["b", "b"],
        ["c", "c"],
      ]);
    },
  },
  {
    id: "namespaces/own-options",
    rules: ["DATA-6", "TTL-1"],
    title: "Each namespace keeps to its own direction and default time to live.",
    needs: [],
    namespaces: { main: {}, main2: { descending: true, defaultTtlMicros: 1_000_000 } },
    run: async ({ record, clock }) => {
      const other = record("r", { namespace: "main2" });
      for (const key of ["a", "b"]) {
        await record("r").put(key, key, { at: 0 });
        await other.put(key, key, { at: 0 });
      }
      itemsAre("second namespace", await other.read(), [
        ["b", "b"],
        ["a", "a"],
      ]);
      clock.advance(1_000_000);
      itemsAre("second namespace, expired", await other.read(), []);
      itemsAre("first namespace", await record("r").read(), [
        ["a", "a"],
        ["b", "b"],
      ]);
    },
  },
  {
    id: "namespaces/unknown",
    rules: ["ERR-1", "TOK-8"],
    title: "A namespace that nobody configured is a typed error, never an empty record.",
    needs: [],
    run: async ({ client, namespace, record }) => {
      const name = `${namespace()}_none`;
      await refused("a read", client.getItems({ namespace: name, id: "r" }), "NAMESPACE_NOT_FOUND");
      const put = client.putItems({
        namespace: name,
        id: "r",
        items: [{ key: new Uint8Array(1), value: new Uint8Array(1) }],
      });
      await refused("a put", put, "NAMESPACE_NOT_FOUND", "no");
      const removal = client.deleteItems({ namespace: name, id: "r" });
      await refused("a deletion", removal, "NAMESPACE_NOT_FOUND", "no");
      itemsAre("the namespace that exists", await record("r").read(), []);
    },
  },
];
