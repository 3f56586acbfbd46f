/** Calls about values that are compressed: by clients, and decoded by whoever can (COMP-1 to COMP-3). */
import {
  concatBytes,
  type ContentMetadata,
  type Item,
  matchKeys,
  type NamespaceOptions,
  toHex,
  utf8,
} from "kvdal";
import { type Codec, type Compressor, type KvClient, noDictionaries } from "kvdal/client";
import { differences, tableDifference } from "./difference.ts";
import { type Asked, type ExactCall } from "./exact-call.ts";
import { firstFlaw, House, HOUSE, refusedWith } from "./house.ts";
import { codecParts, dictionariesOf, standIn } from "./stand-in-codec.ts";

const ID = "compressed";
const CONTENT: ContentMetadata = { type: "text", note: utf8("n") };

/** Runs of one byte: so many bytes, or so many runs of two. */
const run = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const runs = (count: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i < 2 * count ? i >> 1 : count) % 251);

const COMPRESSED: Partial<NamespaceOptions> = { compression: { codec: "zstd" } };

/** Puts one item, after the client has heard what its namespace wants. */
async function putOne(
  client: KvClient,
  asked: Asked,
  key: Uint8Array,
  value: Uint8Array,
  content?: ContentMetadata,
): Promise<void> {
  await client.getItems({ namespace: HOUSE, id: ID });
  const items = [{ key, value, ...(content && { content }) }];
  await client.putItems({ namespace: HOUSE, id: ID, items, token: asked.token() });
}

async function readOne(client: KvClient, key: Uint8Array): Promise<Item | undefined> {
  const asked = { namespace: HOUSE, id: ID, predicate: matchKeys(key) };
  return (await client.getItems(asked)).items[0];
}

/** What of an item is compared. */
const TOLD = ["value", "compression", "what the writer noted"];

const told = (item: Item | undefined): unknown[] => [
  item?.value,
  item?.metadata.compression,
  item?.metadata.content,
];

/** By both kinds of reader: one that decodes, and is told how it was stored, and one for whom the server does. */
async function readByBoth(
  [able, plain]: readonly [KvClient, KvClient],
  key: Uint8Array,
  value: Uint8Array,
  compression: object | undefined,
  content?: ContentMetadata,
): Promise<string | undefined> {
  const found = [told(await readOne(able, key)), told(await readOne(plain, key))];
  const rows = ["by a client that decodes", "by a client for whom the server does"];
  return tableDifference({ rows, columns: TOLD }, found, [
    [value, compression, content],
    [value, undefined, content],
  ]);
}

/** Those two clients. */
function clientsOf(house: House): readonly [KvClient, KvClient] {
  return [
    house.client({ codec: codecParts(["zstd"]) }),
    house.client({ capabilities: { chunking: false } }),
  ];
}

const VALUES: ExactCall = {
  rule: "COMP-1",
  says: "compressed values, decoded by the client and by the server, whole and in chunks",
  ask: async (asked) => {
    const chunking = { aboveBytes: 40, chunkBytes: 16, requestBytesMax: 32 };
    const house = await House.open(
      asked,
      { ...COMPRESSED, chunking },
      { codec: codecParts(["zstd"]) },
    );
    const clients = clientsOf(house);
    const values = [run(128), runs(60, 300)];
    const questions = values.map((value, i) => async (): Promise<string | undefined> => {
      const key = utf8(`value ${i}`);
      await putOne(clients[0], asked, key, value, CONTENT);
      const compression = { codec: "zstd", originalBytes: value.length };
      const flaw = await readByBoth(clients, key, value, compression, CONTENT);
      if (flaw !== undefined) return flaw;
      const reader = await clients[0].readValue({ namespace: HOUSE, id: ID, key });
      const pieces: Uint8Array[] = [];
      for await (const piece of reader?.value ?? []) pieces.push(piece);
      return differences([["as a stream", concatBytes(...pieces), value]]);
    });
    return firstFlaw(questions.map((ask, i) => [`${values[i]!.length} bytes`, ask]));
  },
};

