/** Calls about values in chunks that are late, damaged, gone, or another record's (CHUNK-1 to CHUNK-5). */
import { concatBytes, fromHex, type KvErrorCode, KvError, matchKeys, utf8 } from "kvdal";
import type { KvClient } from "kvdal/client";
import type { StorageEngine } from "kvdal/engine";
import { differences, type NamedAnswer, tableDifference } from "./difference.ts";
import { type Asked, type ExactCall } from "./exact-call.ts";
import { changed, firstFlaw, House, HOUSE, HOUSE_CHUNKS, refusedWith } from "./house.ts";

const ID = "chunks";
const KEY = utf8("k");
const CHUNKING = { aboveBytes: 10, chunkBytes: 8, requestBytesMax: 16 };
const VALUE = utf8("a value in four chunks of eight");
const NEWER = utf8("another that is longer than ten");

type Read = () => Promise<string>;

/** The ways in which a value can be got: by a server, by a client at once, by a client as a stream. */
function waysOf(house: House): readonly [Read, Read, Read] {
  const whole = (client: KvClient) => async (): Promise<string> => {
    const asked = { namespace: HOUSE, id: ID, predicate: matchKeys(KEY) };
    const [item] = (await client.getItems(asked)).items;
    return item === undefined ? "nothing" : new TextDecoder().decode(item.value);
  };
  const client = house.client();
  const streamed = async (): Promise<string> => {
    const reader = await client.readValue({ namespace: HOUSE, id: ID, key: KEY });
    const pieces: Uint8Array[] = [];
    for await (const piece of reader?.value ?? []) pieces.push(piece);
    return new TextDecoder().decode(concatBytes(...pieces));
  };
  return [whole(house.client({ capabilities: { chunking: false } })), whole(client), streamed];
}

/** They in words. */
const WAYS = ["by a server", "by a client at once", "by a client as a stream"];

/** The answer, or the code of the error. */
async function outcome(read: Read): Promise<string> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof KvError) return error.code;
    throw error;
  }
}

/** A house with that value in it. */
async function withValue(asked: Asked): Promise<House> {
  const house = await House.open(asked, { chunking: CHUNKING });
  await put(house, asked, VALUE);
  return house;
}

async function put(house: House, asked: Asked, value: Uint8Array): Promise<void> {
  const items = [{ key: KEY, value }];
  await house.client().putItems({ namespace: HOUSE, id: ID, items, token: asked.token() });
}

/** From now on chunks are not found, until `meanwhile` is over. */
function withhold(house: House, meanwhile: () => Promise<void>): void {
  const { store } = house;
  const readRange: StorageEngine["readRange"] = async (read, call) => {
    if (read.table !== HOUSE_CHUNKS) return store.readRange(read, call);
    house.instead = {};
    await meanwhile();
    return { rows: [], rowsExamined: 0, resumeAfter: undefined };
  };
  house.instead = { readRange };
}

/** What each way comes to while chunks are first missing, and the value meets that fate. */
async function fates(
  asked: Asked,
  meanwhile: (house: House) => Promise<void>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let way = 0; way < 3; way += 1) {
    const house = await withValue(asked);
    withhold(house, () => meanwhile(house));
    found.push(await outcome(waysOf(house)[way]!));
  }
  return found;
}

const MISSING: ExactCall = {
  rule: "CHUNK-5",
  says: "chunks that are late, and those of a value that is overwritten or deleted meanwhile",
  ask: async (asked) => {
    const text = new TextDecoder();
    const late = await fates(asked, async () => undefined);
    const overwritten = await fates(asked, (house) => put(house, asked, NEWER));
    const deleted = await fates(asked, async (house) => {
      await house.client().deleteItems({ namespace: HOUSE, id: ID, token: asked.token() });
    });
    const [value, newer] = [text.decode(VALUE), text.decode(NEWER)];
    const lost: KvErrorCode = "DATA_LOSS";
    const rows = ["chunks that are late", "a value overwritten meanwhile", "one deleted meanwhile"];
    return tableDifference(
      { rows, columns: WAYS },
      [late, overwritten, deleted],
      [
        [value, value, value],
        [newer, newer, lost],
        ["nothing", "nothing", lost],
      ],
    );
  },
};

const DAMAGED: ExactCall = {
  rule: "CHUNK-5",
  says: "chunks that are damaged, too short, and gone for good",
  ask: async (asked) => {
    const found: NamedAnswer[] = [];
    const harms = [
      ["a damaged chunk", utf8("damaged!")],
      ["a short one", utf8("short")],
      ["one that is gone", undefined],
    ] as const;
    for (const [says, harm] of harms) {
      const house = await withValue(asked);
      const chunks = await house.allRows(HOUSE_CHUNKS);
      const { id, row } = chunks[1]!;
      const { version, key } = row;
      const later = { ...version, time: version.time + 1, rank: 2 as const };
      const gone = { kind: "delete_key", key, version: later, removeAt: 0 } as const;
      const change = harm === undefined ? gone : changed(row, { value: harm });
      await house.write(HOUSE_CHUNKS, id, [change]);
      for (const [i, way] of waysOf(house).entries()) {
        found.push([`${says} read ${WAYS[i]}:`, await outcome(way), "DATA_LOSS"]);
      }
    }
    return differences(found);
  },
};

