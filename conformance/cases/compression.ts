/** Compressed values: how they lie, and how each kind of client gets them (COMP-1, COMP-2). */
import { concatBytes, itemBytes, type KvClient } from "kvdal";
import { patterned, toBytes } from "../kit/bytes.ts";
import { holds, itemsAre, same, valueIs } from "../kit/check.ts";
import {
  asStored,
  COMPRESSING,
  COMPRESSING_CHUNKS,
  partlyRandom,
  wordy,
} from "../kit/compressed-value.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { chunksIn, streamed } from "../kit/large-value.ts";
import { INLINE } from "../kit/modes.ts";
import type { ConformanceStore } from "../kit/store.ts";

const namespaces = { main: { ...INLINE, ...COMPRESSING } };
const zstdOf = (originalBytes: number) => ({ codec: "zstd", originalBytes });

/** A client that has heard of the namespace's wishes, and compresses. */
async function compressing({ record, client }: ConformanceStore): Promise<KvClient> {
  await record("nothing", { client }).read();
  return client;
}

/** Cases of this topic. */
export const compressionCases: readonly ConformanceCase[] = [
  {
    id: "compression/comes-back",
    rules: ["DATA-5", "COMP-1"],
    title:
      "A compressible value is stored smaller and comes back as it was; its metadata say codec and original size.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, second } = store;
      const client = await compressing(store);
      const content = { type: "text/plain", note: toBytes("n") };
      await record("r", { client }).put("k", wordy(1000), { content });
      const stored = (await asStored(store, "r", "k"))?.value.length ?? 0;
      holds("bytes stored of 1000", stored > 0 && stored < 200, stored, "1 to 200");
      for (const [who, reader] of Object.entries({ client, second })) {
        const item = await record("r", { client: reader }).get("k");
        valueIs(`${who}: by key`, item, wordy(1000));
        same(`${who}: what metadata say`, item?.metadata.compression, zstdOf(1000));
        same(`${who}: content`, item?.metadata.content, content);
        const whole = await record("r", { client: reader }).read();
        itemsAre(`${who}: in a page`, whole, [["k", wordy(1000)]]);
        const stream = await streamed(reader, store.namespace(), "r", "k");
        same(`${who}: as a stream`, stream, wordy(1000));
      }
      const [bare] = await record("r").read({ selection: { include: "keys" } });
      same("without its value", [bare?.value.length, bare?.valueOmitted], [0, true]);
      same("what metadata say without it", bare?.metadata.compression, zstdOf(1000));
    },
  },
  {
    id: "compression/left-out",
    rules: ["GET-3", "COMP-1"],
    title:
      "Which values are too large for a selection goes by what was put, not by what is stored.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, connect } = store;
      const client = await compressing(store);
      await record("r", { client }).put("k", wordy(1000));
      for (const reader of [client, connect({ codec: undefined })]) {
        for (const [bound, isOmitted] of [
          [1000, false],
          [999, true],
        ] as const) {
          const selection = { excludeValuesAboveBytes: bound };
          const [item] = await record("r", { client: reader }).read({ selection });
          same(`above ${bound}: omitted`, item?.valueOmitted, isOmitted);
          same(`above ${bound}: bytes`, item?.value.length, isOmitted ? 0 : 1000);
        }
      }
    },
  },
  {
    id: "compression/no-codec",
    rules: ["COMP-1"],
    title:
      "A client without codecs gets values decoded, and nothing says that they were compressed.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, connect, namespace } = store;
      const client = await compressing(store);
      const bare = connect({ codec: undefined });
      await record("r", { client }).put("a", wordy(1000, 1));
      await record("r", { client: bare }).put("b", wordy(1000, 2));
      same(
        "whether its put is",
        (await asStored(store, "r", "b"))?.metadata.compression,
        undefined,
      );
      const wanted = [
        ["a", wordy(1000, 1)],
        ["b", wordy(1000, 2)],
      ] as const;
      itemsAre("to one with codecs", await record("r", { client }).read(), wanted);
      const items = await record("r", { client: bare }).read();
      itemsAre("to one without", items, wanted);
      for (const { metadata } of items) same("what they say", metadata.compression, undefined);
      const item = await record("r", { client: bare }).get("a");
      valueIs("by key", item, wordy(1000, 1));
      same("what it says", item?.metadata.compression, undefined);
      same("as a stream", await streamed(bare, namespace(), "r", "a"), wordy(1000, 1));
    },
  },
  {
    id: "compression/not-worth-it",
    rules: ["COMP-2"],
    title: "What is below the least size, or does not become a tenth smaller, is stored as it is.",
    needs: [],
    namespaces: {
      main: COMPRESSING,
      large: { compression: { codec: "zstd", minBytes: 1000 } },
      none: { compression: { codec: "none" } },
    },
    run: async ({ record }) => {
      const cases = [
        ["main", "one below the default", wordy(127), false],
        ["main", "of the default", wordy(128), true],
        ["main", "not compressible", patterned(250), false],
        ["main", "of no bytes", wordy(0), false],
        ["large", "one below its least", wordy(999), false],
        ["large", "of its least", wordy(1000), true],
        ["none", "where none is wanted", wordy(1000), false],
      ] as const;
      for (const [namespace, what, value, isCompressed] of cases) {
        const one = record(what, { namespace });
        await one.read();
        await one.put("k", value);
        const item = await one.get("k");
        valueIs(what, item, value);
        const wanted = isCompressed ? zstdOf(value.length) : undefined;
        same(`${what}: what its metadata say`, item?.metadata.compression, wanted);
      }
    },
  },
  {
    id: "compression/in-chunks",
    rules: ["CHUNK-9", "COMP-1"],
    title:
      "A value that is large even compressed lies in chunks; clients of every kind get it, whole and as a stream.",
    needs: [],
    namespaces: { main: COMPRESSING_CHUNKS },
    run: async (store) => {
      const { record, connect, namespace, second, chunkRows } = store;
      const client = await compressing(store);
      const value = partlyRandom(4000, 3);
      await record("r", { client }).put("k", value);
      const stored = chunksIn(await chunkRows().list()).length * 16;
      holds("bytes in chunks", stored > 900 && stored < 2000, stored, "900 to 2000");
      const chunking = { chunking: false };
      const readers = {
        client,
        second,
        "cannot chunk": connect({ capabilities: chunking }),
        "cannot decode": connect({ codec: undefined }),
        "can do neither": connect({ codec: undefined, capabilities: chunking }),
      };
      for (const [who, reader] of Object.entries(readers)) {
        const item = await record("r", { client: reader }).get("k");
        valueIs(who, item, value);
        const isTold = who !== "cannot decode" && who !== "can do neither";
        const wanted = isTold ? zstdOf(4000) : undefined;
        same(`${who}: what metadata say`, item?.metadata.compression, wanted);
        itemsAre(`${who}: in a page`, await record("r", { client: reader }).read(), [["k", value]]);
        same(`${who}: as a stream`, await streamed(reader, namespace(), "r", "k"), value);
      }
      const short = connect({ limits: { wholeBytesMax: 3999 } });
      const left = await record("r", { client: short }).get("k");
      same("past a client's bound", [left?.valueOmitted, left?.value.length], [true, 0]);
      same("and its stream", await streamed(short, namespace(), "r", "k"), value);
    },
  },
  {
    id: "compression/page-bytes",
    rules: ["PAGE-1", "COMP-1"],
    title:
      "A page is as large as the bytes that its client is sent: decoded ones where it cannot decode.",
    needs: [],
    namespaces,
    run: async (store) => {
      const { record, connect } = store;
      const client = await compressing(store);
      const items = Array.from({ length: 9 }, (_, i) => ({
        key: Uint8Array.of(i),
        value: wordy(1000, i),
      }));
      await record("r", { client }).putItems(items);
      const sizes = async (reader: KvClient): Promise<readonly number[]> => {
        const wish = { selection: { pageSizeBytes: 2500 } };
        const pages = await record("r", { client: reader }).pages(wish);
        const found = pages.flatMap((page) => page.items);
        same("all values", concatBytes(...found.map(({ value }) => value)).length, 9000);
        return pages.map((page) => page.items.reduce((sum, item) => sum + itemBytes(item), 0));
      };
      same("to one that decodes", await sizes(client), [9009]);
      const plain = await sizes(connect({ codec: undefined }));
      holds("to one that cannot", Math.max(...plain) <= 2500, plain, "pages of at most 2500 bytes");
    },
  },
];