/** At least 128 bytes, of which a tenth is saved, metadata counted. */
const WORTH_IT: ExactCall = {
  rule: "COMP-2",
  says: "the shortest value that is compressed, and the least that must be saved",
  ask: async (asked) => {
    const house = await House.open(asked, COMPRESSED, { codec: codecParts(["zstd"]) });
    const clients = clientsOf(house);
    const key = utf8("worth");
    // 131 runs of two and one of 38, in three bytes and two a run, and five of metadata: 270 of 300.
    const cases: readonly (readonly [Uint8Array, boolean])[] = [
      [run(127), false],
      [run(128), true],
      [runs(131, 300), true],
      [runs(132, 300), false],
    ];
    for (const [value, isCompressed] of cases) {
      await putOne(clients[0], asked, key, value);
      const compression = { codec: "zstd", originalBytes: value.length };
      const flaw = await readByBoth(clients, key, value, isCompressed ? compression : undefined);
      if (flaw !== undefined) return `${value.length} bytes ${flaw}`;
    }
    return undefined;
  },
};

const DICTIONARY_ID = "0a1b2c3d";
const DICTIONARY = utf8("what is often in such values, ");

const DICTIONARIES: ExactCall = {
  rule: "COMP-3",
  says: "a value whose dictionary its reader has, has not, and nobody has any more",
  ask: async (asked) => {
    const all = new Map([[DICTIONARY_ID, DICTIONARY]]);
    const ofServer = new Map(all);
    const codec = codecParts(["zstd"], dictionariesOf(ofServer));
    const house = await House.open(asked, COMPRESSED, { codec });
    const writer = house.client({ codec: codecParts(["zstd"], dictionariesOf(all)) });
    const gone = house.client({ codec: codecParts(["zstd"], dictionariesOf(new Map())) });
    const key = utf8("by a dictionary");
    const value = concatBytes(DICTIONARY, DICTIONARY, utf8("what"));
    await putOne(writer, asked, key, value, CONTENT);
    const compression = { codec: "zstd", originalBytes: 64, dictionaryId: DICTIONARY_ID };
    const plain = house.client();
    const found = [writer, gone, plain].map(async (client) => told(await readOne(client, key)));
    const rows = ["by who has it", "by who has not", "by who decodes nothing"];
    const flaw = tableDifference({ rows, columns: TOLD }, await Promise.all(found), [
      [value, compression, CONTENT],
      [value, undefined, CONTENT],
      [value, undefined, CONTENT],
    ]);
    if (flaw !== undefined) return flaw;
    // As releases of other times read it: format, flags, type, codec, size, the id's length and bytes, note.
    const [row] = await house.rows(HOUSE, ID);
    const metadata = "020f04746578740140090a1b2c3d6e";
    const stored = differences([["metadata as stored", toHex(row!.metadata), metadata]]);
    if (stored !== undefined) return stored;
    ofServer.clear();
    return firstFlaw(
      [gone, plain].map((client, i) => [
        `reader ${i}`,
        () => refusedWith("DATA_LOSS", () => readOne(client, key)),
      ]),
    );
  },
};

const LONG: ExactCall = {
  rule: "COMP-1",
  says: "compressed values that are longer than a client wants whole, or a server decodes",
  ask: async (asked) => {
    const parts = { codec: codecParts(["zstd"]) };
    const house = await House.open(
      asked,
      { ...COMPRESSED, chunking: { wholeBytesMax: 199 } },
      parts,
    );
    const writer = house.client(parts);
    const small = house.client({ ...parts, limits: { wholeBytesMax: 199 } });
    const plain = house.client();
    for (const length of [199, 200]) {
      const key = utf8(`long ${length}`);
      await putOne(writer, asked, key, run(length));
      const item = await readOne(small, key);
      const isLeft = length > 199;
      const flaw = differences([
        [`of ${length} bytes, bytes that come at once`, item?.value.length, isLeft ? 0 : length],
        [`of ${length} bytes, value left out`, item?.valueOmitted, isLeft],
      ]);
      if (flaw !== undefined) return flaw;
      const reader = await small.readValue({ namespace: HOUSE, id: ID, key });
      let bytes = 0;
      for await (const piece of reader?.value ?? []) bytes += piece.length;
      const streamed = differences([["bytes as a stream", bytes, length]]);
      if (streamed !== undefined) return streamed;
      if (isLeft) return refusedWith("TOO_LARGE", () => readOne(plain, key));
      const decoded = (await readOne(plain, key))?.value;
      const whole = differences([["by a server that decodes", decoded, run(length)]]);
      if (whole !== undefined) return whole;
    }
    return undefined;
  },
};

