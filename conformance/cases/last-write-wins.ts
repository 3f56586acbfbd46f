/** Writes are ordered by token, not by arrival (TOK-5). */
import { numbered, shuffled, toBytes } from "../kit/bytes.ts";
import { itemsAre, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";

/** Cases of this topic. */
export const lastWriteWinsCases: readonly ConformanceCase[] = [
  {
    id: "last-write-wins/older-after-newer",
    rules: ["TOK-5"],
    title:
      "Of two puts the newer stays, in both orders of arrival; the older is acknowledged, no error.",
    needs: [],
    run: async ({ record, token }) => {
      await record("r").put("late", "newer", { at: 1 });
      await record("r").put("late", "older", { at: 0 });
      await record("r").put("early", "older", { at: 0 });
      await record("r").put("early", "newer", { at: 1 });
      itemsAre("the record", await record("r").read(), [
        ["early", "newer"],
        ["late", "newer"],
      ]);
      const written = (await record("r").get("late"))?.metadata.lifecycle.writeTime;
      same("the write time", written, token(1).generationTime);
    },
  },
  {
    id: "last-write-wins/far-apart",
    rules: ["TOK-5"],
    title: "A token minutes older loses, and one microsecond newer wins.",
    needs: [],
    run: async ({ record }) => {
      await record("r").put("k", "middle", { at: 0 });
      await record("r").put("k", "minutes older", { at: -600_000_000 });
      valueIs("after an older put", await record("r").get("k"), "middle");
      await record("r").put("k", "a tick newer", { at: 1 });
      valueIs("after a newer put", await record("r").get("k"), "a tick newer");
      await record("r").put("k", "seconds newer", { at: 4_000_000 });
      await record("r").put("k", "two ticks newer", { at: 2 });
      valueIs("after a put between the two", await record("r").get("k"), "seconds newer");
    },
  },
  {
    id: "last-write-wins/shuffled",
    rules: ["TOK-5"],
    title: "Thirty puts in mixed order leave the newest.",
    needs: [],
    run: async ({ record }) => {
      const order = shuffled(
        Array.from({ length: 30 }, (_, i) => i),
        7,
      );
      for (const at of order) await record("r").put("k", `at ${at}`, { at });
      valueIs("the item", await record("r").get("k"), "at 29");
    },
  },
  {
    id: "last-write-wins/concurrent",
    rules: ["TOK-5"],
    title:
      "Puts of many keys by many writers at once, through two clients, leave the newest of each key.",
    needs: [],
    run: async ({ record, second }) => {
      const keys = ["a", "b", "c", "d"];
      const writes = shuffled(
        keys.flatMap((key) => Array.from({ length: 12 }, (_, at) => ({ key, at }))),
        5,
      );
      await Promise.all(
        writes.map(({ key, at }, i) =>
          record("r", i % 2 === 0 ? {} : { client: second }).put(key, `at ${at}`, { at }),
        ),
      );
      itemsAre(
        "the record",
        await record("r").read(),
        keys.map((key) => [key, "at 11"]),
      );
    },
  },
  {
    id: "last-write-wins/item-by-item",
    rules: ["TOK-5", "PUT-1"],
    title: "Of one put, items that a newer write keeps out do not keep out the others.",
    needs: [],
    run: async ({ record }) => {
      await record("r").put(numbered("k", 1), "newer", { at: 9 });
      const items = [0, 1, 2].map((n) => ({
        key: toBytes(numbered("k", n)),
        value: toBytes("older"),
      }));
      await record("r").putItems(items, { at: 3 });
      itemsAre("the record", await record("r").read(), [
        [numbered("k", 0), "older"],
        [numbered("k", 1), "newer"],
        [numbered("k", 2), "older"],
      ]);
    },
  },
  {
    id: "last-write-wins/read-your-writes",
    rules: ["TOK-5", "CONS-1"],
    title: "What one client was acknowledged, the other reads, write after write.",
    needs: [],
    run: async ({ record, second }) => {
      for (let at = 0; at < 20; at += 1) {
        await record("r").put("k", `at ${at}`, { at });
        valueIs(`after put ${at}`, await record("r", { client: second }).get("k"), `at ${at}`);
      }
    },
  },
];
