/** Calls that go through dead letters from one on, over all of their shards (MUT-1). */
import { KvError, utf8 } from "kvdal";
import { neverAborted } from "kvdal/client";
import { differences } from "./difference.ts";
import type { ExactCall } from "./exact-call.ts";
import { House, HOUSE } from "./house.ts";

const ITEM = { key: utf8("k"), value: utf8("v") };

/** First bytes of nonces, which say in which of four shards a letter is. */
const FIRST_BYTES = [0, 1, 1, 3];

const AFTER: ExactCall = {
  rule: "MUT-1",
  says: "dead letters in three shards, listed after each of them",
  ask: async (asked) => {
    const house = await House.open(asked, {}, { log: {} });
    const client = house.client();
    for (const [i, first] of FIRST_BYTES.entries()) {
      const token = asked.token();
      const mutations = [{ namespace: HOUSE, id: `letter ${i}`, put: [ITEM] }];
      await client.mutateItems({
        mutations,
        token: { ...token, nonce: token.nonce.with(0, first) },
      });
    }
    house.instead = {
      write: (at, rows, call) =>
        at.table === HOUSE
          ? Promise.reject(new KvError("TOO_LARGE", "no room"))
          : house.store.write(at, rows, call),
    };
    await house.log.apply(neverAborted);
    const all = await house.log.deadLetters.list();
    const counts: number[] = [];
    for (const { letterId } of all) {
      counts.push((await house.log.deadLetters.list(letterId)).length);
    }
    return differences([
      ["records", all.map(({ id }) => id), ["letter 0", "letter 1", "letter 2", "letter 3"]],
      ["letters after each", counts, [3, 2, 1, 0]],
    ]);
  },
};

/** In this order. */
export const LETTERS: readonly ExactCall[] = [AFTER];
