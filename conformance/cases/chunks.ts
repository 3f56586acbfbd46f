/** Large values: where they lie and how they come back (CHUNK-1, CHUNK-2, DATA-5). */
import { SECOND } from "kvdal";
import { patterned, toBytes } from "../kit/bytes.ts";
import { absent, holds, itemsAre, keysAre, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { chunksAre, SMALL_CHUNKS, streamed } from "../kit/large-value.ts";
import { NO_MODE } from "../kit/need.ts";
import { watched } from "../kit/on-the-way.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const namespaces = { main: SMALL_CHUNKS };

/** Cases of this topic. */
export const chunkCases: readonly ConformanceCase[] = [
  {
    id: "chunks/at-the-bound",
    rules: ["CHUNK-1", "CHUNK-2"],
    title: "A value of the namespace's bound is stored inline; one byte more lies in chunks.",
    needs: [],
    namespaces,
    run: async ({ record, chunkRows }) => {
      await record("r").put("at", patterned(64, 1), { at: 0 });
      chunksAre("after a value of the bound", await chunkRows().list(), 0);
      await record("r").put("past", patterned(65, 2), { at: 1 });
      chunksAre("after one of a byte more", await chunkRows().list(), 5);
      same("chunks of the first", (await record("r").get("at"))?.metadata.chunk, undefined);
      same("chunks of the second", (await record("r").get("past"))?.metadata.chunk?.count, 5);
      itemsAre("the record", await record("r").read(), [
        ["at", patterned(64, 1)],
        ["past", patterned(65, 2)],
      ]);
    },
  },
  {
    id: "chunks/at-the-default-bound",
    rules: ["CHUNK-1", "CHUNK-2"],
    title:
      "Without a wish the bound is 1 MiB, or what the engine stores inline if that is less; chunks are of 64 KiB.",
    needs: [NO_MODE],
    run: async ({ record, capabilities, chunkRows }) => {
      const bound = Math.min(MIB, capabilities.inlineBytesMax);
      for (const [key, size] of [
        ["at", bound],
        ["past", bound + 1],
        ["five", 5 * MIB],
      ] as const) {
        const value = patterned(size, size % 7);
        await record(key).put("k", value);
        const found = await record(key).get("k");
        valueIs(`the value of ${size} bytes`, found, value);
        const chunks = size > bound ? Math.ceil(size / (64 * KIB)) : undefined;
        same(`its chunks`, found?.metadata.chunk?.count, chunks);
      }
      const wanted = Math.ceil((bound + 1) / (64 * KIB)) + 80;
      chunksAre("in the end", await chunkRows().list(), wanted);
    },
  },
  {
    id: "chunks/every-size",
    rules: ["CHUNK-1", "CHUNK-2"],
    title:
      "Values around every multiple of a chunk come back whole, by key, in a page and as a stream.",
    needs: [],
    namespaces,
    run: async ({ record, client, namespace }) => {
      const sizes = [0, 1, 15, 16, 17, 63, 64, 65, 79, 80, 81, 95, 96, 97, 160, 1023, 1024, 1025];
      const items = sizes.map((size) => ({
        key: Uint8Array.of(size >> 8, size),
        value: patterned(size, size),
      }));
      await record("r").putItems(items);
      const wanted = items.map(({ key, value }) => [key, value] as const);
      itemsAre("the record", await record("r").read(), wanted);
      itemsAre(
        "the record, from its end",
        await record("r").read({ selection: { reverse: true } }),
        wanted.toReversed(),
      );
      for (const { key, value } of items) {
        valueIs(`${value.length} bytes, by key`, await record("r").get(key), value);
        const stream = await streamed(client, namespace(), "r", key);
        same(`${value.length} bytes, as a stream`, stream, value);
      }
    },
  },
  {
    id: "chunks/many-buckets",
    rules: ["CHUNK-2"],
    title:
      "A value of many hundred chunks is spread over several partitions and comes back in order.",
    needs: [],
    namespaces,
    run: async ({ record, chunkRows }) => {
      const value = patterned(16 * 300 + 5, 3);
      await record("r").put("k", value);
      valueIs("the value", await record("r").get("k"), value);
      const rows = await chunkRows().list();
      chunksAre("of the value", rows, 301);
      const partitions = new Map<string, number>();
      for (const { partition } of rows) {
        partitions.set(partition, (partitions.get(partition) ?? 0) + 1);
      }
      const most = Math.max(...partitions.values());
      holds("chunks in one partition", most < 150, most, "fewer than half of them");
    },
  },
  {
    id: "chunks/one-chunk",
    rules: ["CHUNK-1", "CHUNK-2"],
    title: "Chunks larger than the bound make a large value of a single one, shorter than a chunk.",
    needs: [],
    namespaces: { main: { chunking: { aboveBytes: 0, chunkBytes: 100 } } },
    run: async ({ record, chunkRows }) => {
      await record("r").put("empty", "", { at: 0 });
      chunksAre("after an empty value", await chunkRows().list(), 0);
      for (const size of [1, 99, 100]) {
        await record("r").put("k", patterned(size, 4), { at: size });
        const found = await record("r").get("k");
        valueIs(`the value of ${size} bytes`, found, patterned(size, 4));
        same("its chunks", found?.metadata.chunk?.count, 1);
      }
      valueIs("the empty value", await record("r").get("empty"), "");
    },
  },
  {
    id: "chunks/metadata",
    rules: ["DATA-5", "CHUNK-2"],
    title:
      "An item in chunks says how many, how long, of how many bytes, under which checksum and of which write.",
    needs: [],
    namespaces,
    run: async ({ record, token }) => {
      const content = { type: "text/plain", note: Uint8Array.of(0, 255) };
      await record("r").put("a", patterned(100, 1), { at: 5, content });
      await record("r").put("b", patterned(100, 1), { at: 6 });
      await record("r").put("c", patterned(100, 2), { at: 7 });
      const [a, b, c] = await record("r").read();
      same("content metadata", a?.metadata.content, content);
      const checksum = a?.metadata.chunk?.checksum;
      same("length of the checksum", checksum?.length, 4);
      const staging = a?.metadata.chunk?.staging;
      same("length of the staging's number", staging?.length, 8);
      const chunk = {
        count: 7,
        chunkBytes: 16,
        totalBytes: 100,
        checksum,
        staging,
        token: token(5),
      };
      same("chunks of a", a?.metadata.chunk, chunk);
      const again = { staging: b?.metadata.chunk?.staging, token: token(6) };
      same("chunks of the same value", b?.metadata.chunk, { ...chunk, ...again });
      const other = String(c?.metadata.chunk?.checksum) !== String(checksum);
      same("whether another value has another checksum", other, true);
      const keys = await record("r").read({ selection: { include: "keys" } });
      same("chunks of a, read without its value", keys[0]?.metadata.chunk, chunk);
    },
  },
  {
    id: "chunks/of-one-put",
    rules: ["CHUNK-2", "PUT-1"],
    title: "Several large and small values of one put stay apart, though they share a token.",
    needs: [],
    namespaces,
    run: async ({ record, plain }) => {
      const items = ["a", "b", "c", "d"].map((key, i) => ({
        key: toBytes(key),
        value: patterned(key === "c" ? 10 : 200, i),
      }));
      const wanted = items.map(({ key, value }) => [key, value] as const);
      await record("r").putItems(items);
      itemsAre("the record", await record("r").read(), wanted);
      await record("plain", { client: plain }).putItems(items);
      itemsAre("the record of a plain client", await record("plain").read(), wanted);
    },
  },
  {
    id: "chunks/of-one-token",
    rules: ["CHUNK-2", "TOK-4"],
    title: "One token used for several records and keys does not mix their values.",
    needs: [],
    namespaces,
    run: async ({ record }) => {
      const places = [
        ["a", "bc"],
        ["ab", "c"],
        ["abc", ""],
        ["a", "b"],
        ["a\0", "bc"],
      ] as const;
      for (const [i, [id, key]] of places.entries()) {
        await record(id).put(key, patterned(150, i), { at: 0 });
      }
      for (const [i, [id, key]] of places.entries()) {
        valueIs(`record ${id}, key ${key}`, await record(id).get(key), patterned(150, i));
      }
    },
  },
  {
    id: "chunks/of-two-namespaces",
    rules: ["CHUNK-2", "DATA-6"],
    title: "Large values of one record, key and token in two namespaces are two values.",
    needs: [],
    namespaces: { main: SMALL_CHUNKS, other: SMALL_CHUNKS },
    run: async ({ record, chunkRows }) => {
      await record("r").put("k", patterned(100, 1), { at: 0 });
      await record("r", { namespace: "other" }).put("k", patterned(100, 2), { at: 0 });
      valueIs("in main", await record("r").get("k"), patterned(100, 1));
      const other = await record("r", { namespace: "other" }).get("k");
      valueIs("in other", other, patterned(100, 2));
      chunksAre("in main", await chunkRows().list(), 7);
      chunksAre("in other", await chunkRows("other").list(), 7);
    },
  },
  {
    id: "chunks/expiring",
    rules: ["CHUNK-2", "TTL-1"],
    title: "A large value is there until the microsecond before its expiry and gone from then on.",
    needs: [],
    namespaces,
    run: async ({ record, clock, client, namespace }) => {
      await record("r").put("k", patterned(100), { at: 0, ttl: 10 * SECOND });
      await record("r").put("lasting", patterned(100, 2), { at: 0 });
      clock.advance(10 * SECOND - 1);
      valueIs("the value, a microsecond before", await record("r").get("k"), patterned(100));
      clock.advance(1);
      absent("the item at its expiry", await record("r").get("k"));
      same("its stream", await streamed(client, namespace(), "r", "k"), undefined);
      keysAre("the record", await record("r").read(), ["lasting"]);
    },
  },
  {
    id: "chunks/in-pages",
    rules: ["PAGE-1", "CHUNK-2"],
    title: "A page counts a large value as its bytes, wherever they lie.",
    needs: [],
    namespaces,
    run: async ({ record, plain }) => {
      const keys = ["a", "b", "c", "d", "e", "f"];
      for (const [i, key] of keys.entries()) await record("r").put(key, patterned(100, i));
      for (const client of [undefined, plain]) {
        const reader = client === undefined ? record("r") : record("r", { client });
        const pages = await reader.pages({ selection: { pageSizeBytes: 250 } });
        const sizes = pages.map(({ items }) => items.length).filter((size) => size > 0);
        same("items of each page", sizes, [2, 2, 2]);
        const single = await reader.pages({ selection: { pageSizeBytes: 1 } });
        const most = Math.max(...single.map(({ items }) => items.length));
        same("most items of a page of a byte", most, 1);
        keysAre(
          "keys over all pages",
          single.flatMap(({ items }) => items),
          keys,
        );
      }
    },
  },
  {
    id: "chunks/left-out",
    rules: ["GET-3", "CHUNK-2"],
    title: "A large value that a selection leaves out costs no chunk, and is marked as left out.",
    needs: [],
    namespaces,
    run: async ({ record, connect, plain, chunkRows }) => {
      await record("r").put("large", patterned(100));
      await record("r").put("small", "v");
      const watch = watched();
      const client = connect({ around: watch.around });
      const reads = [
        [{ include: "keys" }, [true, true]],
        [{ excludeValuesAboveBytes: 99 }, [true, false]],
      ] as const;
      // Without any chunk left, whoever looks for one fails.
      for (const row of await chunkRows().list()) await chunkRows().remove(row);
      for (const [selection, omitted] of reads) {
        for (const reader of [client, plain]) {
          const items = await record("r", { client: reader }).read({ selection });
          keysAre(`keys, ${JSON.stringify(selection)}`, items, ["large", "small"]);
          same(
            "which are left out",
            items.map(({ valueOmitted }) => valueOmitted),
            omitted,
          );
          same("bytes of the large value", items[0]?.value.length, 0);
        }
      }
      const fetched = watch.requests.filter(({ kind }) => kind === "get_chunks").length;
      same("requests for chunks", fetched, 0);
    },
  },
];
