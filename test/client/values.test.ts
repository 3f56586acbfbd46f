// Goal: compressed and chunked values on their way through a client: what is staged and sent, how long values come,
// and what is made of one that changed between two looks (COMP-1, COMP-3, CHUNK-5).
import { describe, expect, test } from "vitest";
import {
  arrivedItems,
  arrivedStream,
  readyItems,
  type ValueParts,
} from "../../src/client/values.ts";
import { type CodecParts, noDictionaries } from "../../src/codec/codec-parts.ts";
import { inPlace } from "../../src/codec/compressor.ts";
import { chunksOf, describeChunks } from "../../src/codec/split-value.ts";
import { zstd } from "../../src/codec/zstd.ts";
import { concatBytes, EMPTY_BYTES, utf8 } from "../../src/model/bytes.ts";
import { PLAIN_CLIENT, type ServerFacts } from "../../src/model/capabilities.ts";
import type { Item } from "../../src/model/item.ts";
import { matchAll } from "../../src/model/predicate.ts";
import type { GetItemsRequest, KvRequest } from "../../src/model/request.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { FACTS, LIMITS_TOLD } from "../fakes/server-facts.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";

const key = utf8("k");
const value = utf8("the same again, ".repeat(40));
const codec: CodecParts = { codecs: [zstd], compressor: inPlace, dictionaries: noDictionaries };
const capabilities = { ...PLAIN_CLIENT, chunking: true, codecs: ["zstd"] };
const server: ServerFacts = {
  ...FACTS,
  codecs: ["zstd"],
  limits: { ...LIMITS_TOLD, chunkBytes: 16, chunkAboveBytes: 20, compression: { codec: "zstd" } },
};
const request: GetItemsRequest = {
  kind: "get_items",
  namespace: "an_alias",
  id: "r",
  predicate: matchAll,
  selection: { excludeValuesAboveBytes: 5000 },
  pageToken: utf8("token"),
  capabilities,
};
const token = { generationTime: 5, nonce: new Uint8Array(16) };
const origin = { request, server };

/** Parts whose requests are noted and answered by `answer`. */
function scripted(answer: (request: KvRequest) => object, wholeBytesMax = 10_000) {
  const sent: KvRequest[] = [];
  const send = async (one: KvRequest) => {
    sent.push(one);
    return { ...answer(one), server };
  };
  const parts: ValueParts = {
    capabilities,
    codec,
    random: steppedEnv().random,
    limits: { chunkWindow: 2, wholeBytesMax },
    send: send as unknown as ValueParts["send"],
    greet: async () => server,
  };
  return { sent, parts };
}

const compressed = zstd.compress(value, { level: 3 });
const chunk = describeChunks(compressed, 16, { token, staging: new Uint8Array(8) });
const lifecycle = { writeTime: 5 };
const compression = { codec: "zstd", originalBytes: value.length };
const inline: Item = {
  key,
  value: compressed,
  valueOmitted: false,
  metadata: { lifecycle, compression },
};
const chunked: Item = {
  ...inline,
  value: EMPTY_BYTES,
  metadata: { lifecycle, compression, chunk },
};
const chunksAsked = (one: KvRequest): object =>
  one.kind === "get_chunks" ? { chunks: chunksOf(compressed, 16, one) } : {};

async function joined(pieces: AsyncIterable<Uint8Array> | undefined): Promise<Uint8Array> {
  const list: Uint8Array[] = [];
  for await (const piece of pieces ?? []) list.push(piece);
  return concatBytes(...list);
}

describe("readyItems", () => {
  test("compresses first, then stages what is still too large, in the namespace of now", async () => {
    const { sent, parts } = scripted(() => ({}));
    const target = { namespace: "an_alias", id: "r", token };
    const item = { key, value, expiresAt: undefined };
    const ready = await readyItems([item], target, server, parts);
    expect(ready.namespace).toBe("n");
    expect(ready.items[0]).toMatchObject({ value: EMPTY_BYTES, compression });
    expect(ready.items[0]?.chunk?.totalBytes).toBe(compressed.length);
    const staged = sent.flatMap((one) => (one.kind === "stage_chunks" ? [one] : []));
    expect(staged.map(({ namespace }) => namespace)).toEqual(staged.map(() => "n"));
    expect(concatBytes(...staged.flatMap(({ chunks }) => chunks))).toEqual(compressed);
  });
});

describe("readyItems of a value past the namespace's bound", () => {
  test.each([
    ["as it is stored", { compression: { codec: "none" as const } }],
    ["as it was put", { compression: { codec: "zstd" as const } }],
  ])("%s stages nothing of it", async (_where, { compression: wanted }) => {
    const { sent, parts } = scripted(() => ({}));
    const limits = { ...server.limits, maxValueBytes: value.length - 1, compression: wanted };
    const facts = { ...server, limits };
    const put = { namespace: "an_alias", id: "r", token };
    const ready = readyItems([{ key, value }], put, facts, { ...parts, greet: async () => facts });
    expect(await rejectionOf(ready)).toMatchObject({ code: "TOO_LARGE", applied: "no" });
    expect(sent).toEqual([]);
  });
});

describe("values that arrive", () => {
  test.each([
    ["inline", inline],
    ["in chunks", chunked],
  ])("compressed and %s come whole and as a stream", async (_where, item) => {
    const { parts } = scripted(chunksAsked);
    expect((await arrivedItems([item], origin, parts))[0]?.value).toEqual(value);
    const reader = await arrivedStream(item, origin, parts);
    expect([reader?.item.valueOmitted, reader?.item.value]).toEqual([true, EMPTY_BYTES]);
    expect(await joined(reader?.value)).toEqual(value);
  });

  test.each([
    ["inline", inline],
    ["in chunks", chunked],
  ])("past the client's bound once decoded, %s, are left for the stream", async (_where, item) => {
    const { sent, parts } = scripted(chunksAsked, value.length - 1);
    const omitted = { ...item, value: EMPTY_BYTES, valueOmitted: true };
    expect(await arrivedItems([item], origin, parts)).toEqual([omitted]);
    expect(sent).toEqual([]);
    expect(await joined((await arrivedStream(item, origin, parts))?.value)).toEqual(value);
  });

  test("whose dictionary is not here are asked for decoded, by themselves, where they were found", async () => {
    const unknown = { ...compression, dictionaryId: "0a" };
    const item = { ...inline, metadata: { lifecycle, compression: unknown } };
    const plain = { ...inline, value, metadata: { lifecycle } };
    const { sent, parts } = scripted(() => ({ items: [plain] }));
    expect(await arrivedItems([item], origin, parts)).toEqual([plain]);
    expect(sent).toEqual([
      {
        ...request,
        namespace: "n",
        predicate: { kind: "match_keys", keys: [key] },
        pageToken: undefined,
        capabilities: { ...capabilities, codecs: [], dictionaries: false },
      },
    ]);
  });

  test("and were replaced by one in chunks meanwhile have those fetched", async () => {
    const unknown = { ...compression, dictionaryId: "0a" };
    const item = { ...inline, metadata: { lifecycle, compression: unknown } };
    const now: Item = { ...chunked, metadata: { lifecycle, chunk } };
    const { parts } = scripted((one) =>
      one.kind === "get_items" ? { items: [now] } : chunksAsked(one),
    );
    expect((await arrivedItems([item], origin, parts))[0]?.value).toEqual(compressed);
  });
});
