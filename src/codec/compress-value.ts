import type { CompressionMetadata } from "../model/item.ts";
import { chooseCodec, type CodecWish, paysOff } from "../policy/choose-codec.ts";
import type { CompressHow } from "../ports/codec.ts";
import { type CodecParts, IN_PLACE_BYTES_MAX } from "./codec-parts.ts";
import { encodeMetadata } from "./item-metadata.ts";

/** What is wanted for the values of a namespace. */
export type CompressionWish = {
  readonly namespace: string;
  readonly codec: CodecWish;
  /** Level, 1 to 19; default 3. Only zstd has levels. */
  readonly level?: number | undefined;
  /** Smallest value to compress, bytes; default 128, or 64 where there is a dictionary. */
  readonly minBytes?: number | undefined;
  /** Names of the codecs that the server has. */
  readonly otherSide: readonly string[];
};

/** A value as it is to be stored. Not compressed, it is the very bytes that were given. */
export type StoredValue = {
  readonly bytes: Uint8Array;
  readonly compression?: CompressionMetadata;
};

/**
 * The value as it is to be stored: compressed, where that is wanted, possible and pays (COMP-1, COMP-2). With the
 * namespace's current dictionary, if it is at hand; otherwise without (COMP-3). Refuses nothing. The value must not
 * change until the promise resolves.
 */
export async function compressValue(
  value: Uint8Array,
  wish: CompressionWish,
  parts: CodecParts,
): Promise<StoredValue> {
  const currentId = parts.dictionaries.current(wish.namespace);
  const dictionary =
    currentId === undefined ? undefined : parts.dictionaries.find(wish.namespace, currentId);
  const choice = chooseCodec({
    valueBytes: value.length,
    wish: wish.codec,
    level: wish.level,
    minBytes: wish.minBytes,
    codecs: parts.codecs.map(({ name }) => name),
    otherSide: wish.otherSide,
    dictionaryId: dictionary === undefined ? undefined : currentId,
  });
  const codec =
    choice.kind === "plain" ? undefined : parts.codecs.find(({ name }) => name === choice.codec);
  if (choice.kind === "plain" || codec === undefined) return { bytes: value };
  const { level, dictionaryId } = choice;
  const how: CompressHow = {
    level,
    dictionary: dictionaryId === undefined ? undefined : dictionary,
  };
  const bytes =
    value.length <= IN_PLACE_BYTES_MAX
      ? codec.compress(value, how)
      : await parts.compressor.compress(codec, value, how);
  const compression = {
    codec: codec.name,
    originalBytes: value.length,
    ...(dictionaryId === undefined ? {} : { dictionaryId }),
  };
  const stored = { bytes, compression };
  return paysOff(value.length, storedBytes(stored)) ? stored : { bytes: value };
}

/** What the value takes, with what its compression adds to its metadata. */
export function storedBytes({ bytes, compression }: StoredValue): number {
  return bytes.length + encodeMetadata({ compression }).length;
}
