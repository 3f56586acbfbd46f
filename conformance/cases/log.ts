/** The log behind lists of mutations: appliers beside each other, what cannot be applied, what is too much (MUT-1). */
import { HOUR, MINUTE, SECOND } from "kvdal";
import { absent, holds, itemsAre, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { applyAll, listing, statesAre } from "../kit/lists.ts";
import { INLINE } from "../kit/modes.ts";
import type { ConformanceStore } from "../kit/store.ts";

/** A list whose second mutation is in a namespace that is gone when it is to be applied. */
async function poisoned(store: ConformanceStore) {
  const { client, configure } = store;
  same("refused of the configuration", await configure({ main: {}, other: {} }), []);
  const list = await client.mutateItems({
    mutations: [
      listing(store, "a").put("k", "one"),
      listing(store, "b", "other").put("k", "two"),
      listing(store, "c").put("k", "three"),
    ],
  });
  same("refused of the change", await configure({ main: {} }), []);
  await applyAll(store);
  return list;
}

const TWO = { main: INLINE, other: INLINE };
/** A cycle of few attempts: what may pass is given up soon. */
const SOON = { attemptsMax: 3, backoffMicros: SECOND, backoffMicrosMax: SECOND };

/** Cases of this topic. */
export const logCases: readonly ConformanceCase[] = [
  {
    id: "log/appliers-at-once",
    rules: ["MUT-1", "TOK-4"],
    title: "Appliers of several servers, at once and again, have one effect.",
    needs: [],
    namespaces: { main: INLINE },
    run: async (store) => {
      const { client, second, record, connect, logs, token } = store;
      const third = connect();
      const clients = [client, second, third];
      const lists = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          clients[i % 3]!.mutateItems({
            token: token(i * 10, 1 + i * 20),
            mutations: [
              listing(store, "shared").put("k", `list ${i}`),
              listing(store, `own ${i}`).put("k", `list ${i}`),
            ],
          }),
        ),
      );
      await logs.applyAtOnce();
      await record("shared").put("k", "newest", { at: 1_000 });
      await logs.applyAtOnce();
      for (let i = 0; i < 12; i += 1) {
        valueIs(`item of list ${i}`, await record(`own ${i}`).get("k"), `list ${i}`);
      }
      valueIs("the item of all", await record("shared").get("k"), "newest");
      for (const list of lists) await statesAre("a list", second, list, ["applied", "applied"]);
      const reports = await logs.apply();
      const waiting = reports.filter(({ pending }) => pending > 0);
      same("servers where something still waits", waiting, []);
    },
  },
  {
    id: "log/beside-writes",
    rules: ["MUT-1", "TOK-5"],
    title: "Writes that are newer than a list, made before it is applied, are not undone by it.",
    needs: [],
    namespaces: { main: INLINE },
    run: async (store) => {
      const { client, record, token } = store;
      const ids = ["put", "keys", "range", "record"];
      for (const id of ids) await record(id).put("k", "old", { at: 0 });
      const mutations = ids.flatMap((id) => [listing(store, id).put("k", "list")]);
      const removals = [
        listing(store, "late").deleteAll(),
        listing(store, "late").put("l", "list"),
      ];
      await client.mutateItems({ token: token(10), mutations: [...mutations, ...removals] });
      await record("put").put("k", "newer", { at: 50 });
      await record("keys").deleteKeys(["k"], { at: 51 });
      await record("range").deleteRange("a", "z", { at: 52 });
      await record("record").deleteAll({ at: 53 });
      await record("late").put("k", "newer", { at: 54 });
      await applyAll(store);
      itemsAre("a newer put", await record("put").read(), [["k", "newer"]]);
      for (const id of ["keys", "range", "record"]) {
        absent(`after a newer deletion of ${id}`, await record(id).get("k"));
      }
      itemsAre("an older deletion", await record("late").read(), [
        ["k", "newer"],
        ["l", "list"],
      ]);
    },
  },
  {
    id: "log/poison",
    rules: ["MUT-1"],
    title:
      "A mutation that is refused again and again ends as a dead letter; the others of its list take effect.",
    needs: [],
    namespaces: TWO,
    log: SOON,
    run: async (store) => {
      const { client, record, logs } = store;
      const list = await poisoned(store);
      await statesAre("the list", client, list, ["applied", "dead_lettered", "applied"]);
      const { state, mutations } = await client.mutationStatus(list.requestId);
      same("in all", state, "done");
      const reason = mutations[1]?.kind === "dead_lettered" ? mutations[1].code : "none";
      same("why", reason, "NAMESPACE_NOT_FOUND");
      valueIs("the one before it", await record("a").get("k"), "one");
      valueIs("the one behind it", await record("c").get("k"), "three");
      const letters = await logs.deadLetters.list();
      same("letters", letters.length, 1);
      const [letter] = letters;
      same("its record", [letter?.id, letter?.place, letter?.code], ["b", 1, reason]);
      for (const { applied, deadLetters } of await logs.apply()) {
        same("what a further round does", [applied, deadLetters], [0, 0]);
      }
    },
  },
  {
    id: "log/letter-retried",
    rules: ["MUT-1"],
    title: "A dead letter that is retried is applied under its own token, when it can be.",
    needs: [],
    namespaces: TWO,
    log: SOON,
    run: async (store) => {
      const { client, logs, configure, record, clock } = store;
      const list = await poisoned(store);
      const [letter] = await logs.deadLetters.list();
      const letterId = letter?.letterId ?? "none";
      const early = logs.deadLetters.retry(letterId);
      await refused("while it cannot be applied", early, "NAMESPACE_NOT_FOUND");
      same("letters then", (await logs.deadLetters.list()).length, 1);
      same("refused of the change back", await configure({ main: {}, other: {} }), []);
      clock.advance(SECOND);
      await logs.deadLetters.retry(letterId);
      const item = await record("b", { namespace: "other" }).get("k");
      valueIs("the item", item, "two");
      const wanted = list.token.generationTime + 1;
      same("its write time", item?.metadata.lifecycle.writeTime, wanted);
      await statesAre("the list", client, list, ["applied", "applied", "applied"]);
      same("letters in the end", await logs.deadLetters.list(), []);
      await refused("once more", logs.deadLetters.retry(letterId), "INVALID_ARGUMENT");
    },
  },
  {
    id: "log/letter-discarded",
    rules: ["MUT-1"],
    title: "A dead letter that is discarded is never applied, and its list says so.",
    needs: [],
    namespaces: TWO,
    log: SOON,
    run: async (store) => {
      const { client, logs, configure, record } = store;
      const list = await poisoned(store);
      const [letter] = await logs.deadLetters.list();
      await logs.deadLetters.discard(letter?.letterId ?? "none");
      same("letters", await logs.deadLetters.list(), []);
      await statesAre("the list", client, list, ["applied", "discarded", "applied"]);
      same("refused of the change back", await configure({ main: {}, other: {} }), []);
      await applyAll(store);
      absent("the item", await record("b", { namespace: "other" }).get("k"));
      const again = logs.deadLetters.retry(letter?.letterId ?? "none");
      await refused("retried", again, "INVALID_ARGUMENT");
    },
  },
  {
    id: "log/letters-listed",
    rules: ["MUT-1"],
    title: "Dead letters are listed, and listed on from any of them.",
    needs: [],
    namespaces: TWO,
    log: SOON,
    run: async (store) => {
      const { client, logs, configure, token } = store;
      same("refused of the configuration", await configure({ main: {}, other: {} }), []);
      for (let i = 0; i < 6; i += 1) {
        const mutations = [listing(store, `r${i}`, "other").put("k", "v")];
        await client.mutateItems({ token: token(i, i * 30), mutations });
      }
      same("refused of the change", await configure({ main: {} }), []);
      await applyAll(store);
      const letters = await logs.deadLetters.list();
      const ids = letters.map(({ id }) => id).toSorted();
      same("letters", ids, ["r0", "r1", "r2", "r3", "r4", "r5"]);
      for (const [i, { letterId }] of letters.entries()) {
        const rest = await logs.deadLetters.list(letterId);
        same(`those after the ${i + 1}th`, rest, letters.slice(i + 1));
      }
    },
  },
  {
    id: "log/too-late",
    rules: ["MUT-1", "DEL-5"],
    title:
      "A mutation that could not be applied while newer deletions are remembered is not applied later.",
    needs: [],
    namespaces: {
      main: { ...INLINE, tokens: { maxAge: MINUTE, maxDrift: SECOND }, applyMicrosMax: 2 * MINUTE },
    },
    run: async (store) => {
      const { client, record, clock, logs, token } = store;
      const early = { token: token(0), mutations: [listing(store, "early").put("k", "v")] };
      const late = { token: token(0, 1), mutations: [listing(store, "late").put("k", "v")] };
      const first = await client.mutateItems(early);
      clock.advance(2 * MINUTE);
      await applyAll(store);
      await statesAre("one in time", client, first, ["applied"]);
      valueIs("its item", await record("early").get("k"), "v");
      clock.advance(-2 * MINUTE);
      const second = await client.mutateItems(late);
      clock.advance(3 * MINUTE);
      await applyAll(store);
      await statesAre("one too late", client, second, ["dead_lettered"]);
      absent("its item", await record("late").get("k"));
      const [letter] = await logs.deadLetters.list();
      same("why", letter?.code, "TOKEN_FROM_PAST");
      const again = logs.deadLetters.retry(letter?.letterId ?? "none");
      await refused("retried", again, "TOKEN_FROM_PAST");
    },
  },
  {
    id: "log/longest-apply",
    rules: ["DEL-5"],
    title:
      "A namespace whose logged mutations might be applied after its deletions are forgotten is refused.",
    needs: [],
    run: async ({ serve }) => {
      const tokens = { maxAge: MINUTE, maxDrift: SECOND };
      const wish = { tokens, retentionMicros: HOUR + MINUTE + SECOND };
      await serve("main", { ...wish, applyMicrosMax: HOUR });
      const longer = serve("main", { ...wish, applyMicrosMax: HOUR + 1 });
      await refused("a microsecond longer", longer, "INVALID_ARGUMENT");
      const shorter = serve("main", { ...wish, applyMicrosMax: MINUTE - 1 });
      await refused("less than a minute", shorter, "INVALID_ARGUMENT");
    },
  },
  {
    id: "log/back-pressure",
    rules: ["MUT-1", "RES-2"],
    title:
      "Where too many lists wait, or one for too long, no further one is accepted, nor logged.",
    needs: [],
    namespaces: { main: INLINE },
    log: { pendingMax: 2, lagMicrosMax: 30 * SECOND },
    run: async (store) => {
      const { connect, record, clock } = store;
      const client = connect({ limits: { attemptsMax: 1 } });
      const hand = (id: string) =>
        client.mutateItems({ mutations: [listing(store, id).put("k", "v")] });
      await hand("a");
      await hand("b");
      const error = await refused("a third", hand("c"), "OVERLOADED", "no");
      holds("what may help", error.retry === "safe", error.retry, "trying again");
      await applyAll(store);
      await hand("d");
      clock.advance(31 * SECOND);
      await refused("behind one that has waited", hand("e"), "OVERLOADED", "no");
      await applyAll(store);
      await hand("f");
      await applyAll(store);
      for (const id of ["a", "b", "d", "f"]) valueIs(id, await record(id).get("k"), "v");
      for (const id of ["c", "e"]) absent(id, await record(id).get("k"));
    },
  },
];
