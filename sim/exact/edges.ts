/** Calls at the very edge of what is allowed, and callers who gave up or whose sources fail. */
import {
  concatBytes,
  HOUR,
  ID_BYTES_MAX,
  ITEMS_PER_REQUEST_MAX,
  KEY_BYTES_MAX,
  keyOnly,
  KvError,
  matchAll,
  matchKeys,
  matchRange,
  MILLISECOND,
  utf8,
} from "kvdal";
import { type KvClient, sleep } from "kvdal/client";
import { CountedSource } from "./counted-source.ts";
import { difference, differences, tableDifference } from "./difference.ts";
import { type Asked, type ExactCall, put, read, refusal } from "./exact-call.ts";

/** Values of the sizes at which something changes: of a row, of a chunk, and a byte more. */
const SIZES: ExactCall = {
  rule: "CHUNK-1",
  says: "values as long as rows and chunks may be, and a byte longer",
  ask: async (asked) => {
    const { chunkAboveBytes, chunkBytes } = asked;
    const many = Math.ceil((chunkAboveBytes + 1) / chunkBytes) + 1;
    const sizes = [chunkAboveBytes, chunkAboveBytes + 1, many * chunkBytes, many * chunkBytes + 1];
    for (const size of sizes) {
      const value = new Uint8Array(size).fill(size);
      const item = { key: utf8("size"), value };
      await put(asked, [item]);
      const items = await read(asked, matchKeys(item.key));
      const told = items.map((one) => [one.value, one.metadata.chunk?.totalBytes]);
      const names = { rows: [`one of ${size} bytes`], columns: ["value", "bytes in chunks"] };
      const inChunks = size > chunkAboveBytes ? size : undefined;
      const flaw = tableDifference(names, told, [[value, inChunks]]);
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  },
};

/** The longest id and key, and the range that begins after it. */
const LONGEST: ExactCall = {
  rule: "DATA-4",
  says: "the longest id and the longest key",
  ask: async (asked) => {
    const { namespace } = asked;
    const id = asked.id.padEnd(ID_BYTES_MAX, "-");
    const key = new Uint8Array(KEY_BYTES_MAX).fill(7);
    const items = [keyOnly(key)];
    await asked.call((client) => client.putItems({ namespace, id, items, token: asked.token() }));
    const after = concatBytes(key, Uint8Array.of(0));
    const counts: number[] = [];
    for (const predicate of [matchAll, matchKeys(key), matchRange(after, undefined)]) {
      const page = await asked.call((client) => client.getItems({ namespace, id, predicate }));
      counts.push(page.items.length);
    }
    await asked.call((client) => client.deleteItems({ namespace, id, token: asked.token() }));
    const { items: left } = await asked.call((client) => client.getItems({ namespace, id }));
    return differences([
      ["items of the record", counts[0], 1],
      ["items by that key", counts[1], 1],
      ["items after it", counts[2], 0],
      ["items left when all is deleted", left.length, 0],
    ]);
  },
};

/** More items than have a stamp each in the cache, changed and read again. */
const MANY: ExactCall = {
  rule: "PUT-1",
  says: "a put of twenty items over others",
  ask: async (asked) => {
    const keys = Array.from({ length: 20 }, (_, i) => utf8(`many ${i}`));
    for (const text of ["first", "second"]) {
      const items = keys.map((key) => ({ key, value: utf8(text) }));
      await put(asked, items);
      for (const predicate of [matchKeys(keys[3]!), matchRange(utf8("many"), utf8("manz"))]) {
        const all = await read(asked, predicate);
        const found = all.filter(({ value }) => value.length === text.length);
        const wanted = predicate.kind === "match_keys" ? 1 : keys.length;
        const of = wanted === 1 ? "by one key" : "by a range";
        const flaw = differences([[`items of the ${text} put ${of}`, found.length, wanted]]);
        if (flaw !== undefined) return flaw;
      }
    }
    return undefined;
  },
};

/** When it was written, and until when it lives, by its token alone. */
const LIVES: ExactCall = {
  rule: "TTL-2",
  says: "when items were written and when they end",
  ask: async (asked) => {
    const token = asked.token();
    const ttlMicros = HOUR;
    const items = [{ ...keyOnly(utf8("life 1")), ttlMicros }, keyOnly(utf8("life 2"))];
    await put(asked, items, token);
    const found = await read(asked, matchKeys(items[0]!.key, items[1]!.key));
    const writeTime = token.generationTime;
    const wanted = [[{ writeTime, expiresAt: writeTime + ttlMicros }], [{ writeTime }]];
    const rows = ["an item that lives an hour", "one that does not end"];
    const lives = found.map(({ metadata }) => [metadata.lifecycle]);
    return tableDifference({ rows, columns: ["times"] }, lives, wanted);
  },
};

/** As many keys as one read may name. */
const MOST_KEYS: ExactCall = {
  rule: "GET-2",
  says: "a read of as many keys as may be named",
  ask: async (asked) => {
    const names = Array.from({ length: ITEMS_PER_REQUEST_MAX }, (_, i) => utf8(`absent ${i}`));
    const { namespace, id } = asked;
    // One page: there is nothing in any.
    const input = { namespace, id, predicate: matchKeys(...names) };
    return difference((await asked.call((client) => client.getItems(input))).items, []);
  },
};

type Given = (asked: Asked) => (client: KvClient) => Promise<unknown>;
const gone = { signal: AbortSignal.abort() };

/** Who has given up already is told so, and nothing is done. */
const GIVEN_UP: readonly Given[] = [
  ({ namespace, id, token }) =>
    (client) =>
      client.putItems({ namespace, id, items: [keyOnly(utf8("gone"))], token: token() }, gone),
  ({ namespace, id }) =>
    (client) =>
      client.getItems({ namespace, id }, gone),
  ({ namespace, id, token }) =>
    (client) =>
      client.deleteItems({ namespace, id, token: token() }, gone),
  ({ namespace }) =>
    (client) =>
      client.scanItems({ namespace }, gone),
  ({ namespace }) =>
    async (client) => {
      for await (const _ of client.scan({ namespace }, gone)) break;
    },
  ({ namespace }) =>
    async (client) => {
      const from = { namespace, segments: ["begin" as const] };
      for await (const _ of client.scan({ from }, gone)) break;
    },
];

const ABORTED: ExactCall = {
  rule: "SLO-3",
  says: "calls whose caller has given up",
  ask: async (asked) => {
    for (const given of GIVEN_UP) {
      const flaw = await refusal(asked, "CANCELLED", given(asked));
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  },
};

const PIECE = utf8("a piece");

const SOURCES: ExactCall = {
  rule: "CHUNK-3",
  says: "a source that ends is not stopped, and one that fails puts nothing",
  ask: async (asked) => {
    const { namespace, id, chunkAboveBytes } = asked;
    const key = utf8("source");
    const stream = (source: AsyncIterable<Uint8Array>) =>
      asked.call((client) => client.putValue({ namespace, id, key, token: asked.token() }, source));
    const whole = new CountedSource(PIECE, 3, "ends");
    await stream(whole);
    const broken = new CountedSource(PIECE, chunkAboveBytes, new RangeError("the source broke"));
    // One that cannot be told to stop.
    const failing = { [Symbol.asyncIterator]: () => ({ next: () => broken.next() }) };
    let told = "nothing";
    try {
      await stream(failing);
    } catch (error) {
      told = error instanceof KvError ? error.code : (error as Error).message;
    }
    const items = await read(asked, matchKeys(key));
    const value = concatBytes(PIECE, PIECE, PIECE);
    return differences([
      ["times that the one that ends is stopped", whole.stops, 0],
      ["error of the one that fails", told, "the source broke"],
      ["values afterwards", items.map((item) => item.value), [value]],
    ]);
  },
};

/** Reads of one thing until one of them is the cache's; more than a marker or an open breaker can last. */
const LOOKS = 12;

const CACHED: ExactCall = {
  rule: "CACHE-1",
  says: "reads that are repeated come from the cache",
  ask: async (asked) => {
    const { namespace, id, isCached, env } = asked;
    if (!isCached) return undefined;
    const item = keyOnly(utf8("hot"));
    await asked.call((client) =>
      client.putItems({ namespace, id: `${id}h`, items: [item], token: asked.token() }),
    );
    for (const predicate of [matchKeys(item.key), matchAll]) {
      let hits = 0;
      for (let look = 0; look < LOOKS; look += 1) {
        const input = { namespace, id: `${id}h`, predicate };
        await asked.call((client) => client.getItems(input));
        if (asked.wasCached()) hits += 1;
        else await sleep(env.timers, 10 * MILLISECOND);
      }
      if (hits === 0) return `none of ${LOOKS} reads of ${predicate.kind} did`;
    }
    return undefined;
  },
};

/** In this order, between those that are answered and those that are refused. */
export const EDGES: readonly ExactCall[] = [
  SIZES,
  LONGEST,
  MANY,
  LIVES,
  MOST_KEYS,
  ABORTED,
  SOURCES,
  CACHED,
];
