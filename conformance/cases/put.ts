/** Puts: upsert of the items of one record under one token (PUT-1 to PUT-4). */
import { equalBytes, SECOND } from "kvdal";
import { numbered, patterned, toBytes } from "../kit/bytes.ts";
import { absent, holds, itemsAre, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { meanwhile } from "../kit/meanwhile.ts";
import { ATOMIC_RECORD_WRITE, KNOWN_OUTCOME } from "../kit/need.ts";

const item = (key: string, value: string): { key: Uint8Array; value: Uint8Array } => ({
  key: toBytes(key),
  value: toBytes(value),
});

/** Cases of this topic. */
export const putCases: readonly ConformanceCase[] = [
  {
    id: "put/upsert",
    rules: ["PUT-1"],
    title: "A put of a new key inserts; a put of a present key replaces, and touches no other.",
    needs: [],
    run: async ({ record }) => {
      await record("r").putItems([item("a", "1"), item("b", "1")]);
      await record("r").putItems([item("b", "2"), item("c", "2")]);
      itemsAre("the record", await record("r").read(), [
        ["a", "1"],
        ["b", "2"],
        ["c", "2"],
      ]);
    },
  },
  {
    id: "put/outcome-each",
    rules: ["PUT-1", "PUT-2"],
    title: "A put answers one outcome an item.",
    needs: [],
    run: async ({ record }) => {
      const items = Array.from({ length: 30 }, (_, i) => item(numbered("k", 29 - i), "v"));
      const { outcomes } = await record("r").putItems(items);
      same("outcomes", outcomes.length, 30);
      const removed = await record("r").deleteKeys(["a", "b", "c"]);
      same("outcomes of a deletion of three keys", removed.outcomes.length, 3);
    },
  },
  {
    id: "put/outcome-known",
    rules: ["PUT-1", "TOK-5", "TOK-4"],
    title:
      "Outcomes tell items that took effect from those that a newer write keeps out; a repeat took effect.",
    needs: [KNOWN_OUTCOME],
    run: async ({ record }) => {
      const newer = await record("r").put("b", "newer", { at: 10 });
      same("outcome of the first put", newer.outcomes, ["applied"]);
      // No order but the one given has these outcomes: not that of keys, nor back to front.
      const older = ["c", "b", "d", "a"].map((key) => item(key, "older"));
      const wanted = ["applied", "superseded", "applied", "applied"];
      const first = await record("r").putItems(older, { at: 5 });
      same("outcomes of an older put of c, b, d, a", first.outcomes, wanted);
      const again = await record("r").putItems(older, { at: 5 });
      same("outcomes of its repeat", again.outcomes, wanted);
    },
  },
  {
    id: "put/key-twice",
    rules: ["PUT-1", "ERR-1"],
    title: "A key twice in one put is INVALID_ARGUMENT, and nothing of it is written.",
    needs: [],
    run: async ({ record }) => {
      const put = record("r").putItems([item("a", "1"), item("b", "1"), item("a", "2")]);
      await refused("the put", put, "INVALID_ARGUMENT", "no");
      itemsAre("the record", await record("r").read(), []);
    },
  },
  {
    id: "put/shorter-value",
    rules: ["PUT-1"],
    title:
      "A short value over a long one leaves nothing of the long one, nor of its content metadata.",
    needs: [],
    run: async ({ record }) => {
      const content = { type: "long", note: patterned(100) };
      await record("r").put("k", patterned(20_000), { at: 0, content });
      await record("r").put("k", "short", { at: 1 });
      const found = await record("r").get("k");
      valueIs("the value", found, "short");
      same("the content metadata", found?.metadata.content, undefined);
      await record("r").put("k", "", { at: 2 });
      valueIs("the value after an empty one", await record("r").get("k"), "");
    },
  },
  {
    id: "put/clears-expiry",
    rules: ["PUT-4"],
    title: "A put without time to live takes the expiry of the one before away.",
    needs: [],
    run: async ({ record, clock }) => {
      await record("r").put("k", "expiring", { at: 0, ttl: 10 * SECOND });
      await record("r").put("k", "lasting", { at: 1 });
      same("the expiry", (await record("r").get("k"))?.metadata.lifecycle.expiresAt, undefined);
      clock.advance(11 * SECOND);
      valueIs("the value after the old expiry", await record("r").get("k"), "lasting");
    },
  },
  {
    id: "put/clears-deletion",
    rules: ["PUT-4"],
    title: "A newer put shows again, whether its key, a range around it or the record was deleted.",
    needs: [],
    run: async ({ record }) => {
      await record("item").put("k", "1", { at: 0 });
      await record("item").deleteKeys(["k"], { at: 1 });
      await record("range").put("k", "1", { at: 0 });
      await record("range").deleteRange("a", "z", { at: 1 });
      await record("record").put("k", "1", { at: 0 });
      await record("record").deleteAll({ at: 1 });
      for (const id of ["item", "range", "record"]) {
        absent(`${id} after the deletion`, await record(id).get("k"));
        await record(id).put("k", "2", { at: 2 });
        itemsAre(`${id} after the newer put`, await record(id).read(), [["k", "2"]]);
      }
    },
  },
  {
    id: "put/later-server",
    rules: ["PUT-3"],
    title: "What one server acknowledged is answered by a server that starts afterwards.",
    needs: [],
    run: async ({ record, serve }) => {
      await record("r").put("a", "first", { at: 0 });
      await record("r").put("b", "second", { at: 1 });
      await record("r").deleteKeys(["a"], { at: 2 });
      const later = record("r", { client: await serve("main") });
      itemsAre("the record at a later server", await later.read(), [["b", "second"]]);
    },
  },
  {
    id: "put/all-or-none",
    rules: ["PUT-2"],
    title: "Readers see all items of a put or none of them, while puts go on.",
    needs: [ATOMIC_RECORD_WRITE],
    run: async ({ record, second, wait }) => {
      const keys = Array.from({ length: 20 }, (_, i) => numbered("k", i));
      const write = async (): Promise<void> => {
        for (let at = 0; at < 40; at += 1) {
          await record("r").putItems(
            keys.map((key) => item(key, `round ${at}`)),
            { at },
          );
        }
      };
      const read = async (): Promise<void> => {
        const items = await record("r", { client: second }).read();
        const first = items[0]?.value;
        const whole =
          items.length === 0 ||
          (items.length === keys.length &&
            items.every(({ value }) => equalBytes(value, first as Uint8Array)));
        holds(
          "a read during puts",
          whole,
          items.map(({ value }) => value),
          "all items of one put, or none",
        );
      };
      await meanwhile({ wait }, write(), read);
    },
  },
];
