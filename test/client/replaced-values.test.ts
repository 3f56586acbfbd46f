// Goal: a compressed value that is overwritten while it is fetched, and again while what took its place is: what comes
// is one write's value and metadata, decoded, and no longer than the client takes (COMP-1, CHUNK-6, TOK-6); and a page
// of values that were next to nothing on their way is bounded all the same (RES-2).
import { expect, test } from "vitest";
import { createClient } from "../../src/client/kv-client.ts";
import { type CodecParts, noDictionaries } from "../../src/codec/codec-parts.ts";
import { inPlace } from "../../src/codec/compressor.ts";
import { zstd } from "../../src/codec/zstd.ts";
import { memory } from "../../src/engines/memory/adapter.ts";
import { concatBytes, fromUtf8, utf8 } from "../../src/model/bytes.ts";
import { KvError } from "../../src/model/error.ts";
import type { KvRequest } from "../../src/model/request.ts";
import { type NamespaceOptions, resolveNamespace } from "../../src/namespace/namespace.ts";
import { provisionNamespace } from "../../src/namespace/provision.ts";
import type { Transport } from "../../src/ports/transport.ts";
import { inProcess } from "../../src/rpc/in-process.ts";
import { createService } from "../../src/service/service.ts";
import { hmacSha256 } from "../../src/system/hmac.ts";
import { runNative } from "../../src/system/native.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";
import { valueOf } from "../service/chunk-stage.ts";

const at = { namespace: "users", id: "r" };
const key = utf8("k");
const long = utf8("the same again, ".repeat(40));
const dictionary = utf8("the same again, and again");
const none: CodecParts = { codecs: [zstd], compressor: inPlace, dictionaries: noDictionaries };
const withIt: CodecParts = {
  ...none,
  dictionaries: { current: () => "0a", find: () => dictionary, fetch: async () => dictionary },
};
/** Says that it has dictionaries, and has not this one. */
const withoutIt: CodecParts = {
  ...none,
  dictionaries: { current: () => undefined, find: () => undefined, fetch: async () => undefined },
};
const chunking = { aboveBytes: 64, chunkBytes: 16 };

/** A writer, and a reader before each of whose requests `meet` is called. */
async function stage(options: Partial<NamespaceOptions>, limits: { wholeBytesMax?: number } = {}) {
  const env = steppedEnv();
  const engine = await memory().open({ env, native: runNative });
  const wish = { name: "users", compression: { codec: "zstd" }, ...options } as const;
  const namespace = resolveNamespace(wish, { primary: engine });
  await provisionNamespace(namespace, env);
  const mac = hmacSha256(new Uint8Array(16));
  const { handle } = createService({ env, mac, namespaces: [namespace], codec: withIt });
  const direct = inProcess({ handle }, env);
  let meet: (request: KvRequest) => unknown = () => undefined;
  const transport: Transport = async (request, call) => {
    await meet(request);
    return direct(request, call);
  };
  const writer = createClient({ env, transport: direct, codec: withIt });
  const capabilities = { dictionaries: true };
  const reader = createClient({ env, transport, codec: withoutIt, capabilities, limits });
  await writer.getItems(at);
  const put = (value: Uint8Array, type = "one", name = key): Promise<unknown> =>
    writer.putItems({ ...at, items: [{ key: name, value, content: { type } }] });
  const onMeet = (next: typeof meet): void => void (meet = next);
  return { reader, put, onMeet };
}

/** Calls `act` before the request of that kind and number. */
function before(kind: KvRequest["kind"], number: number, act: () => Promise<unknown>) {
  let met = 0;
  return async (request: KvRequest): Promise<void> => {
    if (request.kind !== kind) return;
    met += 1;
    if (met === number) await act();
  };
}

async function joined(pieces: AsyncIterable<Uint8Array> | undefined): Promise<Uint8Array> {
  const list: Uint8Array[] = [];
  for await (const piece of pieces ?? []) list.push(piece);
  return concatBytes(...list);
}

test("a stream's value and metadata are of one write", async () => {
  const { reader, put, onMeet } = await stage({});
  await put(long);
  onMeet(before("get_items", 2, () => put(utf8("two"), "two")));
  const read = await reader.readValue({ ...at, key });
  expect([read?.item.metadata.content, fromUtf8(await joined(read?.value))]).toEqual([
    { type: "two" },
    "two",
  ]);
});

test("what takes the place of what took the value's place is decoded, too", async () => {
  const { reader, put, onMeet } = await stage({ chunking });
  await put(long);
  const overwrite = before("get_items", 2, () => put(valueOf(100)));
  const lose = before("get_chunks", 1, async () => {
    await put(long);
    throw new KvError("DATA_LOSS", "scripted");
  });
  onMeet(async (request) => {
    await overwrite(request);
    await lose(request);
  });
  const { items } = await reader.getItems(at);
  expect(items.map((item) => item.value)).toEqual([long]);
});

test("a value that takes another's place is left out where it is longer than the client takes", async () => {
  const { reader, put, onMeet } = await stage({ chunking }, { wholeBytesMax: 1_000 });
  await put(valueOf(100));
  onMeet(
    before("get_chunks", 1, async () => {
      await put(new Uint8Array(1_000_000));
      throw new KvError("DATA_LOSS", "scripted");
    }),
  );
  const { items } = await reader.getItems(at);
  expect(items.map(({ valueOmitted, value }) => [valueOmitted, value.length])).toEqual([[true, 0]]);
});

test("a page of values that shrink to nothing holds 8 MiB of them, and the next goes on", async () => {
  const { reader, put } = await stage({});
  const mib = 1024 * 1024;
  for (let i = 0; i < 20; i += 1) await put(new Uint8Array(mib), "one", Uint8Array.of(i));
  const pages: number[] = [];
  for await (const { items } of reader.pages(at)) {
    pages.push(items.reduce((sum, { value }) => sum + value.length, 0) / mib);
  }
  expect(pages).toEqual([8, 8, 4]);
});
