/** Aliases: one dated namespace at a time, flipped in one step, and traversals that stay where they began (NS-4). */
import { MILLISECOND } from "kvdal";
import { holds, itemsAre, keysAre, refused, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import type { ConformanceStore } from "../kit/store.ts";

const KEYS = ["a", "b", "c", "d", "e", "f"];
const OLD = { v1: { aliases: ["live"] }, v2: {} };
const NEW = { v1: {}, v2: { aliases: ["live"] } };
/** A page of one item. */
const ONE = { selection: { pageSizeBytes: 1 } };

/** Two loads of one record, each value with the name of its load, and the alias on the first. */
async function loaded(store: ConformanceStore): Promise<void> {
  same("refused at the beginning", await store.configure(OLD), []);
  for (const version of ["v1", "v2"]) {
    const items = KEYS.map((key) => ({
      key: new TextEncoder().encode(key),
      value: new TextEncoder().encode(version),
    }));
    await store.record("r", { namespace: version }).putItems(items);
  }
}

const all = (value: string): readonly (readonly [string, string])[] =>
  KEYS.map((key) => [key, value]);

/** Cases of this topic. */
export const aliasCases: readonly ConformanceCase[] = [
  {
    id: "aliases/flip",
    rules: ["NS-4"],
    title:
      "After a flip every server reads the new namespace by the alias, and both by their names.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      await loaded(store);
      const by = (namespace: string, client = store.client) =>
        store.record("r", { namespace, client }).read();
      itemsAre("by the alias", await by("live"), all("v1"));
      same("refused of the flip", await store.configure(NEW), []);
      itemsAre("by the alias after the flip", await by("live"), all("v2"));
      itemsAre("by the alias at the other server", await by("live", store.second), all("v2"));
      itemsAre("the old one by its name", await by("v1"), all("v1"));
      itemsAre("the new one by its name", await by("v2"), all("v2"));
      same("refused of the flip back", await store.configure(OLD), []);
      itemsAre("by the alias after the flip back", await by("live"), all("v1"));
    },
  },
  {
    id: "aliases/traversal-stays",
    rules: ["NS-4", "PAGE-2", "PAGE-3"],
    title: "A traversal that began before a flip ends in the namespace it began in, at any server.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      await loaded(store);
      const servers = [store.client, store.second];
      const seen = [];
      let token: Uint8Array | undefined;
      let pages = 0;
      do {
        const client = servers[pages % 2] ?? store.client;
        const page = await store.record("r", { namespace: "live", client }).page(ONE, token);
        seen.push(...page.items);
        token = page.nextPageToken;
        pages += 1;
        if (pages === 2) same("refused of the flip", await store.configure(NEW), []);
      } while (token !== undefined && pages < 50);
      itemsAre("the items of all pages", seen, all("v1"));
    },
  },
  {
    id: "aliases/tokens-apart",
    rules: ["NS-4", "PAGE-3"],
    title:
      "A token got by an alias does not work under another name, nor one got by a name under the alias.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      await loaded(store);
      const [alias, name] = [
        store.record("r", { namespace: "live" }),
        store.record("r", { namespace: "v1" }),
      ];
      const byAlias = (await alias.page(ONE)).nextPageToken;
      const byName = (await name.page(ONE)).nextPageToken;
      await refused("the alias's token by name", name.page(ONE, byAlias), "INVALID_ARGUMENT");
      await refused("the name's token by alias", alias.page(ONE, byName), "INVALID_ARGUMENT");
      keysAre("the alias goes on", (await alias.page(ONE, byAlias)).items, ["b"]);
    },
  },
  {
    id: "aliases/never-mixed",
    rules: ["NS-4"],
    title: "Traversals during many flips see one namespace each, whole.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      await loaded(store);
      const flipped = new AbortController();
      const flip = async (): Promise<void> => {
        for (let i = 0; i < 10; i += 1) {
          same("refused of a flip", await store.configure(i % 2 === 0 ? NEW : OLD), []);
        }
      };
      const flips = flip().finally(() => flipped.abort());
      const traverse = async (): Promise<void> => {
        while (!flipped.signal.aborted) {
          const items = await store.record("r", { namespace: "live" }).read(ONE);
          const from = [...new Set(items.map(({ value }) => new TextDecoder().decode(value)))];
          holds("namespaces of one traversal", from.length === 1, from, "one");
          keysAre("keys of one traversal", items, KEYS);
          // An engine that answers without ever waiting would keep the flips from their turn.
          await store.wait(MILLISECOND);
        }
      };
      await Promise.all([flips, traverse()]);
    },
  },
  {
    id: "aliases/target-gone",
    rules: ["NS-4", "ERR-1"],
    title:
      "A traversal whose namespace is taken away ends with an error, not in another namespace.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      await loaded(store);
      const alias = store.record("r", { namespace: "live" });
      const { nextPageToken } = await alias.page(ONE);
      same("refused", await store.configure({ v2: { aliases: ["live"] } }), []);
      await refused("the next page", alias.page(ONE, nextPageToken), "NAMESPACE_NOT_FOUND");
      itemsAre("a new traversal", await alias.read(ONE), all("v2"));
    },
  },
];
