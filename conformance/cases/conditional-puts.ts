/** Puts that ask for absence: offered where the engine declares it, refused elsewhere, and idempotent (PUT-5). */
import { type KvClient, type Micros, SECOND, type WriteOutcome } from "kvdal";
import { type Bytes, patterned, toBytes } from "../kit/bytes.ts";
import { absent, itemsAre, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { CONDITIONAL_PUT, NO_CONDITIONAL_PUT } from "../kit/need.ts";
import type { RecordHandle } from "../kit/record.ts";
import type { ConformanceStore } from "../kit/store.ts";

/** What may be said of a conditional put. */
type InsertWish = {
  readonly at?: Micros;
  readonly ttl?: Micros;
  readonly client?: KvClient;
  readonly id?: string;
};

/** A put of the item `k` of a record, by default `r`, where there is none: its outcome. */
async function insert(
  { client: first, namespace, token }: ConformanceStore,
  value: Bytes,
  { at, ttl, client = first, id = "r" }: InsertWish = {},
): Promise<WriteOutcome | undefined> {
  const expiry = ttl === undefined ? {} : { ttlMicros: ttl };
  const { outcomes } = await client.putItems({
    namespace: namespace(),
    id,
    ...(at === undefined ? {} : { token: token(at) }),
    items: [{ key: toBytes("k"), value: toBytes(value), ...expiry }],
    ifAbsent: true,
  });
  return outcomes[0];
}

/** Cases of this topic. */
export const conditionalPutCases: readonly ConformanceCase[] = [
  {
    id: "conditional-puts/first-stays",
    rules: ["PUT-5"],
    title: "The first put stays, whatever the tokens of later ones; a repeat of it took effect.",
    needs: [CONDITIONAL_PUT],
    run: async (store) => {
      const { record, second } = store;
      await record("r").put("other", "v");
      same("the first put", await insert(store, "first", { at: 10 }), "applied");
      same("a newer one", await insert(store, "newer", { at: 20, client: second }), "present");
      same("an older one", await insert(store, "older", { at: 5 }), "present");
      same("a repeat of the first", await insert(store, "first", { at: 10 }), "applied");
      itemsAre("the record", await record("r").read(), [
        ["k", "first"],
        ["other", "v"],
      ]);
    },
  },
  {
    id: "conditional-puts/one-of-many",
    rules: ["PUT-5"],
    title: "Of eight such puts at once one takes effect, and its caller alone is told so.",
    needs: [CONDITIONAL_PUT],
    run: async (store) => {
      const { client, second, record } = store;
      const values = Array.from({ length: 8 }, (_, i) => `writer ${i}`);
      const outcomes = await Promise.all(
        values.map((value, i) =>
          insert(store, value, { at: 100 - i, client: i % 2 === 0 ? client : second }),
        ),
      );
      const won = values.filter((_, i) => outcomes[i] === "applied");
      same("how many took effect", won.length, 1);
      valueIs("the item", await record("r").get("k"), won[0] as string);
    },
  },
  {
    id: "conditional-puts/where-one-was",
    rules: ["PUT-5", "PUT-4", "TTL-1"],
    title:
      "What was deleted before the put, or has expired, is absent; what is deleted later is not.",
    needs: [CONDITIONAL_PUT],
    run: async (store) => {
      const { record, clock } = store;
      await record("r").put("k", "old", { at: 0 });
      await record("r").deleteKeys(["k"], { at: 20 });
      same("older than the deletion", await insert(store, "older", { at: 10 }), "present");
      absent("the item", await record("r").get("k"));
      same("after it", await insert(store, "short", { at: 30, ttl: 2 * SECOND }), "applied");
      clock.advance(3 * SECOND);
      same("after its end", await insert(store, "new", { at: 3 * SECOND }), "applied");
      valueIs("the item", await record("r").get("k"), "new");
    },
  },
  {
    id: "conditional-puts/under-a-deletion",
    rules: ["PUT-5", "DEL-4", "DEL-1", "DEL-2"],
    title:
      "What a newer deletion of range or record covers is not put, with an item there or without; after it, it is.",
    needs: [CONDITIONAL_PUT],
    run: async (store) => {
      const removals = {
        range: (record: RecordHandle) => record.deleteRange("j", "l", { at: 20 }),
        record: (record: RecordHandle) => record.deleteAll({ at: 20 }),
      };
      for (const [name, remove] of Object.entries(removals)) {
        for (const before of ["nothing", "an item"]) {
          const id = `${name}, ${before}`;
          const record = store.record(id);
          if (before === "an item") await record.put("k", "old", { at: 0 });
          await remove(record);
          same(`${id}: older`, await insert(store, "older", { at: 10, id }), "present");
          absent(`${id}: the item`, await record.get("k"));
          same(`${id}: newer`, await insert(store, "newer", { at: 30, id }), "applied");
          valueIs(`${id}: the item`, await record.get("k"), "newer");
        }
      }
    },
  },
  {
    id: "conditional-puts/large-value",
    rules: ["PUT-5", "CHUNK-2"],
    title: "A value in chunks is put where there is none, and does not touch one that is there.",
    needs: [CONDITIONAL_PUT],
    run: async (store) => {
      const { record } = store;
      const large = patterned(3 * 1024 * 1024);
      same("the first put", await insert(store, large), "applied");
      same("another", await insert(store, patterned(2 * 1024 * 1024)), "present");
      valueIs("the item", await record("r").get("k"), large);
    },
  },
  {
    id: "conditional-puts/one-item",
    rules: ["PUT-5", "ERR-1"],
    title: "A condition on several items is refused, and nothing is written.",
    needs: [CONDITIONAL_PUT],
    run: async ({ client, namespace, record }) => {
      const items = ["a", "b"].map((key) => ({ key: toBytes(key), value: toBytes("v") }));
      const put = client.putItems({ namespace: namespace(), id: "r", items, ifAbsent: true });
      await refused("a condition on two items", put, "INVALID_ARGUMENT", "no");
      itemsAre("the record", await record("r").read(), []);
    },
  },
  {
    id: "conditional-puts/unsupported",
    rules: ["PUT-5", "ERR-1"],
    title: "Where the engine has no conditional put, one is refused, and nothing is written.",
    needs: [NO_CONDITIONAL_PUT],
    run: async (store) => {
      await refused("a conditional put", insert(store, "v"), "UNSUPPORTED", "no");
      itemsAre("the record", await store.record("r").read(), []);
    },
  },
];
