/** The client's side of compression: values are compressed before they are sent, and come back as they were (COMP-1). */
import type { CodecParts } from "../codec/codec-parts.ts";
import { compressValue } from "../codec/compress-value.ts";
import { decompressValue } from "../codec/decompress-value.ts";
import { KvError } from "../model/error.ts";
import type { Item } from "../model/item.ts";
import type { ServerFacts } from "../model/capabilities.ts";
import type { PutItem } from "../model/request.ts";

/**
 * The items as they are to be stored. Without facts, before the first reply, as they are. Through an alias no
 * dictionary is used: the name may point at a namespace that has not that one by the time the put arrives (NS-4).
 */
export async function compressItems(
  items: readonly PutItem[],
  namespace: string,
  facts: ServerFacts | undefined,
  parts: CodecParts,
): Promise<readonly PutItem[]> {
  if (facts === undefined || facts.limits.compression.codec === "none") return items;
  const wish = { ...facts.limits.compression, namespace, otherSide: facts.codecs };
  const own =
    facts.namespace === namespace ? parts : { ...parts, dictionaries: noneCurrent(parts) };
  const compressed: PutItem[] = [];
  for (const item of items) {
    const { bytes, compression } = await compressValue(item.value, wish, own);
    compressed.push(compression === undefined ? item : { ...item, value: bytes, compression });
  }
  return compressed;
}

function noneCurrent({ dictionaries }: CodecParts): CodecParts["dictionaries"] {
  return { ...dictionaries, current: () => undefined };
}

/** How values are got back. */
export type DecodeParts = {
  /** The namespace in which the items were found. */
  readonly namespace: string;
  readonly valueBytesMax: number;
  readonly codec: CodecParts;
  /** The item with its value decoded by the server; undefined when it is gone. */
  readonly rereadPlain: (key: Uint8Array) => Promise<Item | undefined>;
};

/**
 * The items with their values as they were put. A value whose dictionary is not to be had here is asked for once more,
 * decoded by the server (COMP-3). Throws DATA_LOSS, TOO_LARGE or UNSUPPORTED, never a wrong value.
 */
export async function decodeItems(
  items: readonly Item[],
  parts: DecodeParts,
): Promise<readonly Item[]> {
  if (!items.some(isCompressed)) return items;
  const decoded: Item[] = [];
  for (const item of items) {
    const plain = isCompressed(item) ? await decode(item, parts) : item;
    if (plain !== undefined) decoded.push(plain);
  }
  return decoded;
}

/** Whether the item has a value, and it is compressed. */
export function isCompressed({ metadata, valueOmitted }: Item): boolean {
  return metadata.compression !== undefined && !valueOmitted;
}

async function decode(item: Item, parts: DecodeParts): Promise<Item | undefined> {
  const { compression } = item.metadata;
  const { namespace, valueBytesMax, codec } = parts;
  try {
    const value = await decompressValue(
      item.value,
      compression,
      { namespace, valueBytesMax },
      codec,
    );
    return { ...item, value };
  } catch (error) {
    const mayBeAtServer = error instanceof KvError && compression?.dictionaryId !== undefined;
    if (!mayBeAtServer) throw error;
    return parts.rereadPlain(item.key);
  }
}
