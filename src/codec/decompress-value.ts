import { KvError } from "../model/error.ts";
import type { CompressionMetadata } from "../model/item.ts";
import type { Codec } from "../ports/codec.ts";
import { type CodecParts, IN_PLACE_BYTES_MAX } from "./codec-parts.ts";

/** Where the value belongs, and the longest that it may be, bytes: more is not allocated, whatever metadata say. */
export type DecompressBounds = {
  readonly namespace: string;
  readonly valueBytesMax: number;
};

/**
 * The value that was compressed, in bytes of its own; the bytes themselves when it was not. Throws UNSUPPORTED for a
 * codec that this side lacks, TOO_LARGE above `valueBytesMax`, DATA_LOSS when the dictionary is gone or the bytes do
 * not decode to exactly what was compressed. Never a wrong value, never a part of one (COMP-1).
 */
export async function decompressValue(
  bytes: Uint8Array,
  compression: CompressionMetadata | undefined,
  bounds: DecompressBounds,
  parts: CodecParts,
): Promise<Uint8Array> {
  if (compression === undefined) return bytes;
  const { originalBytes, dictionaryId } = compression;
  if (originalBytes > bounds.valueBytesMax) {
    const found = `a compressed value is ${originalBytes} bytes`;
    throw new KvError("TOO_LARGE", `${found}, wanted at most ${bounds.valueBytesMax}`);
  }
  const codec = codecOf(compression, parts);
  const dictionary =
    dictionaryId === undefined
      ? undefined
      : (parts.dictionaries.find(bounds.namespace, dictionaryId) ??
        (await fetchDictionary(bounds.namespace, dictionaryId, parts)));
  const how = { originalBytes, dictionary };
  if (originalBytes <= IN_PLACE_BYTES_MAX) return codec.decompress(bytes, how);
  return await parts.compressor.decompress(codec, bytes, how);
}

function codecOf({ codec: wanted }: CompressionMetadata, { codecs }: CodecParts): Codec {
  const codec = codecs.find(({ name }) => name === wanted);
  if (codec !== undefined) return codec;
  const known = codecs.map(({ name }) => name).join(", ") || "none";
  throw new KvError("UNSUPPORTED", `a value has the codec "${wanted}", known here: ${known}`);
}

async function fetchDictionary(
  namespace: string,
  id: string,
  { dictionaries }: CodecParts,
): Promise<Uint8Array> {
  const dictionary = await dictionaries.fetch(namespace, id);
  if (dictionary !== undefined) return dictionary;
  const found = `the dictionary ${id} of the namespace ${namespace} is gone`;
  throw new KvError("DATA_LOSS", `${found}, and a value was compressed with it`);
}
