/** Attempts after the first: the same request, few, spread, and never a storm (RETRY-1, RETRY-2). */
import { KvError, type KvErrorCode, MILLISECOND } from "kvdal";
import type { KvRequest } from "kvdal/client";
import { holds, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { INLINE } from "../kit/modes.ts";
import { deciding } from "../kit/on-the-way.ts";

const failure = (code: KvErrorCode): KvError => new KvError(code, "as the case has it");

/** What a mutation is known by on the way. */
function intentOf(request: KvRequest): unknown {
  if (request.kind === "put_items") {
    const { token, items } = request;
    return { token, expiries: items.map(({ expiresAt }) => expiresAt) };
  }
  return request.kind === "delete_items" ? { token: request.token } : undefined;
}

/** Cases of this topic. */
export const retryCases: readonly ConformanceCase[] = [
  {
    id: "retries/same-request",
    rules: ["RETRY-1", "TTL-2", "TOK-4"],
    title:
      "Every attempt of a mutation carries the token and the expiry of the first, however late it is.",
    needs: [],
    namespaces: { main: INLINE },
    run: async ({ connect, clock, env, record }) => {
      const second = 1_000_000;
      const { around, of } = deciding(({ turn }) => {
        clock.advance(second);
        return turn < 2 ? failure("OUTCOME_UNKNOWN") : "pass";
      }, env);
      const client = connect({ around, limits: { backoffBase: 1, backoffMax: 1 } });
      const { token } = await record("r", { client }).put("k", "v", { ttl: 60 * second });
      await record("r", { client }).deleteKeys(["l"]);
      for (const [nth, what] of ["the put", "the deletion"].entries()) {
        const [first, ...others] = of(nth).map(({ request }) => intentOf(request));
        holds(`attempts of ${what}`, others.length >= 2, others.length + 1, "3 at least");
        for (const other of others) same(`an attempt of ${what}`, other, first);
      }
      const item = await record("r").get("k");
      valueIs("the item", item, "v");
      same("its expiry", item?.metadata.lifecycle.expiresAt, token.generationTime + 60 * second);
    },
  },
  {
    id: "retries/within-budget",
    rules: ["RETRY-2"],
    title:
      "A client whose calls all fail makes no more retries than its budget, over all calls of a namespace.",
    needs: [],
    run: async ({ connect, env, record }) => {
      const { around, sent } = deciding(() => failure("UNAVAILABLE"), env);
      const limits = { backoffBase: 1, backoffMax: 1, retryShare: 0.25, retryBurst: 3 };
      const client = connect({ around, limits });
      const calls = 20;
      for (let call = 0; call < calls; call += 1) {
        await refused("a read", record("r", { client }).get("k"), "UNAVAILABLE");
      }
      const retries = sent.length - calls;
      holds(
        "retries",
        retries <= 3 + calls / 4,
        retries,
        "at most 8: 3, and a quarter of 20 calls",
      );
      holds("retries", retries >= 6, retries, "about as many as there may be");
    },
  },
  {
    id: "retries/spread-and-in-time",
    rules: ["RETRY-2"],
    title:
      "Waits between attempts grow, and neither a wait nor an attempt outlasts the time of the call.",
    needs: [],
    run: async ({ connect, env, record }) => {
      const { around, sent } = deciding(() => failure("UNAVAILABLE"), env);
      const backoff = { backoffBase: 20 * MILLISECOND, backoffMax: 80 * MILLISECOND };
      const client = connect({
        around,
        limits: { ...backoff, attemptsMax: 50, timeoutMicros: 400 * MILLISECOND },
      });
      await refused("a put", record("r", { client }).put("k", "v"), "UNAVAILABLE", "no");
      holds("attempts", sent.length >= 3 && sent.length <= 16, sent.length, "3 to 16");
      // However late a busy machine lets it begin, the call begins no later than its first attempt.
      const over = (sent[0]?.begun ?? 0) + 400 * MILLISECOND;
      for (const [i, { begun: at, budget }] of sent.entries()) {
        const before = sent[i - 1]?.ended;
        if (before === undefined) continue;
        const least = Math.min(20 * 2 ** (i - 1), 80) * (MILLISECOND / 2);
        holds(
          `wait before attempt ${i}`,
          at - before >= least,
          at - before,
          `${least} µs at least`,
        );
        // The time that is given is what was left after the wait; looked at from here it may begin later still.
        const end = before + least + budget;
        holds(`end of attempt ${i}`, end <= over, end - over, "in time");
      }
    },
  },
  {
    id: "retries/no-storm",
    rules: ["RETRY-2", "SIG-3"],
    title:
      "A server that refuses everything as too much gets fewer requests than there are calls, and none of them changed anything.",
    needs: [],
    run: async ({ connect, env, record }) => {
      const { around, sent } = deciding(() => failure("OVERLOADED"), env);
      const limits = { backoffBase: 1, backoffMax: 1, retryBurst: 5 };
      const client = connect({ around, limits });
      const calls = 100;
      for (let call = 0; call < calls; call += 1) {
        await refused("a put", record("r", { client }).put("k", "v"), "OVERLOADED", "no");
      }
      holds("requests", sent.length < calls / 2, sent.length, `fewer than half of ${calls} calls`);
      same("the item", await record("r").get("k"), undefined);
    },
  },
  {
    id: "retries/refusals-are-final",
    rules: ["RETRY-2", "ERR-1"],
    title: "What no repetition mends is sent once.",
    needs: [],
    run: async ({ connect, env, record, namespace }) => {
      const { around, sent } = deciding(() => "pass", env);
      const client = connect({ around });
      const target = { namespace: `${namespace()}_x`, id: "r" };
      await refused("elsewhere", client.getItems(target), "NAMESPACE_NOT_FOUND");
      await refused("an empty id", record("", { client }).put("k", "v"), "INVALID_ARGUMENT", "no");
      same("requests", sent.length, 2);
    },
  },
];
