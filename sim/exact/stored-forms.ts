/** What is stored, and what page tokens are sealed over, byte by byte: servers of other releases read it, too. */
import { encodeVersion, fromHex, matchKeys, matchRange, toHex, utf8, type Version } from "kvdal";
import { neverAborted } from "kvdal/client";
import { bucketOf, encodeRowPlace } from "kvdal/engine";
import { MAC_BYTES } from "kvdal/service";
import { differences, tableDifference } from "./difference.ts";
import type { Asked, ExactCall } from "./exact-call.ts";
import { House, HOUSE, HOUSE_CHUNKS, HOUSE_LOG } from "./house.ts";

/** When all of it is put: later than any world's clock shows. */
const TIME = 2_000_000_000_000_000;
const NONCE = new Uint8Array(16).fill(5);
const TOKEN = { generationTime: TIME, nonce: NONCE };
/** Not all of it Latin. */
const ID = "a–é";
const KEY = utf8("k");
const AT = { namespace: HOUSE, id: ID };
const CHUNKING = { aboveBytes: 10, chunkBytes: 8, requestBytesMax: 16 };

/** Those in hexadecimal. */
const NONCE_HEX = "05".repeat(16);
const ID_HEX = "61e28093c3a9";
const HOUSE_HEX = "686f757365";

/** A house with a log, in which that is the time. */
async function houseThen(asked: Asked): Promise<House> {
  const house = await House.open(asked, { chunking: CHUNKING }, { log: {} });
  house.pass(TIME - house.env.clock.wall());
  return house;
}

const NAMES: ExactCall = {
  rule: "TOK-5",
  says: "versions, places of rows, and buckets of records, as engines store them",
  ask: async () => {
    const version: Version = { time: 2 ** 53 - 2, rank: 1, expiry: 2 ** 33 + 1, nonce: NONCE };
    const stored = `001ffffffffffffe010000000200000001${NONCE_HEX}`;
    const ids = ["", "a", ID, "a record of a longer name"];
    return differences([
      ["a version", toHex(encodeVersion(version)), stored],
      ["the place of a row", toHex(encodeRowPlace({ id: ID, key: KEY })), `0006${ID_HEX}6b`],
      ["buckets of four records:", ids.map(bucketOf), [197, 237, 172, 126]],
    ]);
  },
};

const CHUNKS: ExactCall = {
  rule: "CHUNK-2",
  says: "chunks and the row that commits them, as they are stored",
  ask: async (asked) => {
    const house = await houseThen(asked);
    const value = utf8("hello chunks");
    const staging = fromHex("0102030405060708");
    const sizes = { chunkBytes: CHUNKING.chunkBytes, staging, token: TOKEN };
    const staged = { kind: "stage_chunks", id: ID, key: KEY, ...sizes };
    await house.straight({ ...staged, first: 0, chunks: [value.slice(0, 8), value.slice(8)] });
    await house.straight({ ...staged, first: 64, chunks: [KEY] });
    const checksum = fromHex("0a0b0c0d");
    const chunk = { ...sizes, count: 2, totalBytes: value.length, checksum };
    const items = [{ key: KEY, value: new Uint8Array(0), chunk, content: { type: "t" } }];
    await house.straight({ kind: "put_items", id: ID, token: TOKEN, items });
    const rows = [...(await house.allRows(HOUSE_CHUNKS)), ...(await house.allRows(HOUSE))];
    const found = rows.map(({ id, row }) => [id, toHex(row.key), toHex(row.metadata)]);
    // A partition has 64 chunks; its name ends in a hash of record and key. Each chunk says whose it is.
    const partition = `joxvbdj37k.${NONCE_HEX}.0102030405060708.a67815cab15c22a2`;
    const owner = `010006${ID_HEX}01020304050607086b`;
    const names = ["the first chunk", "the second chunk", "the 65th chunk", "the row"];
    return tableDifference({ rows: names, columns: ["record", "key", "metadata"] }, found, [
      [`${partition}.0`, "00000000", owner],
      [`${partition}.0`, "00000001", owner],
      [`${partition}.1`, "00000040", owner],
      // Format, flags, type, count, sizes, sum, staging.
      [ID, "6b", "0211017402080c0a0b0c0d0102030405060708"],
    ]);
  },
};

/** One of each kind. */
const MUTATIONS: readonly object[] = [
  {
    ...AT,
    kind: "put",
    items: [{ key: KEY, value: utf8("v"), content: { type: "t" }, expiresAt: TIME + 2 ** 20 }],
  },
  { ...AT, kind: "delete", predicate: { kind: "match_all" } },
  { ...AT, kind: "delete", predicate: matchRange(KEY, undefined) },
  { ...AT, kind: "delete", predicate: matchRange(undefined, KEY) },
  { ...AT, kind: "delete", predicate: matchKeys(KEY) },
];
/** They as they are logged: format and count; then each with its time, namespace, record, kind and what it is of. */
const LOGGED: string = [
  "0105",
  ...["80", "81", "82", "83", "84"].map((tick, i) => {
    const put = "0101016b017604020101748180f4ccd4dfc603";
    const what = [put, "02", "0301016b", "0302016b", "0401016b"][i];
    return `${tick}80b4ccd4dfc60305${HOUSE_HEX}06${ID_HEX}${what}`;
  }),
].join("");

