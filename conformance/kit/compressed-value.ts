/** Compressible values as cases put them, and as they are stored. */
import { type Item, matchKeys, utf8 } from "kvdal";
import { type CodecParts, inPlace, noDictionaries, PLAIN_CLIENT, zstd } from "kvdal/client";
import { type Bytes, toBytes } from "./bytes.ts";
import type { NamespaceWish } from "./conformance-case.ts";
import type { ConformanceStore } from "./store.ts";

/** Values are compressed, from the default size on. */
export const COMPRESSING: NamespaceWish = { compression: { codec: "zstd" } };

/** The same, with what is above 64 bytes in chunks of 16. */
export const COMPRESSING_CHUNKS: NamespaceWish = {
  ...COMPRESSING,
  chunking: { aboveBytes: 64, chunkBytes: 16 },
};

/** `length` bytes of text that says the same over and over: a small part of it is left. */
export function wordy(length: number, seed = 0): Uint8Array {
  return utf8(`over and over again, ${seed}; `.repeat(length / 20 + 1)).slice(0, length);
}

/** `length` bytes in which each stretch of 64 random ones comes four times: about a quarter of it is left. */
export function partlyRandom(length: number, seed = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed + 1;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = (at >> 6) % 4 === 0 ? state >>> 24 : (bytes[at - 64] as number);
  }
  return bytes;
}

/** What a client compresses with: zstd at once, and these dictionaries. */
export function codecWith(dictionaries: CodecParts["dictionaries"] = noDictionaries): CodecParts {
  return { codecs: [zstd], compressor: inPlace, dictionaries };
}

/** The item as it is stored: sent to a client that can read whatever it gets. */
export async function asStored(
  { send, namespace }: Pick<ConformanceStore, "send" | "namespace">,
  id: string,
  key: Bytes,
): Promise<Item | undefined> {
  const { items } = await send({
    kind: "get_items",
    namespace: namespace(),
    id,
    predicate: matchKeys(toBytes(key)),
    selection: {},
    pageToken: undefined,
    capabilities: { ...PLAIN_CLIENT, chunking: true, codecs: ["zstd"], dictionaries: true },
  });
  return items[0];
}
