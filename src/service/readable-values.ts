/** Values as the client that asked can read them: assembled and decoded here where it cannot (CHUNK-9, COMP-1). */
import type { CodecParts } from "../codec/codec-parts.ts";
import { decompressValue } from "../codec/decompress-value.ts";
import type { ClientCapabilities } from "../model/capabilities.ts";
import { isInChunks, type Item } from "../model/item.ts";
import { canDecode } from "../policy/can-decode.ts";
import { type AssemblyWork, assembleValue } from "./assemble-values.ts";

/** What it is done with. */
export type ReadableWork = AssemblyWork & {
  readonly client: ClientCapabilities;
  readonly codec: CodecParts;
};

/** Bytes of an item as pages count them: its key and its value, wherever it lies, as this client gets it (PAGE-1). */
export function pageBytes(item: Item, client: ClientCapabilities): number {
  const { key, value, valueOmitted, metadata } = item;
  if (valueOmitted) return key.length;
  const { compression, chunk } = metadata;
  if (compression !== undefined && !canDecode(compression, client)) {
    return key.length + compression.originalBytes;
  }
  return key.length + (chunk?.totalBytes ?? value.length);
}

/** Bytes of the item's value once whoever reads it has decoded it. */
export function decodedBytes({
  value,
  valueOmitted,
  metadata: { compression, chunk },
}: Item): number {
  if (valueOmitted) return 0;
  return compression?.originalBytes ?? chunk?.totalBytes ?? value.length;
}

/** Whether the client can read all of them as they are stored. */
export function areReadable(items: readonly Item[], client: ClientCapabilities): boolean {
  return items.every((item) => isReadable(item, client));
}

/**
 * The items, readable. One that went away while its value was got is left out, one that was overwritten comes as it is
 * now. Throws UNSUPPORTED, TOO_LARGE or DATA_LOSS for a value that cannot be made readable here.
 */
export async function readableValues(
  items: readonly Item[],
  work: ReadableWork,
): Promise<readonly Item[]> {
  const readable: Item[] = [];
  for (const item of items) {
    const plain = await makeReadable(item, work);
    if (plain !== undefined) readable.push(plain);
  }
  return readable;
}

function isReadable(item: Item, client: ClientCapabilities): boolean {
  if (item.valueOmitted) return true;
  return canDecode(item.metadata.compression, client) && (client.chunking || !isInChunks(item));
}

async function makeReadable(item: Item, work: ReadableWork): Promise<Item | undefined> {
  if (isReadable(item, work.client)) return item;
  const whole = isInChunks(item) ? await assembleValue(item, work) : item;
  // What took its place meanwhile may be of another form, or be left out for its size.
  if (whole === undefined || whole.valueOmitted) return whole;
  if (canDecode(whole.metadata.compression, work.client)) return whole;
  const { compression, ...metadata } = whole.metadata;
  const { namespace } = work;
  const bounds = { namespace: namespace.name, valueBytesMax: namespace.chunks.wholeBytesMax };
  const value = await decompressValue(whole.value, compression, bounds, work.codec);
  // Nothing says any more that it was compressed: the client would decode it again.
  return { ...whole, value, metadata };
}
