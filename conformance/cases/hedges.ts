/** Second attempts beside slow ones: late, few, cancelled when they lose, and without effect of their own (RETRY-3). */
import { KvError, type Micros, MILLISECOND, MINUTE, utf8 } from "kvdal";
import { holds, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase, NamespaceWish } from "../kit/conformance-case.ts";
import { INLINE } from "../kit/modes.ts";
import { type AttemptName, deciding, type OnTheWay } from "../kit/on-the-way.ts";

const TARGET: Micros = 60 * MILLISECOND;
/** An engine may be slow where it shares its machine: what it answers in time is not the question here. */
const LEVELS = { target: TARGET, max: MINUTE };
const namespaces: Readonly<Record<string, NamespaceWish>> = {
  main: { ...INLINE, slo: { read: LEVELS, write: LEVELS } },
};
/** One hedge for every call, and what calls before have earned. */
const ALWAYS = { hedgeShare: 1, hedgeBurst: 100 };

const staying = (stays: boolean): OnTheWay => (stays ? "stay" : "pass");

/** Cases of this topic. */
export const hedgeCases: readonly ConformanceCase[] = [
  {
    id: "hedges/at-the-target",
    rules: ["RETRY-3", "RETRY-1"],
    title:
      "A call that takes longer than the target is sent a second time, the same, and the first answer is the call's.",
    needs: [],
    namespaces,
    run: async ({ connect, env, record }) => {
      const { around, of } = deciding(({ nth, turn }) => staying(nth > 0 && turn === 0), env);
      const client = connect({ around, limits: ALWAYS });
      const one = record("r", { client });
      // The first call is told the levels.
      await one.get("k");
      const begun = [0, env.clock.monotonic()];
      await one.put("k", "v");
      begun.push(env.clock.monotonic());
      valueIs("the item", await one.get("k"), "v");
      for (const nth of [1, 2]) {
        const [first, second, ...others] = of(nth);
        same("further attempts", others.length, 0);
        // From the call on: a busy machine may be late to note that the first attempt has begun.
        const waited = (second?.begun ?? 0) - (begun[nth] ?? 0);
        holds("wait before the second attempt", waited >= TARGET, waited, `${TARGET} µs at least`);
        same("the second attempt", second?.request, first?.request);
        same("whether the loser is cancelled", first?.isCancelled(), true);
        same("whether the winner is", second?.isCancelled(), false);
      }
    },
  },
  {
    id: "hedges/within-their-share",
    rules: ["RETRY-3"],
    title: "Of a client whose attempts are all slow no more than the share is hedged.",
    needs: [],
    namespaces: { main: { ...INLINE, slo: { read: { target: 10 * MILLISECOND, max: MINUTE } } } },
    run: async ({ connect, env, namespace }) => {
      const { around, sent } = deciding(({ nth }) => staying(nth > 0), env);
      const client = connect({
        around,
        limits: { hedgeShare: 0.1, hedgeBurst: 10, attemptsMax: 1 },
      });
      const address = { namespace: namespace(), id: "r" };
      // The first call is told the levels, however long the engine takes; the others end by their own time.
      await client.getItems(address);
      const calls = 30;
      for (let call = 1; call < calls; call += 1) {
        await client.getItems(address, { timeoutMicros: 40 * MILLISECOND }).catch(() => undefined);
        const hedges = sent.filter(({ turn }) => turn > 0).length;
        holds("hedges", hedges <= (call + 1) / 10, hedges, `a tenth of ${call + 1} calls at most`);
      }
      const hedges = sent.filter(({ turn }) => turn > 0).length;
      holds("hedges", hedges >= 1, hedges, "one at least, or nothing was looked at");
    },
  },
  {
    id: "hedges/late-loser",
    rules: ["RETRY-3", "TOK-4", "TOK-5"],
    title: "A loser that arrives when its call is long over changes nothing.",
    needs: [],
    namespaces,
    run: async ({ connect, env, record }) => {
      const isLate = ({ nth, turn }: AttemptName): boolean =>
        turn === 0 && (nth === 1 || nth === 4);
      const { around, of } = deciding((attempt) => staying(isLate(attempt)), env);
      const client = connect({ around, limits: ALWAYS });
      const one = record("r", { client });
      await one.get("k");
      await one.put("k", "first");
      await one.put("k", "second");
      await of(1)[0]?.deliver();
      valueIs("after the loser of the put before", await one.get("k"), "second");
      await one.deleteKeys(["k"]);
      await one.put("k", "third");
      const late = of(4);
      same("request of the late attempt", late[0]?.request.kind, "delete_items");
      await late[0]?.deliver();
      valueIs("after the loser of the deletion before", await one.get("k"), "third");
    },
  },
  {
    id: "hedges/unknown-beside-a-refusal",
    rules: ["RETRY-3", "TOK-8", "TOK-3"],
    title:
      "A mutation whose second attempt is refused while the first may take effect is unknown, not refused.",
    needs: [],
    namespaces,
    run: async ({ connect, env, namespace, record }) => {
      const refusal = new KvError("TOKEN_FROM_PAST", "as the case has it");
      const { around, of } = deciding(
        ({ nth, turn }) => (turn > 0 ? refusal : staying(nth === 1)),
        env,
      );
      const client = connect({ around, limits: { ...ALWAYS, attemptsMax: 1 } });
      const one = record("r", { client });
      await one.get("k");
      const codes = ["TOKEN_FROM_PAST", "DEADLINE_EXCEEDED"] as const;
      const items = [{ key: utf8("k"), value: utf8("v") }];
      const put = client.putItems(
        { namespace: namespace(), id: "r", items },
        { timeoutMicros: 3 * TARGET },
      );
      await refused("the put", put, codes, "unknown");
      same("attempts", of(1).length, 2);
      await of(1)[0]?.deliver();
      valueIs("the item, in the end", await record("r").get("k"), "v");
    },
  },
  {
    id: "hedges/not-without-levels",
    rules: ["RETRY-3"],
    title:
      "A namespace without service levels has no call sent a second time before the first is over.",
    needs: [],
    namespaces: { main: INLINE },
    run: async ({ connect, env, record }) => {
      const { around, of } = deciding(({ nth, turn }) => staying(nth === 1 && turn === 0), env);
      const limits = { ...ALWAYS, attemptTimeoutMicros: 4 * TARGET, backoffBase: 1 };
      const client = connect({ around, limits });
      const read = (): Promise<unknown> =>
        record("r", { client })
          .get("k")
          .catch(() => undefined);
      await read();
      await read();
      const [first, second] = of(1);
      // As long as the first one has: nothing but its end brings another.
      const waited = (second?.begun ?? Number.POSITIVE_INFINITY) - (first?.begun ?? 0);
      holds("wait before the second attempt", waited >= 4 * TARGET, waited, "the end of the first");
    },
  },
];
