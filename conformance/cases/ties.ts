/** At one microsecond: rank, expiry, nonce decide, everywhere alike, and a row is never two writers' (TOK-5, TOK-6). */
import { type ContentMetadata, SECOND } from "kvdal";
import { type Bytes, toBytes } from "../kit/bytes.ts";
import { holds, itemsAre, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { TOTAL_ORDER } from "../kit/need.ts";
import type { PutWish, RecordHandle } from "../kit/record.ts";
import type { ConformanceStore } from "../kit/store.ts";

type Write = { readonly value: Bytes; readonly wish: PutWish };

/** Sends both writes in both orders, to two records, and wants `winner` in each. */
async function wins(store: ConformanceStore, loser: Write, winner: Write): Promise<void> {
  const orders: Readonly<Record<string, readonly Write[]>> = {
    "winner last": [loser, winner],
    "winner first": [winner, loser],
  };
  for (const [name, writes] of Object.entries(orders)) {
    for (const { value, wish } of writes) {
      await store.record(name).put("k", value, { at: 0, ...wish });
    }
    const item = await store.record(name).get("k");
    valueIs(`the value, ${name}`, item, winner.value);
    same(`the content metadata, ${name}`, item?.metadata.content, winner.wish.content);
  }
}

/** Puts and deletes at one instant, in both orders, the put with the higher nonce: the deletion wins. */
async function deletionWins(
  store: ConformanceStore,
  remove: (record: RecordHandle) => Promise<unknown>,
  wish: PutWish = {},
): Promise<void> {
  const put = (record: RecordHandle): Promise<unknown> =>
    record.put("k", "v", { at: 0, nonce: 0xee, ...wish });
  await put(store.record("deletion last"));
  await remove(store.record("deletion last"));
  await remove(store.record("deletion first"));
  await put(store.record("deletion first"));
  for (const id of ["deletion last", "deletion first"]) {
    itemsAre(`the record, ${id}`, await store.record(id).read(), []);
  }
}

const at = { at: 0, nonce: 0x01 };

/** Content metadata that names its writer. */
const by = (writer: string): ContentMetadata => ({
  type: writer,
  note: toBytes(`note of ${writer}`),
});

/** Cases of this topic. */
export const tieCases: readonly ConformanceCase[] = [
  {
    id: "ties/nonce",
    rules: ["TOK-5", "TOK-6"],
    title: "The higher nonce wins, in both orders of arrival, whatever values and metadata say.",
    needs: [],
    run: async (store) => {
      const loser = { value: "zzz", wish: { nonce: 0x10, content: by("z") } };
      await wins(store, loser, { value: "aaa", wish: { nonce: 0x20, content: by("a") } });
    },
  },
  {
    id: "ties/nonce-unsigned",
    rules: ["TOK-5", "TOK-6"],
    title: "Nonces compare as unsigned bytes: 80 wins over 7f.",
    needs: [],
    run: (store) =>
      wins(store, { value: "b", wish: { nonce: 0x7f } }, { value: "a", wish: { nonce: 0x80 } }),
  },
  {
    id: "ties/empty-value-wins",
    rules: ["TOK-6", "DATA-3"],
    title:
      "An empty value without metadata wins with the higher nonce, and nothing of the loser shows.",
    needs: [],
    run: async (store) => {
      const loser = { value: "something", wish: { nonce: 0x10, content: by("loser") } };
      await wins(store, loser, { value: "", wish: { nonce: 0x20 } });
    },
  },
  {
    id: "ties/rank",
    rules: ["TOK-5", "TOK-6"],
    title: "A put with an expiry wins over one without, whatever the nonces.",
    needs: [TOTAL_ORDER],
    run: async (store) => {
      const loser = { value: "lasting", wish: { nonce: 0xee } };
      await wins(store, loser, { value: "expiring", wish: { nonce: 0x11, ttl: 600 * SECOND } });
    },
  },
  {
    id: "ties/expiry",
    rules: ["TOK-5", "TOK-6"],
    title: "The later expiry wins, whatever the nonces, also when they are a microsecond apart.",
    needs: [TOTAL_ORDER],
    run: async (store) => {
      const sooner = { value: "sooner", wish: { nonce: 0xee, ttl: 600 * SECOND } };
      const later = { value: "later", wish: { nonce: 0x11, ttl: 600 * SECOND + 1 } };
      await wins(store, sooner, later);
    },
  },
  {
    id: "ties/put-and-item-delete",
    rules: ["TOK-5", "DEL-4"],
    title: "A deletion of the item wins over a put of its instant.",
    needs: [],
    run: (store) => deletionWins(store, (record) => record.deleteKeys(["k"], at)),
  },
  {
    id: "ties/put-and-range-delete",
    rules: ["TOK-5", "DEL-4"],
    title: "A deletion of a range wins over a put of its instant.",
    needs: [],
    run: (store) => deletionWins(store, (record) => record.deleteRange("k", "l", at)),
  },
  {
    id: "ties/put-and-record-delete",
    rules: ["TOK-5", "DEL-4"],
    title: "A deletion of the record wins over a put of its instant.",
    needs: [],
    run: (store) => deletionWins(store, (record) => record.deleteAll(at)),
  },
  {
    id: "ties/expiring-put-and-delete",
    rules: ["TOK-5", "DEL-4"],
    title: "A deletion of the item wins over a put with an expiry of its instant.",
    needs: [],
    run: (store) =>
      deletionWins(store, (record) => record.deleteKeys(["k"], at), { ttl: 600 * SECOND }),
  },
  {
    id: "ties/never-a-blend",
    rules: ["TOK-6"],
    title:
      "Many writers at one instant leave value and metadata of the one with the highest nonce.",
    needs: [],
    run: async ({ record, second }) => {
      const writers = Array.from({ length: 16 }, (_, n) => (n * 7 + 3) % 16);
      for (let round = 0; round < 5; round += 1) {
        const key = `k${round}`;
        const puts = writers.map((n) =>
          record("r", n % 2 === 0 ? {} : { client: second }).put(key, `value of ${n}`, {
            at: 0,
            nonce: n * 16,
            content: by(`${n}`),
          }),
        );
        await Promise.all(puts);
        const item = await record("r").get(key);
        const note = item?.metadata.content;
        const isWhole = item !== undefined && note?.type !== undefined;
        holds(`${key}: the item`, isWhole, item, "a value with its metadata");
        valueIs(`${key}: the value`, item, "value of 15");
        same(`${key}: the metadata`, note, by("15"));
      }
    },
  },
  {
    id: "ties/several-items",
    rules: ["TOK-6", "PUT-1"],
    title:
      "Two puts of the same three items at one instant, at once, leave all three of one writer.",
    needs: [],
    run: async ({ record, second }) => {
      const items = (writer: string): { key: Uint8Array; value: Uint8Array }[] =>
        ["a", "b", "c"].map((key) => ({ key: toBytes(key), value: toBytes(writer) }));
      await Promise.all([
        record("r").putItems(items("high"), { at: 0, nonce: 0xfe }),
        record("r", { client: second }).putItems(items("low"), { at: 0, nonce: 0x01 }),
      ]);
      itemsAre("the record", await record("r").read(), [
        ["a", "high"],
        ["b", "high"],
        ["c", "high"],
      ]);
    },
  },
];
