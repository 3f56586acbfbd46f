/** Requests to stage chunks and to get some, at the very bounds and a step beyond (CHUNK-6, DATA-4, TOK-3). */
import { ID_BYTES_MAX, KEY_BYTES_MAX, type KvErrorCode, SECOND, utf8 } from "kvdal";
import type { Asked, ExactCall } from "./exact-call.ts";
import { firstFlaw, House, HOUSE_CHUNKS, refusedWith } from "./house.ts";
import { differences } from "./difference.ts";

const ID = "staged";
const KEY = utf8("k");
const OPTIONS = {
  maxValueBytes: 40,
  chunking: { aboveBytes: 10, chunkBytes: 8, requestBytesMax: 16 },
  tokens: { maxAge: 10 * SECOND, maxDrift: SECOND },
};
/** Most chunks of a value. */
const CHUNKS_MAX = 2 ** 31;
const chunksOf = (...lengths: readonly number[]): readonly Uint8Array[] =>
  lengths.map((length) => new Uint8Array(length));

/** Changes to a request that is right, and how it is refused then. */
type Wrong = readonly (readonly [string, KvErrorCode, object])[];

/** Whose chunks they are: of either request. */
const WHOSE: Wrong = [
  ["an empty id", "INVALID_ARGUMENT", { id: "" }],
  ["a long id", "TOO_LARGE", { id: "i".repeat(ID_BYTES_MAX + 1) }],
  ["a long key", "TOO_LARGE", { key: new Uint8Array(KEY_BYTES_MAX + 1) }],
  ["a key that is no bytes", "INVALID_ARGUMENT", { key: "k" }],
];

/** What is staged. */
const WHAT: Wrong = [
  ["a short staging", "INVALID_ARGUMENT", { staging: new Uint8Array(7) }],
  ["chunks of no byte", "INVALID_ARGUMENT", { chunkBytes: 0, chunks: chunksOf(0) }],
  ["chunks of half a byte", "INVALID_ARGUMENT", { chunkBytes: 0.5 }],
  ["no chunk", "INVALID_ARGUMENT", { chunks: [] }],
  ["an empty chunk", "INVALID_ARGUMENT", { chunks: chunksOf(8, 0) }],
  ["a short chunk before another", "INVALID_ARGUMENT", { chunks: chunksOf(7, 8) }],
  ["a long chunk", "INVALID_ARGUMENT", { chunks: chunksOf(8, 9) }],
  ["one before the first", "INVALID_ARGUMENT", { first: -1 }],
  ["one between two", "INVALID_ARGUMENT", { first: 0.5 }],
  ["one past the last there can be", "INVALID_ARGUMENT", { first: CHUNKS_MAX - 1 }],
  ["more than a request may have", "TOO_LARGE", { chunks: chunksOf(8, 8, 1) }],
  ["more than a value may have", "TOO_LARGE", { first: 4, chunks: chunksOf(8, 1) }],
];

const STAGED: ExactCall = {
  rule: "CHUNK-6",
  says: "chunks that are staged, and requests to stage chunks that are refused",
  ask: async (asked: Asked) => {
    const house = await House.open(asked, OPTIONS);
    const token = asked.token();
    const right = { id: ID, key: KEY, token, staging: new Uint8Array(8), chunkBytes: 8, first: 0 };
    const stage = (changes: object): Promise<unknown> =>
      house.straight({ kind: "stage_chunks", ...right, chunks: chunksOf(8, 8), ...changes });
    const now = house.env.clock.wall();
    const at = (generationTime: number) => ({ token: { ...token, generationTime } });
    const { maxAge, maxDrift } = OPTIONS.tokens;
    const { inlineBytesMax } = house.store.capabilities;
    const wrong: Wrong = [
      ...WHOSE,
      ...WHAT,
      ["an old token", "TOKEN_FROM_PAST", at(now - maxAge - 1)],
      ["a token of tomorrow", "TOKEN_FROM_FUTURE", at(now + maxDrift + 1)],
      ["no token", "INVALID_ARGUMENT", at(0)],
      ["long chunks", "INVALID_ARGUMENT", { chunkBytes: inlineBytesMax + 1, chunks: chunksOf(1) }],
    ];
    const flaw = await firstFlaw(
      wrong.map(([says, code, changes]) => [says, () => refusedWith(code, () => stage(changes))]),
    );
    if (flaw !== undefined) return flaw;
    const none = (await house.allRows(HOUSE_CHUNKS)).length;
    await stage({});
    // A request may have one chunk, however long; and the last one of the longest value.
    await stage({ chunkBytes: 17, chunks: chunksOf(17) });
    await stage({ chunkBytes: inlineBytesMax, chunks: chunksOf(1) });
    await stage({ first: 4, chunks: chunksOf(8), ...at(now + maxDrift) });
    const some = (await house.allRows(HOUSE_CHUNKS)).length;
    return differences([
      ["chunks of those that were refused", none, 0],
      ["chunks of those that were not", some, 3],
    ]);
  },
};

const GOT: ExactCall = {
  rule: "DATA-4",
  says: "requests for chunks of records and keys that are none",
  ask: async (asked) => {
    const house = await House.open(asked, OPTIONS);
    const sizes = { count: 1, chunkBytes: 8, totalBytes: 8, checksum: new Uint8Array(4) };
    const chunk = { ...sizes, staging: new Uint8Array(8), token: asked.token() };
    const right = { kind: "get_chunks", id: ID, key: KEY, first: 0, count: 1, chunk };
    const get = (changes: object): Promise<unknown> => house.straight({ ...right, ...changes });
    return firstFlaw([
      ...WHOSE.map(
        ([says, code, changes]) => [says, () => refusedWith(code, () => get(changes))] as const,
      ),
      // Any one chunk may be got, however long.
      [
        "a long chunk that is not there",
        () => refusedWith("DATA_LOSS", () => get({ chunk: { ...chunk, chunkBytes: 17 } })),
      ],
      ["chunks that are not there", () => refusedWith("DATA_LOSS", () => get({}))],
    ]);
  },
};

/** In this order. */
export const STAGING: readonly ExactCall[] = [STAGED, GOT];
