/** Calls about what is compressed, how, and with what: by what a namespace wants, and by what both sides have (COMP-1). */
import { fromHex, matchKeys, type NamespaceOptions, utf8 } from "kvdal";
import { type Codec, type CompressHow, inPlace, type KvClient } from "kvdal/client";
import { differences, tableDifference } from "./difference.ts";
import type { Asked, ExactCall } from "./exact-call.ts";
import { changed, House, HOUSE, refusedWith } from "./house.ts";
import { codecParts, dictionariesOf, standIn } from "./stand-in-codec.ts";

const AT = { namespace: HOUSE, id: "shared" };
const KEY = utf8("k");

/** This client's put, once it has heard what its namespace wants. */
async function putBy(client: KvClient, asked: Asked, value: Uint8Array): Promise<void> {
  await client.getItems(AT);
  await client.putItems({ ...AT, items: [{ key: KEY, value }], token: asked.token() });
}

/** What a namespace wants, what its server and its client have, and what comes of it. */
const SIDES: readonly (readonly [
  "zstd" | "lz4",
  readonly string[],
  readonly string[],
  string | undefined,
])[] = [
  ["zstd", [], ["zstd"], undefined],
  ["zstd", ["lz4"], ["lz4", "zstd"], undefined],
  ["zstd", ["zstd"], [], undefined],
  ["lz4", ["zstd", "lz4"], ["zstd"], undefined],
  ["lz4", ["zstd", "lz4"], ["lz4"], "lz4"],
];

const NOT_SHARED: ExactCall = {
  rule: "COMP-1",
  says: "values between a server and a client of which one lacks the codec",
  ask: async (asked) => {
    const value = new Uint8Array(200);
    const found: (readonly unknown[])[] = [];
    for (const [codec, ofServer, ofClient] of SIDES) {
      const compression: NamespaceOptions["compression"] = { codec };
      const house = await House.open(asked, { compression }, { codec: codecParts(ofServer) });
      const client = house.client({ codec: codecParts(ofClient) });
      await putBy(client, asked, value);
      const [item] = (await client.getItems({ ...AT, predicate: matchKeys(KEY) })).items;
      found.push([item?.metadata.compression?.codec]);
    }
    const rows = SIDES.map(
      ([wish, ofServer, ofClient]) =>
        `${wish} of a server with ${ofServer.join() || "none"}, a client with ${ofClient.join() || "none"}`,
    );
    const wanted = SIDES.map(([, , , codec]) => [codec]);
    return tableDifference({ rows, columns: ["stored by"] }, found, wanted);
  },
};

const DICTIONARY_ID = "0a1b";
const LONGEST_BY_DICTIONARY = 16 * 1024;

/** Nothing but zeros, in a byte; told how each time. */
function zeros(name: string, told: CompressHow[]): Codec {
  return {
    ...standIn(name),
    compress: (_value, how) => {
      told.push(how);
      return Uint8Array.of(0);
    },
    decompress: (_bytes, { originalBytes }) => new Uint8Array(originalBytes),
  };
}

/** How a value of so many bytes is compressed: with which effort, and whether by a dictionary; undefined for not at all. */
type Known = readonly [bytes: number, how: readonly [number, boolean] | undefined];

/** What is wanted, and what comes of it. */
const WISHES: readonly (readonly [
  NonNullable<NamespaceOptions["compression"]>,
  readonly Known[],
])[] = [
  [
    { codec: "zstd", level: 7 },
    [
      [63, undefined],
      [64, [7, true]],
      [LONGEST_BY_DICTIONARY, [7, true]],
      [LONGEST_BY_DICTIONARY + 1, [7, false]],
    ],
  ],
  [
    { codec: "lz4" },
    [
      [127, undefined],
      [128, [3, false]],
    ],
  ],
  [
    { codec: "zstd", minBytes: 20 },
    [
      [19, undefined],
      [20, [3, true]],
    ],
  ],
];

