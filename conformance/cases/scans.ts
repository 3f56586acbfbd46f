/** Scans of whole namespaces: everything once, in segments, in bounded pages (SCAN-1). */
import { compareBytes, EMPTY_BYTES, SECOND, toHex } from "kvdal";
import { numbered, patterned, toBytes } from "../kit/bytes.ts";
import { holds, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { SMALL_CHUNKS } from "../kit/large-value.ts";
import { allScanned, fillRecords, itemsOf, nameOf, scansAre, segmentPages } from "../kit/scan.ts";

const ROWS_PER_CALL = 50;
const DEAD = 300;

/** Cases of this topic. */
export const scanCases: readonly ConformanceCase[] = [
  {
    id: "scans/whole-namespace",
    rules: ["SCAN-1", "DATA-6"],
    title: "A scan gives every item of every record of its namespace once, and nothing of another.",
    needs: [],
    namespaces: { main: {}, other: {} },
    run: async (store) => {
      const { client, record, namespace } = store;
      const wanted = [...(await fillRecords(store, { records: 20 }))];
      await fillRecords(store, { namespace: "other", records: 22, keys: 6 });
      const odd = ["", "\0", "\u00ff", "k0"].map((key) => ({
        key: toBytes(key),
        value: EMPTY_BYTES,
      }));
      for (const id of ["é", "\ufeffr", "x".repeat(1024), "\0", "record 1/", "9"]) {
        await record(id).putItems(odd);
        wanted.push(...odd.map(({ key, value }) => nameOf(id, key, value)));
      }
      for (const pageSizeBytes of [1, 300, 100_000]) {
        const input = { namespace: namespace(), selection: { pageSizeBytes } };
        scansAre(`pages of ${pageSizeBytes} bytes`, await allScanned(client, input), wanted);
      }
    },
  },
  {
    id: "scans/what-an-item-is",
    rules: ["SCAN-1", "GET-3", "DATA-5"],
    title:
      "A scanned item is what a read of its record gives; values can be left out, all or those above a size.",
    needs: [],
    run: async ({ client, record, namespace }) => {
      const content = { type: "text", note: toBytes("n") };
      await record("r").put("a", "short", { ttl: 60 * SECOND, content });
      await record("r").put("b", patterned(200));
      const scan = async (selection: object): Promise<unknown> =>
        itemsOf(await allScanned(client, { namespace: namespace(), selection }))
          .toSorted((a, b) => compareBytes(a.key, b.key))
          .map(({ id, ...item }) => [id, item]);
      for (const selection of [
        {},
        { include: "keys" },
        { excludeValuesAboveBytes: 100 },
      ] as const) {
        const items = await record("r").read({ selection });
        const wanted = items.map((item) => ["r", item]);
        same(`with ${JSON.stringify(selection)}`, await scan(selection), wanted);
      }
    },
  },
  {
    id: "scans/segments-partition",
    rules: ["SCAN-1"],
    title:
      "However many segments there are, every record is in exactly one of them, and together they are the whole.",
    needs: [],
    run: async (store) => {
      const { client, namespace } = store;
      const wanted = await fillRecords(store, { records: 40, keys: 2 });
      for (const count of [1, 2, 3, 7, 64]) {
        const pages = [];
        const segmentOf = new Map<string, number>();
        for (let index = 0; index < count; index += 1) {
          const input = { namespace: namespace(), segment: { index, of: count } };
          for (const page of await segmentPages([client], input)) {
            pages.push(page);
            for (const { id } of page.items) {
              same(`segment of ${id}, of ${count}`, segmentOf.get(id) ?? index, index);
              segmentOf.set(id, index);
            }
          }
        }
        scansAre(`all of ${count} segments`, pages, wanted);
        const input = { namespace: namespace(), segments: count };
        scansAre(`${count} segments at once`, await allScanned(client, input), wanted);
      }
    },
  },
  {
    id: "scans/pages-bounded",
    rules: ["SCAN-1", "PAGE-1"],
    title:
      "A page of a scan keeps to its bytes, ids included, unless it is one item; a record larger than a page is split.",
    needs: [],
    run: async ({ client, record, namespace }) => {
      const wanted: string[] = [];
      for (const id of ["large", "small"]) {
        const count = id === "large" ? 40 : 3;
        const items = Array.from({ length: count }, (_, i) => ({
          key: toBytes(numbered("k", i)),
          value: patterned(93, i),
        }));
        await record(id).putItems(items);
        wanted.push(...items.map(({ key, value }) => nameOf(id, key, value)));
      }
      for (const pageSizeBytes of [10, 330, 2_500]) {
        const input = { namespace: namespace(), selection: { pageSizeBytes } };
        const pages = await segmentPages([client], input);
        scansAre(`pages of ${pageSizeBytes} bytes`, pages, wanted);
        for (const { items } of pages) {
          const bytes = items.reduce(
            (sum, { id, key, value }) => sum + id.length + key.length + value.length,
            0,
          );
          const fits = items.length <= 1 || bytes <= pageSizeBytes;
          holds("bytes of a page", fits, bytes, `at most ${pageSizeBytes}`);
        }
        const keys = itemsOf(pages).flatMap(({ id, key }) => (id === "large" ? [key] : []));
        const [first = EMPTY_BYTES, second = EMPTY_BYTES] = keys;
        const inOrder = compareBytes(first, second) < 0 ? keys : keys.toReversed();
        same("keys of the split record", inOrder, keys.toSorted(compareBytes));
      }
    },
  },
  {
    id: "scans/dead-rows",
    rules: ["SCAN-1", "GET-5", "PAGE-5", "PAGE-4"],
    title:
      "A scan gives nothing that expired or was deleted, and gets past long runs of it in bounded pages.",
    needs: [],
    namespaces: { main: { rowsPerCallMax: ROWS_PER_CALL } },
    run: async ({ client, record, namespace, clock }) => {
      const items = Array.from({ length: DEAD / 3 }, (_, i) => ({
        key: toBytes(numbered("k", i)),
        value: toBytes("v"),
        ttlMicros: 10 * SECOND,
      }));
      for (const id of ["expired 1", "expired 2", "expired 3"]) {
        await record(id).putItems(items, { at: 0 });
      }
      for (const id of ["by key", "by range", "whole"]) {
        for (const key of ["a", "k1", "k2", "z"]) await record(id).put(key, "v", { at: 0 });
      }
      await record("by key").deleteKeys(["k1", "k2"], { at: 1 });
      await record("by range").deleteRange("k", "l", { at: 1 });
      await record("whole").deleteAll({ at: 1 });
      clock.advance(10 * SECOND);
      const wanted = ["by key", "by range"].flatMap((id) =>
        ["a", "z"].map((key) => nameOf(id, toBytes(key), toBytes("v"))),
      );
      for (const pageSizeBytes of [10, 64 * 1024]) {
        const input = { namespace: namespace(), selection: { pageSizeBytes } };
        const pages = await segmentPages([client], input);
        scansAre("what is alive", pages, wanted);
        const least = Math.floor(DEAD / ROWS_PER_CALL);
        holds("pages", pages.length >= least, pages.length, `at least ${least}: work is bounded`);
        const most = (DEAD + 12) / ROWS_PER_CALL + 10;
        holds("pages", pages.length <= most, pages.length, `at most ${most}`);
        const tokens = pages.map(({ nextPageToken = EMPTY_BYTES }) => toHex(nextPageToken));
        same("tokens that came twice", tokens.length - new Set(tokens).size, 0);
      }
    },
  },
  {
    id: "scans/empty-namespace",
    rules: ["SCAN-1", "PAGE-4"],
    title: "A scan of a namespace without items ends, also in many segments, and has none.",
    needs: [],
    run: async ({ client, namespace }) => {
      for (const segments of [1, 5]) {
        const pages = await allScanned(client, { namespace: namespace(), segments });
        same("items", itemsOf(pages), []);
        const ends = pages.at(-1)?.checkpoint.segments;
        same(
          "where it stands",
          ends,
          Array.from({ length: segments }, () => "end"),
        );
      }
      same("a page", await client.scanItems({ namespace: namespace() }), {
        items: [],
        nextPageToken: undefined,
      });
    },
  },
  {
    id: "scans/writes-meanwhile",
    rules: ["SCAN-1"],
    title:
      "Whatever is put, overwritten and deleted during a scan, what is there throughout comes exactly once, the rest at most once.",
    needs: [],
    run: async (store) => {
      const { client, record, namespace } = store;
      const wanted = await fillRecords(store, { records: 10, keys: 6 });
      const seen: string[] = [];
      let turn = 0;
      const input = { namespace: namespace(), segments: 2, selection: { pageSizeBytes: 100 } };
      for await (const page of client.scan(input)) {
        seen.push(...page.items.map(({ id, key, value }) => nameOf(id, key, value)));
        const id = `record ${turn % 10}`;
        // Before, between and after those that stay, in old records and in new ones.
        for (const key of ["", "k0\0", "k3\0", "z"]) await record(id).put(key, "new");
        await record(`new ${turn}`).put("k", "new");
        if (turn > 2) await record(`new ${turn - 3}`).deleteAll();
        if (turn > 2) await record(`record ${(turn - 3) % 10}`).deleteKeys(["", "z", "k3\0"]);
        turn += 1;
        holds("pages", turn < 500, turn, "an end");
      }
      const twice = seen.filter((name, i) => seen.indexOf(name) !== i);
      same("what came twice", twice, []);
      const stayed = new Set(wanted);
      same(
        "what was there throughout",
        seen.filter((name) => stayed.has(name)).toSorted(),
        wanted.toSorted(),
      );
    },
  },
  {
    id: "scans/large-values",
    rules: ["SCAN-1", "CHUNK-1", "CHUNK-9", "COMP-1"],
    title:
      "Values in chunks and compressed ones come whole, to clients that fetch and decode them and to those that cannot.",
    needs: [],
    namespaces: {
      main: SMALL_CHUNKS,
      packed: { ...SMALL_CHUNKS, compression: { codec: "zstd", minBytes: 0 } },
    },
    run: async ({ client, plain, connect, record, namespace }) => {
      const bare = connect({ capabilities: { chunking: false, codecs: [] } });
      for (const label of ["main", "packed"]) {
        const wanted: string[] = [];
        for (const id of ["one", "two"]) {
          for (const [key, bytes] of [
            ["a", 10],
            ["b", 300],
            ["c", 700],
          ] as const) {
            const value =
              label === "main" ? patterned(bytes, key.length) : new Uint8Array(bytes).fill(7);
            await record(id, { namespace: label }).put(key, value);
            wanted.push(nameOf(id, toBytes(key), value));
          }
        }
        const input = { namespace: namespace(label), selection: { pageSizeBytes: 500 } };
        scansAre(`${label}, to a client that chunks`, await allScanned(client, input), wanted);
        scansAre(`${label}, to one that does not`, await allScanned(plain, input), wanted);
        scansAre(`${label}, to one that cannot decode`, await allScanned(bare, input), wanted);
      }
    },
  },
];
