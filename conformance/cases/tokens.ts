/** Idempotency tokens: their shape, their age, their order at one client (TOK-1, TOK-2, TOK-3). */
import { HOUR, type IdempotencyToken, MINUTE, SECOND } from "kvdal";
import { toBytes } from "../kit/bytes.ts";
import { itemsAre, keysAre, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";

const WINDOW = { tokens: { maxAge: 10 * MINUTE, maxDrift: 2 * SECOND } };

/** Cases of this topic. */
export const tokenCases: readonly ConformanceCase[] = [
  {
    id: "tokens/too-old",
    rules: ["TOK-3", "TOK-8"],
    title:
      "A token as old as the window is taken; a microsecond older is TOKEN_FROM_PAST and writes nothing.",
    needs: [],
    namespaces: { main: WINDOW },
    run: async ({ record, clock }) => {
      clock.advance(10 * MINUTE);
      await record("r").put("bound", "v", { at: 0 });
      await refused("a put", record("r").put("past", "v", { at: -1 }), "TOKEN_FROM_PAST", "no");
      await refused("a deletion", record("r").deleteAll({ at: -1 }), "TOKEN_FROM_PAST", "no");
      keysAre("the record", await record("r").read(), ["bound"]);
      await record("r").deleteKeys(["bound"], { at: 0 });
      keysAre("the record after a deletion at the bound", await record("r").read(), []);
    },
  },
  {
    id: "tokens/too-new",
    rules: ["TOK-3", "TOK-8"],
    title:
      "A token as far ahead as the window is taken; a microsecond more is TOKEN_FROM_FUTURE and writes nothing.",
    needs: [],
    namespaces: { main: WINDOW },
    run: async ({ record }) => {
      await record("r").put("bound", "v", { at: 2 * SECOND });
      const past = 2 * SECOND + 1;
      await refused("a put", record("r").put("k", "v", { at: past }), "TOKEN_FROM_FUTURE", "no");
      await refused("a deletion", record("r").deleteAll({ at: past }), "TOKEN_FROM_FUTURE", "no");
      keysAre("the record", await record("r").read(), ["bound"]);
    },
  },
  {
    id: "tokens/default-window",
    rules: ["TOK-3"],
    title: "Without a window of its own, a namespace takes tokens of the last hour.",
    needs: [],
    run: async ({ record }) => {
      await record("r").put("hour", "v", { at: -HOUR });
      const past = record("r").put("past", "v", { at: -HOUR - 1 });
      await refused("a microsecond past the hour", past, "TOKEN_FROM_PAST", "no");
      keysAre("the record", await record("r").read(), ["hour"]);
    },
  },
  {
    id: "tokens/malformed",
    rules: ["TOK-1", "ERR-1"],
    title:
      "A token without a positive whole time or without sixteen bytes of nonce is INVALID_ARGUMENT.",
    needs: [],
    run: async ({ client, namespace, record, token }) => {
      const good = token(0);
      const wrong: readonly IdempotencyToken[] = [
        ...[0, -1, 1.5, Number.NaN].map((generationTime) => ({ ...good, generationTime })),
        ...[0, 15, 17].map((length) => ({ ...good, nonce: new Uint8Array(length) })),
      ];
      for (const bad of wrong) {
        const items = [{ key: toBytes("k"), value: toBytes("v") }];
        const put = client.putItems({ namespace: namespace(), id: "r", items, token: bad });
        await refused(`a put at ${bad.generationTime}`, put, "INVALID_ARGUMENT", "no");
        const removal = client.deleteItems({ namespace: namespace(), id: "r", token: bad });
        await refused(`a deletion at ${bad.generationTime}`, removal, "INVALID_ARGUMENT", "no");
      }
      itemsAre("the record", await record("r").read(), []);
    },
  },
  {
    id: "tokens/increase",
    rules: ["TOK-2"],
    title: "A client's own tokens increase, also while its clock stands still or steps back.",
    needs: [],
    run: async ({ record, clock }) => {
      let last = 0;
      for (let i = 0; i < 12; i += 1) {
        if (i === 4) clock.advance(-SECOND);
        if (i === 8) clock.advance(3 * SECOND);
        const { token } = await record("r").put("k", `put ${i}`);
        same(`whether token ${i} is newer than the last`, token.generationTime > last, true);
        last = token.generationTime;
        valueIs(`the item after put ${i}`, await record("r").get("k"), `put ${i}`);
      }
      await record("r").deleteKeys(["k"]);
      itemsAre("the record after a deletion", await record("r").read(), []);
    },
  },
];