const AS_WANTED: ExactCall = {
  rule: "COMP-2",
  says: "which values are compressed, with which effort, and whether by a dictionary",
  ask: async (asked) => {
    const dictionaries = dictionariesOf(new Map([[DICTIONARY_ID, utf8("often")]]));
    const told: CompressHow[] = [];
    const codecs = ["zstd", "lz4"].map((name) => zeros(name, told));
    const codec = { codecs, compressor: inPlace, dictionaries };
    const found: (readonly unknown[])[] = [];
    const rows: string[] = [];
    for (const [compression, all] of WISHES) {
      const house = await House.open(asked, { compression }, { codec });
      const client = house.client({ codec });
      for (const [length] of all) {
        await putBy(client, asked, new Uint8Array(length));
        const how = told.splice(0).at(0);
        found.push([how?.level, how && how.dictionary !== undefined]);
        rows.push(`${length} bytes by ${JSON.stringify(compression)}`);
      }
    }
    const wanted = WISHES.flatMap(([, all]) => all.map(([, how]) => [how?.[0], how?.[1]]));
    return tableDifference({ rows, columns: ["effort", "by a dictionary"] }, found, wanted);
  },
};

const UNKNOWN: ExactCall = {
  rule: "COMP-1",
  says: "a stored value whose codec nobody has, and one that its server has not",
  ask: async (asked) => {
    const flaws: (string | undefined)[] = [];
    for (const names of [[], ["zstd"]]) {
      const codec = codecParts(names);
      const house = await House.open(asked, {}, { codec });
      const [able, plain] = [house.client({ codec }), house.client()];
      await putBy(plain, asked, KEY);
      const [row] = await house.rows(HOUSE, AT.id);
      // Format, flags, the number of lz4, a size.
      await house.write(HOUSE, AT.id, [changed(row!, { metadata: fromHex("02040205") })]);
      const words = `the codec "lz4", known here: ${names[0] ?? "none"}`;
      for (const client of [able, plain]) {
        flaws.push(await refusedWith("UNSUPPORTED", () => client.getItems(AT), words));
      }
    }
    return flaws.find((flaw) => flaw !== undefined);
  },
};

/** Pages count what their client gets: values as they are stored, or decoded, or from their chunks. */
const PAGES: ExactCall = {
  rule: "COMP-1",
  says: "items of a page of 260 bytes: of compressed values, decoded by a client and by a server, and of values in chunks",
  ask: async (asked) => {
    const chunking = { aboveBytes: 150, chunkBytes: 100, requestBytesMax: 100 };
    const options = { compression: { codec: "zstd" as const }, chunking };
    const codec = codecParts(["zstd"]);
    const house = await House.open(asked, options, { codec });
    const [able, plain] = [house.client({ codec }), house.client()];
    await able.getItems(AT);
    // A run of one byte is compressed, and two bytes by turns are not.
    const values = [new Uint8Array(129), Uint8Array.from({ length: 160 }, (_, i) => i % 2)];
    const found: number[] = [];
    for (const [i, value] of values.entries()) {
      const at = { namespace: HOUSE, id: `pages ${i}` };
      const items = ["a", "b", "c"].map((text) => ({ key: utf8(text), value }));
      await able.putItems({ ...at, items, token: asked.token() });
      const selection = { pageSizeBytes: 260 };
      for (const client of [able, plain]) {
        found.push((await client.getItems({ ...at, selection })).items.length);
      }
    }
    return differences([
      ["compressed, decoded by the client:", found[0], 3],
      ["compressed, decoded by the server:", found[1], 2],
      ["in chunks, of the client that chunks:", found[2], 1],
      ["in chunks, of the other:", found[3], 1],
    ]);
  },
};

/** In this order. */
export const CODECS: readonly ExactCall[] = [NOT_SHARED, AS_WANTED, UNKNOWN, PAGES];