/** An engine may give less than it is asked for. */
const ONE_BY_ONE: ExactCall = {
  rule: "CHUNK-5",
  says: "chunks of an engine that gives one at a time",
  ask: async (asked) => {
    const house = await withValue(asked);
    const { store } = house;
    house.instead = {
      readRange: (read, call) => store.readRange({ ...read, rowLimit: 1 }, call),
    };
    const found: NamedAnswer[] = [];
    for (const [i, way] of waysOf(house).entries()) {
      found.push([`the value ${WAYS[i]}:`, await outcome(way), new TextDecoder().decode(VALUE)]);
    }
    return differences(found);
  },
};

/** Under one token and one staging, as a caller may do who makes both himself. */
const TWO_RECORDS: ExactCall = {
  rule: "CHUNK-2",
  says: "values of two records in chunks under one token",
  ask: async (asked) => {
    const house = await House.open(asked, { chunking: CHUNKING });
    const client = house.client();
    const token = asked.token();
    // One byte a chunk is legal.
    const staged = { token, key: KEY, chunkBytes: 1, staging: utf8("8 bytes.") };
    const values = [
      { id: "one", value: utf8("1") },
      { id: "two", value: utf8("2") },
    ];
    for (const { id, value } of values) {
      await house.straight({ kind: "stage_chunks", id, ...staged, first: 0, chunks: [value] });
    }
    // The sums of one byte each.
    const sums = ["83dcefb7", "1ad5be0d"];
    for (const [i, { id }] of values.entries()) {
      const checksum = fromHex(sums[i]!);
      const { chunkBytes, staging } = staged;
      const chunk = { count: 1, chunkBytes, totalBytes: 1, checksum, staging, token };
      const items = [{ key: KEY, value: new Uint8Array(0), chunk }];
      await house.straight({ kind: "put_items", id, token, items });
    }
    const found: NamedAnswer[] = [];
    for (const { id, value } of values) {
      const { items } = await client.getItems({ namespace: HOUSE, id });
      found.push([`values of record ${id}`, items.map((item) => item.value), [value]]);
    }
    return differences(found);
  },
};

/** What no client of the package asks for. */
const REFUSED: ExactCall = {
  rule: "CHUNK-6",
  says: "requests about chunks that are refused",
  ask: async (asked) => {
    const house = await withValue(asked);
    const { items } = await house
      .client({ limits: { wholeBytesMax: 1 } })
      .getItems({ namespace: HOUSE, id: ID });
    const chunk = items[0]!.metadata.chunk!;
    const get =
      (changes: object, ofChunk: object = {}) =>
      (): Promise<unknown> =>
        house.straight({
          kind: "get_chunks",
          id: ID,
          key: KEY,
          first: 0,
          count: 2,
          chunk: { ...chunk, ...ofChunk },
          ...changes,
        });
    const commit = (changes: object) => (): Promise<unknown> =>
      house.straight({
        kind: "put_items",
        id: ID,
        token: chunk.token,
        items: [{ key: KEY, value: new Uint8Array(0), chunk: { ...chunk, ...changes } }],
      });
    const nonce = chunk.token.nonce.slice(1);
    const wrong: readonly (readonly [string, () => Promise<unknown>])[] = [
      ["a short nonce", get({}, { token: { ...chunk.token, nonce } })],
      ["no bytes", get({}, { chunkBytes: 0 })],
      ["a short staging", get({}, { staging: nonce.slice(9) })],
      ["none", get({ count: 0 })],
      ["one past the last", get({ first: 3 })],
      ["a short sum", commit({ checksum: nonce.slice(12) })],
      ["another's chunks", commit({ token: asked.token() })],
      ["too few chunks", commit({ count: 3 })],
    ];
    const flaw = await firstFlaw(
      wrong.map(([says, ask]) => [says, () => refusedWith("INVALID_ARGUMENT", ask)]),
    );
    if (flaw !== undefined) return flaw;
    await get({ first: 2 })();
    return refusedWith("TOO_LARGE", get({ count: 3 }));
  },
};

/** In this order. */
export const LOST_CHUNKS: readonly ExactCall[] = [
  MISSING,
  DAMAGED,
  ONE_BY_ONE,
  TWO_RECORDS,
  REFUSED,
];
