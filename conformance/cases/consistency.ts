/** Each level that an engine declares does what it says, and no other is taken (CONS-1 to CONS-3). */
import { MILLISECOND } from "kvdal";
import type { Consistency } from "kvdal/engine";
import { shuffled } from "../kit/bytes.ts";
import { holds, itemsAre, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { levelNeed, NO_CACHE, UNDECLARED_LEVEL, undeclaredLevels } from "../kit/need.ts";
import type { ConformanceStore } from "../kit/store.ts";

/** Time between two looks for a write that is to arrive, microseconds. */
const LOOK_EVERY = 10 * MILLISECOND;

/** What was acknowledged through one server is at once so for the other: puts, deletions, whole traversals. */
async function readsWhatWasAcknowledged({ record, second }: ConformanceStore): Promise<void> {
  const there = record("r", { client: second });
  for (let at = 0; at < 30; at += 3) {
    await record("r").put("a", `at ${at}`, { at });
    valueIs(`after put ${at}`, await there.get("a"), `at ${at}`);
    await record("r").put("b", `at ${at}`, { at });
    await record("r").deleteKeys(["a"], { at: at + 1 });
    itemsAre(`after deletion ${at + 1}`, await there.read(), [["b", `at ${at}`]]);
    await record("r").deleteAll({ at: at + 2 });
    itemsAre(`after the record's deletion ${at + 2}`, await there.readRange("a", "c"), []);
  }
}

/** Looks until the other server shows what is wanted; everything it shows before must have been written. */
async function arrives(
  what: string,
  store: ConformanceStore,
  wanted: string | undefined,
  written: readonly string[],
): Promise<void> {
  const { record, second, monotonic, wait, capabilities } = store;
  const end = monotonic() + capabilities.eventualLag;
  for (;;) {
    const item = await record("r", { client: second }).get("k");
    const shown = item === undefined ? undefined : new TextDecoder().decode(item.value);
    if (shown === wanted) return;
    holds(what, shown === undefined || written.includes(shown), shown, "a value that was written");
    holds(`${what}, in the end`, monotonic() < end, shown, wanted ?? "no item");
    await wait(LOOK_EVERY);
  }
}

const readYourWrites = (
  level: Consistency,
  more: Pick<ConformanceCase, "id" | "rules" | "title">,
): ConformanceCase => ({
  ...more,
  // What a cache forgets in one region it keeps in another: such a namespace is refused (CACHE-2).
  needs: level === "global_quorum" ? [levelNeed(level), NO_CACHE] : [levelNeed(level)],
  namespaces: { main: { consistency: level } },
  run: readsWhatWasAcknowledged,
});

/** A namespace of that scope over those regions, in its primary's terms. */
function scoped(scope: "LOCAL" | "GLOBAL", regions: readonly string[], cluster = "main") {
  const config = { consistency_scope: scope, consistency_target: "READ_YOUR_WRITES" };
  return { storage: { cluster, regions, config } };
}

/** What carries no write on to another region is not asked to; all else is taken, and reads what it wrote. */
async function takesScopes(store: ConformanceStore): Promise<void> {
  const { capabilities, record, second } = store;
  const [one, both] = [["us-east-1"], ["us-east-1", "eu-west-1"]];
  const everywhere = { everywhere: scoped("GLOBAL", both) };
  const isGiven = capabilities.consistency.includes("global_quorum");
  const taken = {
    local: scoped("LOCAL", both),
    alone: scoped("GLOBAL", one),
    ...(isGiven ? everywhere : {}),
  };
  same("refused of what is given", await store.configure(taken), []);
  // An engine in memory is nowhere else, whatever is judged.
  const spare = { spare: scoped("GLOBAL", both, "spare") };
  const lines = await store.configure({ ...taken, ...everywhere, ...spare });
  same("refused of the rest", lines.length, isGiven ? 1 : 2);
  for (const line of lines) {
    const isTold = ["GLOBAL READ_YOUR_WRITES over 2 regions", "LOCAL READ_YOUR_WRITES"].every(
      (part) => line.includes(part),
    );
    holds("a refusal", isTold, line, "one that says what was found, and what is given");
  }
  await refused("at spare", record("r", { namespace: "spare" }).read(), "NAMESPACE_NOT_FOUND");
  for (const namespace of Object.keys(taken)) {
    await record("r", { namespace }).put("k", namespace);
    const there = record("r", { namespace, client: second });
    itemsAre(`${namespace}, at the other server`, await there.read(), [["k", namespace]]);
  }
}

/** Cases of this topic. */
export const consistencyCases: readonly ConformanceCase[] = [
  readYourWrites("quorum", {
    id: "consistency/quorum",
    rules: ["CONS-1"],
    title: "At quorum, puts and deletions that one server acknowledged are read through another.",
  }),
  readYourWrites("global_quorum", {
    id: "consistency/global-quorum",
    rules: ["CONS-1", "CONS-3"],
    title:
      "At global quorum, what one server acknowledged is read through another, wherever it is.",
  }),
  {
    id: "consistency/eventual",
    rules: ["CONS-1", "CONS-3"],
    title:
      "At eventual, writes arrive at every server in time, and nothing unwritten is ever read.",
    needs: [levelNeed("eventual")],
    namespaces: { main: { consistency: "eventual" } },
    run: async (store) => {
      const written: string[] = [];
      for (let at = 0; at < 10; at += 1) {
        written.push(`at ${at}`);
        await store.record("r").put("k", `at ${at}`, { at });
        await arrives(`after put ${at}`, store, `at ${at}`, written);
      }
      await store.record("r").deleteKeys(["k"], { at: 10 });
      await arrives("after the deletion", store, undefined, written);
    },
  },
  {
    id: "consistency/all-agree",
    rules: ["CONS-2"],
    title: "Once writes have arrived, every server shows the highest token's, read after read.",
    needs: [levelNeed("eventual")],
    namespaces: { main: { consistency: "eventual" } },
    run: async (store) => {
      const { record, second, serve } = store;
      const order = shuffled([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3);
      await Promise.all(
        order.map((at, i) =>
          record("r", i % 2 === 0 ? {} : { client: second }).put("k", `at ${at}`, { at }),
        ),
      );
      await arrives(
        "after puts in mixed order",
        store,
        "at 9",
        order.map((at) => `at ${at}`),
      );
      // Copies are read in turn or by chance: one that differs would show in some of so many reads.
      for (const client of [store.client, second, await serve("main")]) {
        for (let look = 0; look < 10; look += 1) {
          valueIs(`look ${look} of a server`, await record("r", { client }).get("k"), "at 9");
        }
      }
    },
  },
  {
    id: "consistency/scopes",
    rules: ["CONS-1", "CONS-3"],
    title:
      "GLOBAL over several regions is refused where no write gets to another, and LOCAL is taken.",
    needs: [],
    namespaces: {},
    run: takesScopes,
  },
  {
    id: "consistency/undeclared",
    rules: ["CONS-1"],
    title: "A namespace at a level that the engine does not declare is refused.",
    needs: [UNDECLARED_LEVEL],
    run: async ({ serve, capabilities, namespace, record }) => {
      await record("r").put("k", "before", { at: 0 });
      for (const consistency of undeclaredLevels(capabilities)) {
        const what = `a namespace at ${consistency}`;
        await refused(what, serve("main", { consistency }), "UNSUPPORTED", "no");
      }
      const later = record("r", { client: await serve("main") });
      itemsAre(`${namespace()} after the refusals`, await later.read(), [["k", "before"]]);
    },
  },
];