/** Longest value that is worked on in place, bytes. */
const IN_PLACE_MAX = 1024 * 1024;

/** Nothing but zeros, in a byte. */
const ZEROS: Codec = {
  ...standIn("zstd"),
  compress: () => Uint8Array.of(0),
  decompress: (_bytes, { originalBytes }) => new Uint8Array(originalBytes),
};

const ASIDE: ExactCall = {
  rule: "COMP-1",
  says: "which values are worked on aside",
  ask: async (asked) => {
    const worked: number[] = [];
    const compressor: Compressor = {
      compress: async (codec, value, how) => {
        worked.push(value.length);
        return codec.compress(value, how);
      },
      decompress: async (codec, bytes, how) => {
        worked.push(-how.originalBytes);
        return codec.decompress(bytes, how);
      },
    };
    const codec = { codecs: [ZEROS], compressor, dictionaries: noDictionaries };
    const house = await House.open(asked, COMPRESSED, { codec });
    const client = house.client({ codec });
    const key = utf8("aside");
    for (const more of [0, 1]) {
      const value = new Uint8Array(IN_PLACE_MAX + more);
      await putOne(client, asked, key, value);
      const item = await readOne(client, key);
      const flaw = differences([["bytes that come", item?.value.length, value.length]]);
      if (flaw !== undefined) return flaw;
    }
    const wanted = [IN_PLACE_MAX + 1, -IN_PLACE_MAX - 1];
    return differences([["bytes compressed, and with a minus decoded", worked, wanted]]);
  },
};

/** What no client of the package sends: codecs that the server has not, names and sizes that are none. */
const REFUSED: ExactCall = {
  rule: "COMP-1",
  says: "compressed values that are refused",
  ask: async (asked) => {
    const longest = "c".repeat(64);
    const house = await House.open(
      asked,
      { maxValueBytes: 200 },
      { codec: codecParts(["zstd", longest]) },
    );
    const put = (compression: object) => (): Promise<unknown> =>
      house.straight({
        kind: "put_items",
        id: ID,
        token: asked.token(),
        items: [{ key: utf8("k"), value: run(9), compression }],
      });
    const zstd = { codec: "zstd", originalBytes: 200 };
    const taken = [zstd, { ...zstd, codec: longest }, { ...zstd, dictionaryId: longest }];
    for (const compression of taken) await put(compression)();
    return firstFlaw([
      ["an unknown codec", () => refusedWith("UNSUPPORTED", put({ ...zstd, codec: "lz4" }))],
      ["a byte too many", () => refusedWith("TOO_LARGE", put({ ...zstd, originalBytes: 201 }))],
      [
        "a long id of a dictionary",
        () => refusedWith("INVALID_ARGUMENT", put({ ...zstd, dictionaryId: `${longest}c` })),
      ],
      ["an empty one", () => refusedWith("INVALID_ARGUMENT", put({ ...zstd, dictionaryId: "" }))],
      ["half a byte", () => refusedWith("INVALID_ARGUMENT", put({ ...zstd, originalBytes: 0.5 }))],
    ]);
  },
};

/** In this order. */
export const COMPRESSION: readonly ExactCall[] = [
  VALUES,
  WORTH_IT,
  DICTIONARIES,
  LONG,
  ASIDE,
  REFUSED,
];
