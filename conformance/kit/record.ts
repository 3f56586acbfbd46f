/** One record, addressed once: the verbs of the client in the words of a case. */
import {
  type ContentMetadata,
  type GetItemsResult,
  type IdempotencyToken,
  type Item,
  type ItemInput,
  type KvClient,
  matchAll,
  matchKeys,
  matchRange,
  type Micros,
  type MutationResult,
  type Predicate,
  type Selection,
} from "kvdal";
import { type Bytes, toBytes } from "./bytes.ts";
import { holds } from "./check.ts";

/** Under which token a write goes: `at` microseconds from the store's beginning, nonce byte `nonce`. */
export type WriteAt = { readonly at?: Micros; readonly nonce?: number };

/** What may be said of a put beside key and value. */
export type PutWish = WriteAt & { readonly ttl?: Micros; readonly content?: ContentMetadata };

/** What a read is of and how; all of the record, in one traversal, by default. */
export type ReadWish = { readonly predicate?: Predicate; readonly selection?: Selection };

/** The record. Without `at`, a write takes the next token of its client. */
export type RecordHandle = {
  readonly put: (key: Bytes, value: Bytes, wish?: PutWish) => Promise<MutationResult>;
  readonly putItems: (items: readonly ItemInput[], wish?: WriteAt) => Promise<MutationResult>;
  readonly deleteKeys: (keys: readonly Bytes[], wish?: WriteAt) => Promise<MutationResult>;
  /** Of `[start, end)`, either end open. */
  readonly deleteRange: (start?: Bytes, end?: Bytes, wish?: WriteAt) => Promise<MutationResult>;
  readonly deleteAll: (wish?: WriteAt) => Promise<MutationResult>;
  /** The item of a key, read by key. */
  readonly get: (key: Bytes) => Promise<Item | undefined>;
  readonly page: (wish?: ReadWish, pageToken?: Uint8Array) => Promise<GetItemsResult>;
  /** Every page until there is no token. Throws when they do not end. */
  readonly pages: (wish?: ReadWish) => Promise<readonly GetItemsResult[]>;
  /** The items of every page. */
  readonly read: (wish?: ReadWish) => Promise<readonly Item[]>;
  /** The items of every page after `first`, none if it was the last. */
  readonly readOn: (first: GetItemsResult, wish?: ReadWish) => Promise<readonly Item[]>;
  /** The items of `[start, end)`. */
  readonly readRange: (
    start?: Bytes,
    end?: Bytes,
    selection?: Selection,
  ) => Promise<readonly Item[]>;
};

/** More pages than any case can need: past it, the traversal does not end (PAGE-4). */
const PAGES_MAX = 5_000;

/** The record `id` of `namespace`, through `client`. */
export function recordOf(
  client: KvClient,
  namespace: string,
  id: string,
  tokenAt: (at: Micros, nonce?: number) => IdempotencyToken,
): RecordHandle {
  const under = ({ at, nonce }: WriteAt = {}): { token?: IdempotencyToken } =>
    at === undefined ? {} : { token: tokenAt(at, nonce) };
  const remove = (predicate: Predicate, wish?: WriteAt): Promise<MutationResult> =>
    client.deleteItems({ namespace, id, predicate, ...under(wish) });
  const page: RecordHandle["page"] = (wish = {}, pageToken) =>
    client.getItems({ namespace, id, ...wish, pageToken });
  const read: RecordHandle["read"] = async (wish) =>
    (await allPages(page, wish)).flatMap((one) => one.items);
  const putItems: RecordHandle["putItems"] = (items, wish) =>
    client.putItems({ namespace, id, items, ...under(wish) });
  return {
    putItems,
    put: (key, value, wish = {}) => putItems([itemOf(key, value, wish)], wish),
    deleteKeys: (keys, wish) => remove(matchKeys(...keys.map(toBytes)), wish),
    deleteRange: (start, end, wish) => remove(rangeOf(start, end), wish),
    deleteAll: (wish) => remove(matchAll, wish),
    get: async (key) => (await read({ predicate: matchKeys(toBytes(key)) }))[0],
    page,
    pages: (wish) => allPages(page, wish),
    read,
    readOn: async (first, wish) =>
      first.nextPageToken === undefined
        ? []
        : (await allPages(page, wish, first.nextPageToken)).flatMap((one) => one.items),
    readRange: (start, end, selection = {}) => read({ predicate: rangeOf(start, end), selection }),
  };
}

/** An item as a put takes it. */
export function itemOf(key: Bytes, value: Bytes, wish: PutWish = {}): ItemInput {
  return {
    key: toBytes(key),
    value: toBytes(value),
    ...(wish.ttl === undefined ? {} : { ttlMicros: wish.ttl }),
    ...(wish.content === undefined ? {} : { content: wish.content }),
  };
}

/** The predicate of `[start, end)`, either end open. */
export function rangeOf(start?: Bytes, end?: Bytes): Predicate {
  return matchRange(
    start === undefined ? undefined : toBytes(start),
    end === undefined ? undefined : toBytes(end),
  );
}

async function allPages(
  page: RecordHandle["page"],
  wish: ReadWish | undefined,
  begin?: Uint8Array,
): Promise<readonly GetItemsResult[]> {
  const pages: GetItemsResult[] = [];
  let pageToken = begin;
  do {
    const one = await page(wish, pageToken);
    pages.push(one);
    pageToken = one.nextPageToken;
    holds("pages of one traversal", pages.length < PAGES_MAX, pages.length, "an end (PAGE-4)");
  } while (pageToken !== undefined);
  return pages;
}