const LISTS: ExactCall = {
  rule: "MUT-1",
  says: "a list that waits, and one that is done, as they lie in the log",
  ask: async (asked) => {
    const house = await houseThen(asked);
    await house.straight({ kind: "mutate_items", token: TOKEN, mutations: MUTATIONS });
    const stored = async (): Promise<readonly (readonly unknown[])[]> =>
      (await house.allRows(HOUSE_LOG)).map(({ id, row }) => [id, toHex(row.key), toHex(row.value)]);
    const before = await stored();
    await house.log.apply(neverAborted);
    const after = await stored();
    const list = `00071afd498d0000${NONCE_HEX}`;
    const [record, bucket] = [`list-${list}`, "0000000001fca055"];
    const known = ["index-1", bucket, ""];
    const rows = ["its bucket", "its marker", "its head", "its piece", "its bucket", "its end"];
    const columns = ["record", "key", "value"];
    return tableDifference(
      { rows, columns },
      [...before, ...after],
      [
        known,
        // Attempts, when it is due, when it was accepted.
        ["queue-1-33333333", list, "00000000000000000000000000071afd498d0000"],
        // Mutations, bytes, their sum.
        [record, `62${bucket}`, "000000050000008b59cd90df"],
        // Its number, and the sum.
        [record, "700000000059cd90df", LOGGED],
        known,
        [record, "64", "000000050000000000000000"],
      ],
    );
  },
};

/** A token, but for its key: format, key of the seal, items left, average bytes, namespace. */
const tokenOf = (itemsLeft: string, key: string, average = "02"): string =>
  `0200000007${itemsLeft}000000${average}05${HOUSE_HEX}${key}`;
/** As many items as there are, but the one that was given; and one. */
const ALL = "001ffffffffffffe";
const ONE = "0000000000000001";

const TOKENS: ExactCall = {
  rule: "PAGE-3",
  says: "page tokens, and what they are sealed over",
  ask: async (asked) => {
    const sealed: string[] = [];
    const seal = (message: Uint8Array): Uint8Array => {
      sealed.push(toHex(message));
      return new Uint8Array(MAC_BYTES);
    };
    const mac = { current: 7, keys: new Map([[7, seal]]) };
    const client = (await House.open({ ...asked, mac })).client();
    const [a, b, c] = ["a", "b", "c"].map((text) => utf8(text)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const items = [a, b, c].map((key) => ({ key, value: KEY }));
    await client.putItems({ ...AT, items, token: asked.token() });
    const selection = { pageSizeBytes: 1 };
    const limited = { ...selection, itemLimit: 2 };
    const segment = { index: 0, of: 1 };
    const pages = [
      await client.getItems({ ...AT, selection }),
      await client.getItems({ ...AT, selection: { ...selection, reverse: true } }),
      await client.getItems({ ...AT, selection: limited, predicate: matchRange(a, undefined) }),
      await client.getItems({ ...AT, selection, predicate: matchKeys(a, c) }),
      await client.scanItems({ namespace: HOUSE, selection, segment }),
    ];
    const found = pages.map(({ nextPageToken }, i) => [
      toHex(nextPageToken!.slice(MAC_BYTES)),
      sealed[i],
    ]);
    // Kind and direction, and then each with its length: namespace, record, what is asked for, and the token.
    const at = `00000005${HOUSE_HEX}00000006${ID_HEX}`;
    const [ofA, ofC, one] = [tokenOf(ALL, "61"), tokenOf(ALL, "63"), tokenOf(ONE, "61")];
    const scanned = tokenOf(ALL, `000006${ID_HEX}61`, "05");
    const rows = ["all", "all backwards", "a range", "keys", "a scan"];
    return tableDifference({ rows, columns: ["token", "what is sealed"] }, found, [
      [ofA, `00${at}00000018${ofA}`],
      [ofC, `01${at}00000018${ofC}`],
      [one, `04${at}000000010200000001610000000000000018${one}`],
      [ofA, `02${at}0000000161000000016300000018${ofA}`],
      [scanned, `0600000005${HOUSE_HEX}000000040000000100000021${scanned}`],
    ]);
  },
};

/** In this order. */
export const STORED_FORMS: readonly ExactCall[] = [NAMES, CHUNKS, LISTS, TOKENS];
