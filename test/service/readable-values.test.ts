// Goal: what a server makes of stored values for clients of every kind, and how it counts them (COMP-1, CHUNK-9,
// PAGE-1); what is made of an item that changes while its value is got (CHUNK-5).
import { describe, expect, test } from "vitest";
import { type CodecParts, NO_CODECS, noDictionaries } from "../../src/codec/codec-parts.ts";
import { inPlace } from "../../src/codec/compressor.ts";
import { describeChunks } from "../../src/codec/split-value.ts";
import { zstd } from "../../src/codec/zstd.ts";
import { EMPTY_BYTES, utf8 } from "../../src/model/bytes.ts";
import { type ClientCapabilities, PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import type { Item } from "../../src/model/item.ts";
import { writeValue } from "../../src/service/chunk-store.ts";
import { pageBytes, readableValues } from "../../src/service/readable-values.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { chunkStage } from "./chunk-stage.ts";
import { tokenAt } from "./service-stage.ts";

const codec: CodecParts = { codecs: [zstd], compressor: inPlace, dictionaries: noDictionaries };
const key = utf8("k");
const value = utf8("the same again, ".repeat(40));
const compressed = zstd.compress(value, { level: 3 });
const lifecycle = { writeTime: 1 };
const compression = { codec: "zstd", originalBytes: value.length };
const chunk = describeChunks(compressed, 16, { token: tokenAt(), staging: new Uint8Array(8) });
const inline: Item = {
  key,
  value: compressed,
  valueOmitted: false,
  metadata: { lifecycle, compression },
};
const chunked: Item = { ...inline, value: EMPTY_BYTES, metadata: { ...inline.metadata, chunk } };
const omitted: Item = { ...inline, value: EMPTY_BYTES, valueOmitted: true };
const plain: Item = { ...inline, value, metadata: { lifecycle } };

const decodes: ClientCapabilities = { ...PLAIN_CLIENT, codecs: ["zstd"] };
const both: ClientCapabilities = { ...decodes, chunking: true };
const chunks: ClientCapabilities = { ...PLAIN_CLIENT, chunking: true };

async function work(client: ClientCapabilities, now: Item | undefined, parts = codec) {
  const { namespace, engineCall } = await chunkStage();
  const place = { ...chunk, id: "r", key };
  await writeValue(namespace.chunks, place, compressed, chunk.count, engineCall());
  const reread = async (): Promise<Item | undefined> => now;
  return { namespace, id: "r", reread, call: engineCall(), client, codec: parts };
}

test.each([
  ["a plain value", plain, PLAIN_CLIENT, value.length],
  ["one sent compressed", inline, decodes, compressed.length],
  ["one decoded", inline, chunks, value.length],
  ["one in chunks, sent compressed", chunked, both, compressed.length],
  ["one in chunks, decoded", chunked, PLAIN_CLIENT, value.length],
  ["one left out", omitted, PLAIN_CLIENT, 0],
] as const)("%s counts as the bytes that are sent", (_what, item, client, bytes) => {
  expect(pageBytes(item, client)).toBe(key.length + bytes);
});

describe("readableValues", () => {
  test.each([
    ["chunks and decodes", both, inline, chunked],
    ["decodes", decodes, inline, { ...chunked, value: compressed }],
    ["chunks", chunks, plain, { ...plain, metadata: { lifecycle, chunk } }],
    ["does neither", PLAIN_CLIENT, plain, { ...plain, metadata: { lifecycle, chunk } }],
  ] as const)("for a client that %s", async (_what, client, ofInline, ofChunked) => {
    const items = await readableValues([inline, chunked, plain], await work(client, undefined));
    expect(items).toEqual([ofInline, ofChunked, plain]);
  });

  const lost: Item = {
    ...chunked,
    metadata: { ...chunked.metadata, chunk: { ...chunk, staging: new Uint8Array(8).fill(1) } },
  };
  test.each([
    ["is gone", undefined, []],
    ["is plain and inline", plain, [plain]],
    ["is compressed and inline", inline, [plain]],
    ["lies in other chunks", chunked, [{ ...plain, metadata: { lifecycle, chunk } }]],
    ["is left out for its size", omitted, [omitted]],
  ] as const)("an item that meanwhile %s comes as it is then", async (_what, now, wanted) => {
    expect(await readableValues([lost], await work(PLAIN_CLIENT, now))).toEqual(wanted);
  });

  test("refuses what it cannot decode, and what is too large to be decoded here", async () => {
    const without = readableValues([inline], await work(PLAIN_CLIENT, undefined, NO_CODECS));
    expect((await rejectionOf(without))?.code).toBe("UNSUPPORTED");
    const large = { ...compression, originalBytes: 2 ** 30 };
    const item = { ...inline, metadata: { lifecycle, compression: large } };
    const tooLarge = readableValues([item], await work(PLAIN_CLIENT, undefined));
    expect((await rejectionOf(tooLarge))?.code).toBe("TOO_LARGE");
  });
});
