/** Tokens of scans: good for their segment on any server, and for nothing else; what a scan refuses (SCAN-1, PAGE-3). */
import { concatBytes, matchAll } from "kvdal";
import { holds, refused, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { allScanned, fillRecords, scansAre, segmentPages } from "../kit/scan.ts";
import type { ConformanceStore } from "../kit/store.ts";

/** A page of one or two items. */
const SMALL = { pageSizeBytes: 60 };

/** The token after the first page of a segment. */
async function firstToken(
  { client, namespace }: ConformanceStore,
  segment = { index: 0, of: 1 },
): Promise<Uint8Array> {
  const input = { namespace: namespace(), segment, selection: SMALL };
  const { nextPageToken } = await client.scanItems(input);
  holds("the first page's token", nextPageToken !== undefined, nextPageToken, "a token");
  return nextPageToken as Uint8Array;
}

/** Cases of this topic. */
export const scanTokenCases: readonly ConformanceCase[] = [
  {
    id: "scan-tokens/any-server",
    rules: ["SCAN-1", "PAGE-3"],
    title:
      "A segment goes on at another server, page by page, and a token used again gives the same page.",
    needs: [],
    run: async (store) => {
      const { client, second, namespace } = store;
      const wanted = await fillRecords(store);
      for (const pageSizeBytes of [1, 100, 400]) {
        const input = { namespace: namespace(), selection: { pageSizeBytes } };
        scansAre("by turns", await segmentPages([client, second], input), wanted);
      }
      const input = {
        namespace: namespace(),
        selection: SMALL,
        pageToken: await firstToken(store),
      };
      const page = await client.scanItems(input);
      same("the page again", (await second.scanItems(input)).items, page.items);
    },
  },
  {
    id: "scan-tokens/tampered",
    rules: ["SCAN-1", "PAGE-3", "ERR-1"],
    title: "A token of a scan with any byte changed, cut short or lengthened is INVALID_ARGUMENT.",
    needs: [],
    run: async (store) => {
      const { client, namespace } = store;
      await fillRecords(store, { records: 4 });
      const token = await firstToken(store);
      const changed = Array.from(token, (byte, i) => token.with(i, byte ^ 0x01));
      const cut = [token.slice(0, -1), token.slice(1), new Uint8Array(0)];
      for (const pageToken of [...changed, ...cut, concatBytes(token, Uint8Array.of(0))]) {
        const page = client.scanItems({ namespace: namespace(), pageToken });
        await refused("a changed token", page, "INVALID_ARGUMENT");
      }
    },
  },
  {
    id: "scan-tokens/foreign-token",
    rules: ["SCAN-1", "PAGE-3", "ERR-1"],
    title:
      "A token of another segment, another number of them, another namespace, or a record is INVALID_ARGUMENT.",
    needs: [],
    namespaces: { main: {}, main2: {} },
    run: async (store) => {
      const { client, record, namespace } = store;
      await fillRecords(store, { records: 40, keys: 3 });
      await fillRecords(store, { records: 40, keys: 3, namespace: "main2" });
      const pageToken = await firstToken(store, { index: 1, of: 4 });
      const scan = (index: number, of: number, label = "main"): Promise<unknown> =>
        client.scanItems({ namespace: namespace(label), segment: { index, of }, pageToken });
      for (const [index, of] of [
        [0, 4],
        [2, 4],
        [1, 5],
        [0, 1],
        [1, 2],
      ] as const) {
        await refused(`at segment ${index} of ${of}`, scan(index, of), "INVALID_ARGUMENT");
      }
      await refused("in another namespace", scan(1, 4, "main2"), "INVALID_ARGUMENT");
      const ofRecord = (await record("record 1").page({ selection: SMALL })).nextPageToken;
      const scanOn = client.scanItems({ namespace: namespace(), pageToken: ofRecord });
      await refused("a record's token for a scan", scanOn, "INVALID_ARGUMENT");
      const own = { namespace: namespace(), id: "record 1", predicate: matchAll };
      const readOn = client.getItems({ ...own, pageToken: await firstToken(store) });
      await refused("a scan's token for a record", readOn, "INVALID_ARGUMENT");
      await scan(1, 4);
    },
  },
  {
    id: "scan-tokens/bad-arguments",
    rules: ["SCAN-1", "ERR-1"],
    title:
      "Segments and selections that are none are INVALID_ARGUMENT, a namespace that is none is NAMESPACE_NOT_FOUND.",
    needs: [],
    run: async ({ client, namespace }) => {
      const name = namespace();
      for (const [index, of] of [
        [1, 1],
        [-1, 2],
        [0, 0],
        [0.5, 2],
        [0, 257],
        [0, 1.5],
      ] as const) {
        const page = client.scanItems({ namespace: name, segment: { index, of } });
        await refused(`segment ${index} of ${of}`, page, "INVALID_ARGUMENT");
      }
      for (const segments of [0, 257, 1.5, -1]) {
        const scan = allScanned(client, { namespace: name, segments });
        await refused(`${segments} segments`, scan, "INVALID_ARGUMENT");
      }
      const nobody = allScanned(client, { namespace: name, concurrency: 0 });
      await refused("no segment at a time", nobody, "INVALID_ARGUMENT");
      const tooLarge = client.scanItems({ namespace: name, selection: { pageSizeBytes: 0 } });
      await refused("pages of no bytes", tooLarge, "INVALID_ARGUMENT");
      const none = allScanned(client, { namespace: `${name}_none` });
      await refused("a namespace that is none", none, "NAMESPACE_NOT_FOUND");
    },
  },
];
