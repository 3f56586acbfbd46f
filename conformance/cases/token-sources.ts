/** Where tokens come from, and when a source gives none (TOK-2, TOK-7). */
import {
  HOUR,
  type KvClient,
  type Micros,
  MILLISECOND,
  MINUTE,
  SECOND,
  sequencedTokens,
  transactionTokens,
} from "kvdal";
import type { Env } from "kvdal/client";
import { regionSequencer } from "kvdal/service";
import { absent, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import type { ConformanceStore } from "../kit/store.ts";

/** A world whose wall clock is off by what `skew` says at the moment. */
function skewed({ env }: ConformanceStore, skew: () => Micros): Env {
  const { wall, monotonic } = env.clock;
  return { ...env, clock: { wall: () => wall() + skew(), monotonic } };
}

/** Cases of this topic. */
export const tokenSourceCases: readonly ConformanceCase[] = [
  {
    id: "token-sources/after-the-skew",
    rules: ["TOK-9", "TOK-5"],
    title:
      "A write begun more than the clocks differ after another was acknowledged wins, whichever clock is ahead.",
    needs: [],
    run: async (store) => {
      const { record, connect, clock } = store;
      const skew = 200 * MILLISECOND;
      const ahead = record("r", { client: connect({ env: skewed(store, () => skew) }) });
      const right = record("r", { client: connect() });
      await ahead.put("k", "by the clock ahead");
      clock.advance(skew + MILLISECOND);
      await right.put("k", "by the other, after the skew");
      valueIs("the item", await right.get("k"), "by the other, after the skew");
      await ahead.put("k", "by the clock ahead, at once");
      valueIs("the item", await right.get("k"), "by the clock ahead, at once");
      clock.advance(skew + MILLISECOND);
      await right.deleteKeys(["k"]);
      absent("the item", await ahead.get("k"));
    },
  },
  {
    id: "token-sources/implausible-clock",
    rules: ["TOK-2", "TOK-8"],
    title:
      "A client whose clock is further ahead than any server accepts dates no write; set right, it goes on at once.",
    needs: [],
    run: async (store) => {
      const { record, connect } = store;
      for (const begins of ["right", "wrong"]) {
        let skew = begins === "right" ? 0 : HOUR;
        const client = connect({ env: skewed(store, () => skew) });
        const one = record(begins, { client });
        if (begins === "right") await one.put("k", "first");
        skew = HOUR;
        await refused("a put an hour ahead", one.put("k", "ahead"), "TOKEN_FROM_FUTURE", "no");
        await refused("a deletion", one.deleteAll(), "TOKEN_FROM_FUTURE", "no");
        skew = 6 * SECOND;
        await refused("a put past the window", one.put("k", "ahead"), "TOKEN_FROM_FUTURE", "no");
        skew = 4 * SECOND;
        await one.put("k", "a little ahead");
        valueIs("the value put within the window", await one.get("k"), "a little ahead");
        skew = 0;
        const { token } = await one.put("k", "right again");
        valueIs("the value put with the right clock", await one.get("k"), "right again");
        const ahead = token.generationTime - store.clock.now();
        same("whether it is dated within the window", ahead <= 5 * SECOND, true);
      }
    },
  },
  {
    id: "token-sources/long-silence",
    rules: ["TOK-2"],
    title:
      "A client that has heard of no server for long, its steady clock standing, still puts and deletes.",
    needs: [],
    run: async ({ record, clock }) => {
      await record("r").put("k", "first");
      clock.advance(3 * HOUR);
      await record("r").put("k", "second");
      valueIs("the value", await record("r").get("k"), "second");
      clock.advance(3 * HOUR);
      await record("r").deleteAll();
      absent("the item", await record("r").get("k"));
    },
  },
  {
    id: "token-sources/sequenced",
    rules: ["TOK-7"],
    title:
      "Under a region's sequence, a write begun after another's acknowledgement wins, whatever the clients' clocks.",
    needs: [],
    run: async (store) => {
      const { record, connect, clock } = store;
      const sequencer = regionSequencer(store.env.clock);
      const clientAt = (skew: Micros): KvClient => {
        const env = skewed(store, () => skew);
        return connect({ env, tokens: sequencedTokens(sequencer, env) });
      };
      const clients = [0, -30 * MINUTE, 3 * SECOND, HOUR].map(clientAt);
      for (let round = 0; round < 12; round += 1) {
        const one = record("r", { client: clients[round % 4] as KvClient });
        await one.put("k", `round ${round}`);
        valueIs("the latest put", await record("r").get("k"), `round ${round}`);
        if (round % 5 === 4) {
          await record("r", { client: clients[(round + 3) % 4] as KvClient }).deleteKeys(["k"]);
          absent("the item after a deletion", await record("r").get("k"));
        }
        if (round === 6) clock.advance(-SECOND);
      }
    },
  },
  {
    id: "token-sources/transactions",
    rules: ["TOK-7", "TOK-4"],
    title:
      "Under ids of transactions, writes are ordered as the transactions are, and one that comes twice has one effect.",
    needs: [],
    run: async (store) => {
      const { record, connect, clock } = store;
      let transaction = { time: clock.now(), id: Uint8Array.of(1) };
      const clientAt = (skew: Micros): KvClient =>
        connect({ env: skewed(store, () => skew), tokens: transactionTokens(() => transaction) });
      const [ahead, behind] = [clientAt(HOUR), clientAt(-20 * MINUTE)];
      await record("r", { client: ahead }).put("k", "first");
      transaction = { time: clock.now(), id: Uint8Array.of(2) };
      const second = await record("r", { client: behind }).put("k", "second");
      valueIs("the value of the later transaction", await record("r").get("k"), "second");
      const again = await record("r", { client: ahead }).put("k", "second");
      same("the token of the same transaction", again.token, second.token);
      transaction = { time: clock.now(), id: Uint8Array.of(1) };
      await record("r", { client: behind }).put("k", "first");
      valueIs("after the first once more", await record("r").get("k"), "second");
      transaction = { time: clock.now() + 1, id: new Uint8Array(16) };
      await record("r", { client: ahead }).deleteAll();
      absent("after a deletion of a later one", await record("r").get("k"));
      transaction = { time: clock.now() + 2, id: new Uint8Array(17) };
      const put = record("r", { client: ahead }).put("k", "v");
      await refused("an id of 17 bytes", put, "INVALID_ARGUMENT", "no");
    },
  },
];
