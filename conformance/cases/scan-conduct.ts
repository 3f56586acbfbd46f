/** How scans go on, end and are given up (SCAN-1). */
import { KvError, MILLISECOND, MINUTE, type ScanCheckpoint, type ScannedPage } from "kvdal";
import { toBytes } from "../kit/bytes.ts";
import { holds, refused, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { INLINE } from "../kit/modes.ts";
import { ENGINE_WATCH } from "../kit/need.ts";
import { deciding, watched } from "../kit/on-the-way.ts";
import { allScanned, fillRecords, itemsOf, scansAre } from "../kit/scan.ts";

/** A page of one or two items. */
const SMALL = { pageSizeBytes: 60 };

const OLD = { v1: { aliases: ["live"] }, v2: {} };
const NEW = { v1: {}, v2: { aliases: ["live"] } };

/** Cases of this topic. */
export const scanConductCases: readonly ConformanceCase[] = [
  {
    id: "scan-conduct/resumed",
    rules: ["SCAN-1"],
    title:
      "A scan that is abandoned again and again, and goes on from its checkpoint at another server, gives everything once.",
    needs: [],
    run: async (store) => {
      const { client, second, namespace } = store;
      const wanted = await fillRecords(store, { records: 16 });
      for (const segments of [1, 5]) {
        const clients = [client, second];
        const pages = [];
        let from: ScanCheckpoint | undefined;
        let parts = 0;
        do {
          const input = from === undefined ? { namespace: namespace(), segments } : { from };
          let taken = 0;
          for await (const page of (clients[parts % 2] ?? client).scan({
            ...input,
            selection: SMALL,
          })) {
            pages.push(page);
            from = structuredClone(page.checkpoint);
            taken += 1;
            if (taken > parts % 4) break;
          }
          parts += 1;
          holds("parts", parts < 500, parts, "an end");
        } while (from === undefined || from.segments.some((one) => one !== "end"));
        scansAre(`${parts} parts of ${segments} segments`, pages, wanted);
        same("after the end", await allScanned(second, { from }), []);
      }
    },
  },
  {
    id: "scan-conduct/alias-stays",
    rules: ["SCAN-1", "NS-4"],
    title:
      "A scan by an alias that is flipped meanwhile ends, all segments of it, in the namespace it began in.",
    needs: [],
    namespaces: {},
    run: async (store) => {
      same("refused at the beginning", await store.configure(OLD), []);
      const wanted = await fillRecords(store, { namespace: "v1", records: 20 });
      await fillRecords(store, { namespace: "v2", records: 25, bytes: 21 });
      const pages = [];
      let from: ScanCheckpoint | undefined;
      const input = { namespace: store.namespace("live"), segments: 6, selection: SMALL };
      for await (const page of store.client.scan(input)) {
        pages.push(page);
        if (pages.length === 2) same("refused of the flip", await store.configure(NEW), []);
        from = page.checkpoint;
        if (pages.length === 20) break;
      }
      const rest = await allScanned(store.second, from === undefined ? input : { from });
      scansAre("all of the scan", [...pages, ...rest], wanted);
    },
  },
  {
    id: "scan-conduct/concurrency",
    rules: ["SCAN-1", "RES-2"],
    title:
      "No more segments are asked for at a time than was said, and no page beyond one each while none is taken.",
    needs: [],
    run: async (store) => {
      const wanted = await fillRecords(store, { records: 30 });
      const watch = watched();
      const client = store.connect({ around: watch.around });
      const asked = (): number => watch.requests.filter(({ kind }) => kind === "scan_items").length;
      const input = { namespace: store.namespace(), segments: 8, concurrency: 3, selection: SMALL };
      const pages = [];
      for await (const page of client.scan(input)) {
        pages.push(page);
        // Time for whatever is asked for without being wanted.
        if (pages.length <= 5) await store.wait(20 * MILLISECOND);
        const ahead = asked() - pages.length;
        holds("pages asked for ahead", ahead <= 3, ahead, "one each of three segments at most");
      }
      scansAre("the whole", pages, wanted);
      const most = watch.mostAtOnce();
      holds("requests at a time", most > 1 && most <= 3, most, "two or three");
    },
  },
  {
    id: "scan-conduct/abandoned",
    rules: ["SCAN-1", "RES-1"],
    title:
      "A scan that its caller leaves, or gives up, ends what is on its way; nothing of it is left, and no more is asked for.",
    needs: [],
    namespaces: { main: INLINE },
    run: async (store) => {
      await fillRecords(store, { records: 30 });
      for (const way of ["left", "given up"]) {
        const { around, sent } = deciding(({ nth }) => (nth < 2 ? "pass" : "stay"), store.env);
        const client = store.connect({ around });
        const caller = new AbortController();
        const input = { namespace: store.namespace(), segments: 8, selection: SMALL };
        const options = { signal: caller.signal };
        const scan = client.scan(input, options)[Symbol.asyncIterator]();
        const first = await scan.next();
        holds("the first page", first.done !== true, first, "a page");
        if (way === "left") {
          await scan.return?.();
        } else {
          await scan.next();
          const next = scan.next();
          caller.abort();
          await refused("the page after", next, "CANCELLED");
        }
        holds("attempts", sent.length > 2, sent.length, "several at a time");
        const out = sent.filter(({ ended }) => ended === undefined);
        same(`attempts that are out, ${way}`, out.length, 0);
        const count = sent.length;
        await store.wait(10 * MILLISECOND);
        same(`attempts since then, ${way}`, sent.length, count);
      }
    },
  },
  {
    id: "scan-conduct/a-page-fails",
    rules: ["SCAN-1", "RETRY-2"],
    title:
      "Pages of a scan are tried again as reads are; where that does not help, the scan fails, and goes on from its checkpoint.",
    needs: [],
    run: async (store) => {
      const wanted = await fillRecords(store);
      let isDown = false;
      const watch = watched();
      const client = store.connect({
        around: (transport) =>
          watch.around(async (request, call) => {
            const fails = request.kind === "scan_items" && (isDown || call.turn === 0);
            if (fails) throw new KvError("UNAVAILABLE", "as the case has it");
            return transport(request, call);
          }),
        limits: { attemptsMax: 3, backoffBase: MILLISECOND, backoffMax: MILLISECOND },
      });
      const pages: ScannedPage[] = [];
      let from: ScanCheckpoint | undefined;
      const scan = client.scan({ namespace: store.namespace(), segments: 2, selection: SMALL });
      const work = (async () => {
        for await (const page of scan) {
          pages.push(page);
          from = page.checkpoint;
          isDown = pages.length >= 4;
        }
      })();
      await refused("the scan", work, "UNAVAILABLE");
      if (from === undefined) return;
      scansAre("with the rest", [...pages, ...(await allScanned(store.client, { from }))], wanted);
    },
  },
  {
    id: "scan-conduct/service-levels",
    rules: ["SCAN-1", "RETRY-3"],
    title:
      "A scan is not held to the service levels of reads: it is not hedged, not cut off at their longest latency, not counted.",
    needs: [ENGINE_WATCH],
    namespaces: {
      main: {
        ...INLINE,
        slo: {
          read: { target: 5 * MILLISECOND, max: 10 * MILLISECOND },
          write: { target: MINUTE, max: MINUTE },
        },
      },
    },
    run: async (store) => {
      await store.record("r").put("k", "v");
      const { around, sent } = deciding(() => "pass", store.env);
      const client = store.connect({ around, limits: { hedgeShare: 1, hedgeBurst: 100 } });
      store.engine.slow(30 * MILLISECOND);
      for (let i = 0; i < 3; i += 1) {
        const pages = await allScanned(client, { namespace: store.namespace() });
        same(
          "items",
          itemsOf(pages).map(({ value }) => value),
          [toBytes("v")],
        );
      }
      store.engine.slow(0);
      same("attempts", sent.length, 3);
      const { utilization } = client.signals(store.namespace()) ?? {};
      same("reads over their target", utilization?.latency.overTarget, 0);
    },
  },
];
