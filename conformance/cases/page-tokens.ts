/** Page tokens: good for their traversal on any server, and for nothing else (PAGE-3). */
import { concatBytes, matchKeys, type Predicate } from "kvdal";
import { numbered, toBytes } from "../kit/bytes.ts";
import { holds, keysAre, refused, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { rangeOf, type ReadWish, type RecordHandle } from "../kit/record.ts";

const KEYS: readonly string[] = Array.from({ length: 12 }, (_, i) => numbered("k", i));
const SOME: readonly string[] = [1, 2, 4].map((n) => numbered("k", n));
const ONE_EACH: ReadWish = { selection: { pageSizeBytes: 1 } };

async function fill(record: RecordHandle): Promise<void> {
  await record.putItems(
    KEYS.map((key) => ({ key: toBytes(key), value: toBytes("v") })),
    { at: 0 },
  );
}

/** The token after the first page. */
async function firstToken(record: RecordHandle, wish: ReadWish = ONE_EACH): Promise<Uint8Array> {
  const { nextPageToken } = await record.page(wish);
  holds("the first page's token", nextPageToken !== undefined, nextPageToken, "a token");
  return nextPageToken as Uint8Array;
}

/** Cases of this topic. */
export const pageTokenCases: readonly ConformanceCase[] = [
  {
    id: "page-tokens/any-server",
    rules: ["PAGE-3"],
    title: "A traversal goes on at another server, page by page.",
    needs: [],
    run: async ({ record, second }) => {
      await fill(record("r"));
      const servers = [record("r"), record("r", { client: second })] as const;
      const seen = [];
      let token: Uint8Array | undefined;
      for (let i = 0; i === 0 || token !== undefined; i += 1) {
        const page = await (i % 2 === 0 ? servers[0] : servers[1]).page(ONE_EACH, token);
        seen.push(...page.items);
        token = page.nextPageToken;
        holds("pages", i < 50, i, "an end");
      }
      keysAre("all items", seen, KEYS);
    },
  },
  {
    id: "page-tokens/again",
    rules: ["PAGE-3"],
    title: "A token can be used again and gives the same page.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"));
      const token = await firstToken(record("r"));
      for (let i = 0; i < 3; i += 1) {
        const page = await record("r").page(ONE_EACH, token);
        keysAre("the second page", page.items, KEYS.slice(1, 2));
      }
      const larger = await record("r").page({ selection: { pageSizeBytes: 24 } }, token);
      keysAre("a larger second page", larger.items, KEYS.slice(1, 4));
    },
  },
  {
    id: "page-tokens/tampered",
    rules: ["PAGE-3", "ERR-1"],
    title: "A token with any byte changed, cut short or lengthened is INVALID_ARGUMENT.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"));
      const token = await firstToken(record("r"));
      const flipped = Array.from(token, (byte, i) => {
        const changed = token.slice();
        changed[i] = byte ^ 0x01;
        return changed;
      });
      const cut = [token.slice(0, -1), token.slice(1), token.slice(0, 4), new Uint8Array(0)];
      const longer = [concatBytes(token, Uint8Array.of(0)), concatBytes(token, token)];
      for (const wrong of [...flipped, ...cut, ...longer]) {
        await refused("a changed token", record("r").page(ONE_EACH, wrong), "INVALID_ARGUMENT");
      }
      const page = await record("r").page(ONE_EACH, token);
      keysAre("the page of the true token", page.items, KEYS.slice(1, 2));
    },
  },
  {
    id: "page-tokens/other-record",
    rules: ["PAGE-3", "ERR-1"],
    title: "A token of another record or namespace is INVALID_ARGUMENT.",
    needs: [],
    namespaces: { main: {}, main2: {} },
    run: async ({ record }) => {
      for (const one of [record("r"), record("s"), record("r", { namespace: "main2" })]) {
        await fill(one);
      }
      const token = await firstToken(record("r"));
      await refused("at another record", record("s").page(ONE_EACH, token), "INVALID_ARGUMENT");
      const elsewhere = record("r", { namespace: "main2" }).page(ONE_EACH, token);
      await refused("in another namespace", elsewhere, "INVALID_ARGUMENT");
    },
  },
  {
    id: "page-tokens/other-predicate",
    rules: ["PAGE-3", "ERR-1"],
    title: "A token of another predicate, or another range or list of keys, is INVALID_ARGUMENT.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"));
      const { selection = {} } = ONE_EACH;
      const predicates: readonly Predicate[] = [
        rangeOf(KEYS[0], KEYS[9]),
        rangeOf(KEYS[0]),
        rangeOf(undefined, KEYS[9]),
        rangeOf("", undefined),
        rangeOf(),
        matchKeys(...KEYS.map(toBytes)),
        matchKeys(...KEYS.slice(0, 5).map(toBytes)),
      ];
      const all = await firstToken(record("r"));
      for (const [i, predicate] of predicates.entries()) {
        const page = record("r").page({ predicate, selection }, all);
        await refused(`a token of the record, predicate ${i}`, page, "INVALID_ARGUMENT");
        const token = await firstToken(record("r"), { predicate, selection });
        const next = predicates[(i + 1) % predicates.length] as Predicate;
        const other = record("r").page({ predicate: next, selection }, token);
        await refused(`a token of predicate ${i} for the next one`, other, "INVALID_ARGUMENT");
      }
    },
  },
  {
    id: "page-tokens/other-direction",
    rules: ["PAGE-3", "ERR-1"],
    title: "A token of the other direction is INVALID_ARGUMENT.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"));
      const reverse: ReadWish = { selection: { pageSizeBytes: 1, reverse: true } };
      const forward = await firstToken(record("r"));
      await refused("a forward token", record("r").page(reverse, forward), "INVALID_ARGUMENT");
      const backward = await firstToken(record("r"), reverse);
      await refused("a reverse token", record("r").page(ONE_EACH, backward), "INVALID_ARGUMENT");
    },
  },
  {
    id: "page-tokens/insert-between-pages",
    rules: ["PAGE-2"],
    title: "Items put between pages never make another item come twice or not at all.",
    needs: [],
    run: async ({ record }) => {
      await fill(record("r"));
      for (const reverse of [false, true]) {
        const wish: ReadWish = { selection: { pageSizeBytes: 16, reverse } };
        const first = await record("r").page(wish);
        // Around the cursor on both sides, just beside it, and an overwrite of what was already seen.
        for (const key of ["", "k0", `${KEYS[1]}\0`, `${KEYS[10]}\0`, KEYS[1] ?? "", "z"]) {
          await record("r").put(key, "new", { at: 1 });
        }
        const rest = await record("r").readOn(first, wish);
        const seen = [...first.items, ...rest].map(({ key }) => new TextDecoder().decode(key));
        same(
          "keys seen twice",
          seen.filter((key, i) => seen.indexOf(key) !== i),
          [],
        );
        const old = seen.filter((key) => KEYS.includes(key));
        same("keys that were there all along", old, reverse ? KEYS.toReversed() : KEYS);
        await record("r").deleteKeys(["", "k0", `${KEYS[1]}\0`, `${KEYS[10]}\0`, "z"], { at: 2 });
      }
    },
  },
  {
    id: "page-tokens/delete-between-pages",
    rules: ["PAGE-2", "PAGE-4"],
    title:
      "Deleting between pages, the cursor's own item too, loses no survivor and returns no dead one.",
    needs: [],
    run: async ({ record }) => {
      const wish: ReadWish = { selection: { pageSizeBytes: 16 } };
      for (const id of ["by key", "by range"]) {
        await fill(record(id));
        const first = await record(id).page(wish);
        keysAre("the first page", first.items, KEYS.slice(0, 2));
        if (id === "by range") await record(id).deleteRange(KEYS[0], KEYS[5], { at: 1 });
        else await record(id).deleteKeys(SOME, { at: 1 });
        const rest = await record(id).readOn(first, wish);
        const wanted = id === "by key" ? [KEYS[3] ?? "", ...KEYS.slice(5)] : KEYS.slice(5);
        keysAre(`the rest, deleted ${id}`, rest, wanted);
      }
    },
  },
];
