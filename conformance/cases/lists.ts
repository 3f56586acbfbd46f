/** Lists of mutations: what their order, their tokens and a repetition of them mean (MUT-1, MUT-2, MUT-3). */
import { LIST_MUTATIONS_MAX, MINUTE, type MutationInput } from "kvdal";
import { patterned } from "../kit/bytes.ts";
import { absent, holds, itemsAre, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { applyAll, listing, statesAre } from "../kit/lists.ts";
import { INLINE } from "../kit/modes.ts";

/** Cases of this topic. */
export const listCases: readonly ConformanceCase[] = [
  {
    id: "lists/across-namespaces",
    rules: ["MUT-1"],
    title:
      "Puts and deletes of one list reach records of several namespaces, once the log is applied.",
    needs: [],
    namespaces: { main: INLINE, other: INLINE },
    run: async (store) => {
      const { client, record } = store;
      await record("gone", { namespace: "other" }).put("k", "old");
      const list = await client.mutateItems({
        mutations: [
          listing(store, "a").put("k", "one"),
          listing(store, "b", "other").put("k", "two"),
          listing(store, "gone", "other").deleteAll(),
          listing(store, "c").put("k", "three"),
        ],
      });
      await applyAll(store);
      valueIs("the first", await record("a").get("k"), "one");
      valueIs("the second", await record("b", { namespace: "other" }).get("k"), "two");
      absent("the deleted one", await record("gone", { namespace: "other" }).get("k"));
      valueIs("the last", await record("c").get("k"), "three");
      absent("the second's record in the first's namespace", await record("b").get("k"));
      const applied = "applied" as const;
      await statesAre("states", client, list, [applied, applied, applied, applied]);
    },
  },
  {
    id: "lists/order",
    rules: ["MUT-1"],
    title: "Of mutations of one list that touch one item the later one stays.",
    needs: [],
    namespaces: { main: INLINE },
    run: async (store) => {
      const { client, record } = store;
      const [kept, gone, ranged] = ["kept", "gone", "ranged"].map((id) => listing(store, id));
      await client.mutateItems({
        mutations: [
          kept!.put("k", "first"),
          gone!.put("k", "first"),
          kept!.deleteKeys("k"),
          kept!.put("k", "second"),
          ranged!.put("a", "1"),
          ranged!.put("b", "2"),
          kept!.put("k", "third"),
          ranged!.deleteRange("b", "c"),
          gone!.deleteAll(),
        ],
      });
      await applyAll(store);
      itemsAre("put last", await record("kept").read(), [["k", "third"]]);
      itemsAre("deleted last", await record("gone").read(), []);
      itemsAre("deleted in part", await record("ranged").read(), [["a", "1"]]);
    },
  },
  {
    id: "lists/delete-and-put",
    rules: ["MUT-2"],
    title: "A deletion and a put of one record in one list do not erase each other.",
    needs: [],
    namespaces: { main: INLINE },
    run: async (store) => {
      const { client, record } = store;
      const removals: Readonly<Record<string, () => MutationInput>> = {
        record: () => listing(store, "record").deleteAll(),
        range: () => listing(store, "range").deleteRange("a", "z"),
        keys: () => listing(store, "keys").deleteKeys("k", "old"),
      };
      for (const id of Object.keys(removals)) await record(id).put("old", "before");
      await client.mutateItems({
        mutations: Object.entries(removals).flatMap(([id, removal]) => [
          removal(),
          listing(store, id).put("k", "after"),
        ]),
      });
      await applyAll(store);
      for (const id of Object.keys(removals)) {
        itemsAre(`after the deletion of ${id}`, await record(id).read(), [["k", "after"]]);
      }
    },
  },
  {
    id: "lists/tokens",
    rules: ["MUT-3"],
    title: "A list is ordered by when it was handed in, not by when it is applied.",
    needs: [],
    namespaces: { main: INLINE },
    run: async (store) => {
      const { client, second, record, token, clock } = store;
      const [overtaken, untouched] = [listing(store, "overtaken"), listing(store, "untouched")];
      const mutations = [overtaken.put("k", "list"), untouched.put("k", "list")];
      const list = await client.mutateItems({ token: token(10), mutations });
      same("the list's token", list.token, token(10));
      // A tick after the first mutation, where the second one's would be.
      await record("overtaken", { client: second }).put("k", "later", { at: 11 });
      clock.advance(1_000);
      await applyAll(store);
      valueIs("written after the list was handed in", await record("overtaken").get("k"), "later");
      const item = await record("untouched").get("k");
      valueIs("the list's other item", item, "list");
      same("its write time", item?.metadata.lifecycle.writeTime, token(11).generationTime);
    },
  },
  {
    id: "lists/tokens-reserved",
    rules: ["MUT-3", "TOK-2"],
    title: "A client's next mutation after a list is newer than every mutation of the list.",
    needs: [],
    namespaces: { main: INLINE },
    run: async (store) => {
      const { client, record } = store;
      const one = listing(store, "r");
      const mutations = Array.from({ length: 50 }, (_, i) => one.put("k", `list ${i}`));
      await client.mutateItems({ mutations });
      await record("r").put("k", "later");
      await applyAll(store);
      valueIs("written after the list was handed in", await record("r").get("k"), "later");
    },
  },
  {
    id: "lists/handed-in-again",
    rules: ["MUT-1", "TOK-4"],
    title: "A list handed in again under its token is the same list, before and after its end.",
    needs: [],
    namespaces: { main: INLINE },
    run: async (store) => {
      const { client, second, record, token, logs } = store;
      const one = listing(store, "r");
      const mutations = [one.put("k", "list"), one.put("l", "list")];
      const input = { token: token(0), mutations };
      const lists = await Promise.all(
        [client, second, client].map((each) => each.mutateItems(input)),
      );
      const names = lists.map(({ requestId }) => requestId);
      same("names of the one list", names, [names[0], names[0], names[0]]);
      await applyAll(store);
      await record("r").put("k", "newer", { at: 5 });
      const again = await second.mutateItems(input);
      same("its name afterwards", again.requestId, names[0]);
      await applyAll(store);
      itemsAre("the record", await record("r").read(), [
        ["k", "newer"],
        ["l", "list"],
      ]);
      await statesAre("its states", client, again, ["applied", "applied"]);
      same("dead letters", await logs.deadLetters.list(), []);
    },
  },
  {
    id: "lists/status",
    rules: ["MUT-1"],
    title: "What became of a list can be asked of any server, by its request id.",
    needs: [],
    namespaces: { main: INLINE },
    run: async (store) => {
      const { client, second, token } = store;
      const one = listing(store, "r");
      const list = await client.mutateItems({ mutations: [one.put("k", "v"), one.deleteAll()] });
      await statesAre("at first", client, list, ["pending", "pending"]);
      same("in all", (await second.mutationStatus(list.requestId)).state, "pending");
      await applyAll(store);
      await statesAre("in the end", second, list, ["applied", "applied"]);
      same("in all, in the end", (await client.mutationStatus(list.requestId)).state, "done");
      const other = await client.mutateItems({ token: token(7), mutations: [one.deleteAll()] });
      const unknown = other.requestId.replace(/^......../, "00000001");
      same("of no list", await client.mutationStatus(unknown), { state: "unknown", mutations: [] });
      await refused("no request id", client.mutationStatus("none"), "INVALID_ARGUMENT");
    },
  },
  {
    id: "lists/refused",
    rules: ["MUT-1", "DATA-4", "TOK-3", "TOK-8"],
    title: "A list of which one mutation cannot be taken is refused whole, and nothing is logged.",
    needs: [],
    namespaces: { main: { ...INLINE, maxValueBytes: 100_000 } },
    run: async (store) => {
      const { client, record, clock, token } = store;
      const fine = listing(store, "r").put("k", "v");
      const hand = (...mutations: readonly MutationInput[]) => client.mutateItems({ mutations });
      const long = Array.from({ length: LIST_MUTATIONS_MAX + 1 }, () => fine);
      const keyTwice = { ...fine, put: [0, 1].flatMap(() => ("put" in fine ? fine.put : [])) };
      const elsewhere = { ...fine, namespace: "nowhere_at_all" };
      await refused("an empty list", hand(), "INVALID_ARGUMENT", "no");
      await refused("one too long", hand(...long), "INVALID_ARGUMENT", "no");
      await refused("a key twice", hand(fine, keyTwice), "INVALID_ARGUMENT", "no");
      const tooLarge = listing(store, "s").put("k", patterned(65 * 1024));
      await refused("a value past inline", hand(fine, tooLarge), "TOO_LARGE", "no");
      await refused("a namespace of none", hand(fine, elsewhere), "NAMESPACE_NOT_FOUND", "no");
      const badId = listing(store, "").put("k", "v");
      await refused("an empty id", hand(fine, badId), "INVALID_ARGUMENT", "no");
      const old = { token: token(0), mutations: [fine] };
      clock.advance(61 * MINUTE);
      await refused("an old token", client.mutateItems(old), "TOKEN_FROM_PAST", "no");
      await applyAll(store);
      itemsAre("the record", await record("r").read(), []);
    },
  },
  {
    id: "lists/expiry",
    rules: ["MUT-3", "TTL-2"],
    title: "An item of a list expires by when the list was handed in.",
    needs: [],
    namespaces: { main: INLINE },
    run: async (store) => {
      const { client, record, clock } = store;
      const one = listing(store, "r");
      const mutations = [one.put("k", "v", { ttl: 10 * MINUTE }), one.put("l", "v")];
      const { token } = await client.mutateItems({ mutations });
      clock.advance(4 * MINUTE);
      await applyAll(store);
      const item = await record("r").get("k");
      const wanted = token.generationTime + 10 * MINUTE;
      same("its expiry", item?.metadata.lifecycle.expiresAt, wanted);
      clock.advance(wanted - clock.now() + 1);
      itemsAre("past its expiry", await record("r").read(), [["l", "v"]]);
    },
  },
  {
    id: "lists/many-pieces",
    rules: ["MUT-1", "RES-2"],
    title:
      "A list of several hundred kilobytes arrives byte for byte; one past the limit is refused.",
    needs: [],
    namespaces: { main: INLINE },
    run: async (store) => {
      const { client, record } = store;
      const values = Array.from({ length: 6 }, (_, i) => patterned(50_000 + i));
      const put = (value: Uint8Array, i: number) => listing(store, `r${i}`).put("k", value);
      await client.mutateItems({ mutations: values.map(put) });
      const rounds = await applyAll(store);
      holds("rounds", rounds === 1, rounds, "one");
      for (const [i, value] of values.entries()) {
        valueIs(`value ${i}`, await record(`r${i}`).get("k"), value);
      }
      const tooMuch = Array.from({ length: 70 }, (_, i) => put(patterned(64_000), i));
      await refused(
        "past the limit",
        client.mutateItems({ mutations: tooMuch }),
        "TOO_LARGE",
        "no",
      );
    },
  },
];
