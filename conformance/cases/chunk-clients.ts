/** Who cuts and joins large values: clients that chunk, in portions, and the server for others (CHUNK-6, 7, 9). */
import { concatBytes, KvError } from "kvdal";
import type { KvRequest } from "kvdal/client";
import { patterned, toBytes } from "../kit/bytes.ts";
import { holds, itemsAre, keysAre, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { joined, SMALL_CHUNKS, streamed } from "../kit/large-value.ts";
import { losing, watched } from "../kit/on-the-way.ts";

const namespaces = { main: SMALL_CHUNKS };
/** Four chunks to a request: a few thousand bytes take several. */
const FEW_PER_REQUEST = { chunking: { aboveBytes: 64, chunkBytes: 128, requestBytesMax: 512 } };

/** `value` in pieces of sizes that repeat. */
function* inPieces(value: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < value.length; i += 1) {
    const size = sizes[i % sizes.length] as number;
    yield value.subarray(at, at + size);
    at += size;
  }
}

const bytesIn = (request: KvRequest): number =>
  request.kind === "stage_chunks" ? concatBytes(...request.chunks).length : 0;

/** Cases of this topic. */
export const chunkClientCases: readonly ConformanceCase[] = [
  {
    id: "chunk-clients/plain",
    rules: ["CHUNK-9", "CHUNK-1"],
    title:
      "A client that cannot chunk puts and gets large values like any others, and clients that can see the same.",
    needs: [],
    namespaces,
    run: async ({ record, client, plain, namespace, connect, chunkRows }) => {
      const watch = watched();
      const also = connect({ capabilities: { chunking: false }, around: watch.around });
      await record("r", { client: also }).put("by plain", patterned(200, 1));
      await record("r").put("by other", patterned(300, 2));
      same("chunks stored", (await chunkRows().list()).length, 13 + 19);
      const wanted = [
        ["by other", patterned(300, 2)],
        ["by plain", patterned(200, 1)],
      ] as const;
      itemsAre("to a client that chunks", await record("r").read(), wanted);
      itemsAre("to a plain one", await record("r", { client: also }).read(), wanted);
      for (const reader of [client, plain]) {
        const stream = await streamed(reader, namespace(), "r", "by plain");
        same("as a stream", stream, patterned(200, 1));
      }
      const kinds = new Set(watch.requests.map(({ kind }) => kind));
      same("requests of the plain client", [...kinds].toSorted(), ["get_items", "put_items"]);
    },
  },
  {
    id: "chunk-clients/plain-bounds",
    rules: ["CHUNK-9", "ERR-1"],
    title:
      "What is too large for a server to cut is TOO_LARGE, what is too large to join UNSUPPORTED, one byte past the bound.",
    needs: [],
    namespaces: { main: { chunking: { aboveBytes: 64, chunkBytes: 16, wholeBytesMax: 200 } } },
    run: async ({ record, plain }) => {
      const one = record("r", { client: plain });
      await one.put("a", patterned(200, 1));
      await refused("a put past the bound", one.put("b", patterned(201)), "TOO_LARGE", "no");
      valueIs("at the bound", await one.get("a"), patterned(200, 1));
      await record("r").put("b", patterned(201, 2));
      valueIs("to a client that chunks", await record("r").get("b"), patterned(201, 2));
      await refused("a get past the bound", one.get("b"), "UNSUPPORTED");
      await refused("of the record", one.read(), "UNSUPPORTED");
      valueIs("the other item", await one.get("a"), patterned(200, 1));
      const items = await one.read({ selection: { excludeValuesAboveBytes: 200 } });
      keysAre("the record without what is too large", items, ["a", "b"]);
      same("whether it is marked", items[1]?.valueOmitted, true);
    },
  },
  {
    id: "chunk-clients/too-large-for-namespace",
    rules: ["CHUNK-6", "DATA-4"],
    title: "A stream past the namespace's largest value is TOO_LARGE, and nothing of it is put.",
    needs: [],
    namespaces: { main: { ...SMALL_CHUNKS, maxValueBytes: 500 } },
    run: async ({ record, client, namespace }) => {
      const address = { namespace: namespace(), id: "r", key: toBytes("k") };
      await client.putValue(address, [patterned(500, 1)]);
      const larger = client.putValue(address, inPieces(patterned(501, 2), [100]));
      await refused("a stream of a byte more", larger, "TOO_LARGE", "no");
      await refused("a put", record("r").put("k", patterned(501, 2)), "TOO_LARGE", "no");
      valueIs("the value", await record("r").get("k"), patterned(500, 1));
    },
  },
  {
    id: "chunk-clients/streams",
    rules: ["CHUNK-6"],
    title: "A value put as a stream, in pieces of any sizes, is the value; small ones lie inline.",
    needs: [],
    namespaces,
    run: async ({ record, client, namespace, token }) => {
      const sizes = [0, 1, 63, 64, 65, 80, 81, 1000, 5000];
      for (const [at, size] of sizes.entries()) {
        for (const pieces of [[1], [16], [7, 0, 31], [100_000]]) {
          const value = patterned(size, size);
          const what = `${size} bytes in pieces of ${pieces.join(", ")}`;
          const key = toBytes("k");
          const address = { namespace: namespace(), id: what, key, token: token(at) };
          const content = { type: "x" };
          const result = await client.putValue(
            { ...address, content, ttlMicros: 60_000_000 },
            inPieces(value, pieces),
          );
          same(`${what}: its token`, result.token, token(at));
          const found = await record(what).get("k");
          valueIs(what, found, value);
          same(`${what}: content`, found?.metadata.content, content);
          same(
            `${what}: expiry`,
            found?.metadata.lifecycle.expiresAt,
            token(at).generationTime + 60_000_000,
          );
          same(`${what}: whether in chunks`, found?.metadata.chunk !== undefined, size > 64);
          same(`${what}: as a stream`, await streamed(client, namespace(), what, "k"), value);
        }
      }
    },
  },
  {
    id: "chunk-clients/in-portions",
    rules: ["CHUNK-6", "RES-2"],
    title:
      "A large value goes out, and comes back, in requests of bounded size, no more than the window of them at a time.",
    needs: [],
    namespaces: { main: FEW_PER_REQUEST },
    run: async ({ connect, namespace, chunkRows }) => {
      const watch = watched();
      const client = connect({ around: watch.around, limits: { chunkWindow: 2 } });
      const value = patterned(3007, 5);
      const address = { namespace: namespace(), id: "r", key: toBytes("k") };
      await client.putValue(address, inPieces(value, [40, 7]));
      const staged = watch.requests.filter(({ kind }) => kind === "stage_chunks");
      holds("requests that stage", staged.length >= 6, staged.length, "at least 6");
      const largest = Math.max(...staged.map(bytesIn));
      holds("bytes in one of them", largest <= 512, largest, "at most 512");
      const last = watch.requests.at(-1);
      same("the last request", last?.kind, "put_items");
      const inline = last?.kind === "put_items" ? last.items[0]?.value.length : undefined;
      same("bytes in it", inline, 0);
      same("chunks stored", (await chunkRows().list()).length, 24);
      const reader = await client.readValue(address);
      same("the value read", reader && (await joined(reader.value)), value);
      const fetched = watch.requests.filter(({ kind }) => kind === "get_chunks").length;
      holds("requests that fetch", fetched >= 6, fetched, "at least 6");
      same("most requests at a time", watch.mostAtOnce(), 2);
    },
  },
  {
    id: "chunk-clients/nothing-ahead",
    rules: ["CHUNK-6", "RES-1"],
    title: "A reader who stops early has no more fetched than the window.",
    needs: [],
    namespaces: { main: FEW_PER_REQUEST },
    run: async ({ record, connect, namespace }) => {
      await record("r").put("k", patterned(3000, 5));
      const watch = watched();
      const client = connect({ around: watch.around, limits: { chunkWindow: 2 } });
      const reader = await client.readValue({ namespace: namespace(), id: "r", key: toBytes("k") });
      for await (const piece of reader?.value ?? []) {
        same("the first piece", piece, patterned(128, 5));
        break;
      }
      const fetched = watch.requests.filter(({ kind }) => kind === "get_chunks").length;
      holds("requests for chunks", fetched <= 3, fetched, "at most 3");
    },
  },
  {
    id: "chunk-clients/linear",
    rules: ["CHUNK-7"],
    title: "Twice the size is twice the requests, not more: for puts and for gets.",
    needs: [],
    // Sizes are of what is stored: in a mode that compresses it would be less.
    namespaces: { main: { ...FEW_PER_REQUEST, compression: { codec: "none" } } },
    run: async ({ record, connect }) => {
      const counts: (readonly [number, number])[] = [];
      for (const portions of [1, 2, 4]) {
        const watch = watched();
        const client = connect({ around: watch.around });
        const value = patterned(portions * 512, portions);
        const one = record(`${portions} portions`, { client });
        // Having read, it knows the bounds, and stages by itself.
        await one.read();
        await one.put("k", value);
        valueIs(`the value of ${portions} portions`, await one.get("k"), value);
        const count = (kind: KvRequest["kind"]): number =>
          watch.requests.filter((request) => request.kind === kind).length;
        counts.push([count("stage_chunks"), count("get_chunks")]);
      }
      same("requests to stage and to fetch 1, 2 and 4 portions", counts, [
        [1, 1],
        [2, 2],
        [4, 4],
      ]);
    },
  },
  {
    id: "chunk-clients/lost-requests",
    rules: ["CHUNK-6", "TOK-8"],
    title:
      "Requests of a large value that get lost are sent again; a put that fails so was not begun.",
    needs: [],
    namespaces: { main: FEW_PER_REQUEST },
    run: async ({ record, connect }) => {
      const value = patterned(700, 6);
      let count = 0;
      const limits = { backoffBase: 1, backoffMax: 1 };
      const some = connect({
        limits,
        around: losing(
          ({ kind }) => kind.endsWith("_chunks") && (count++ & 1) === 0,
          "UNAVAILABLE",
        ),
      });
      await record("r", { client: some }).read();
      await record("r", { client: some }).put("k", value, { at: 0 });
      valueIs("the value", await record("r", { client: some }).get("k"), value);
      const all = connect({
        around: losing(({ kind }) => kind === "stage_chunks", "OUTCOME_UNKNOWN"),
        limits: { ...limits, attemptsMax: 2 },
      });
      await record("r", { client: all }).read({ selection: { include: "keys" } });
      const put = record("r", { client: all }).put("k", patterned(600, 7), { at: 1 });
      await refused("a put whose chunks never arrive", put, "OUTCOME_UNKNOWN", "no");
      valueIs("the value after it", await record("r").get("k"), value);
    },
  },
  {
    id: "chunk-clients/source-stands-still",
    rules: ["CHUNK-6", "RES-1"],
    title: "A stream whose source stands still ends with the time of its call, and puts nothing.",
    needs: [],
    namespaces,
    run: async ({ record, client, namespace }) => {
      const source = async function* (): AsyncGenerator<Uint8Array> {
        yield patterned(100);
        await new Promise<never>(() => undefined);
      };
      const address = { namespace: namespace(), id: "r", key: toBytes("k") };
      const put = client.putValue(address, source(), { timeoutMicros: 30_000 });
      await refused("the put", put, "DEADLINE_EXCEEDED", "no");
      const given = new AbortController();
      const second = client.putValue(address, source(), { signal: given.signal });
      const failure = second.catch((error: unknown) => error);
      given.abort();
      const error = await failure;
      const isCancelled = error instanceof KvError && error.code === "CANCELLED";
      holds("a put that was given up", isCancelled, error, "CANCELLED");
      itemsAre("the record", await record("r").read(), []);
    },
  },
];
