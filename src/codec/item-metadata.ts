/**
 * The stored form of item metadata (DATA-5): what the writer says of the value, how it is compressed, how it is
 * split. Write time and expiry are in the row's version and are not stored twice. No metadata at all is no bytes.
 *
 * Format 2: format, flags, then what the flags announce, in this order: type, compression, dictionary id, chunk,
 * note. Format 1 is read too: it had type and note only.
 */
import { EMPTY_BYTES, fromHex, toHex, utf8 } from "../model/bytes.ts";
import { STAGING_BYTES } from "../model/chunk.ts";
import { KvError } from "../model/error.ts";
import { checkBytes, checkFields } from "../model/limits.ts";
import type {
  CompressionMetadata,
  ContentMetadata,
  ItemMetadata,
  StoredChunks,
} from "../model/item.ts";
import { CHECKSUM_BYTES } from "./checksum.ts";
import { CompactReader, pushBytes, pushNumber, pushText } from "./compact-bytes.ts";

/** Most bytes of content metadata of one item: 4 and its type and note (RES-2). */
export const CONTENT_BYTES_MAX = 4096;
/** Longest name of a codec and longest id of a dictionary, bytes of UTF-8. Neither is empty. */
export const CODEC_NAME_BYTES_MAX = 64;
/** The parts that are stored with a row. */
export type StoredMetadata = Omit<ItemMetadata, "lifecycle" | "chunk"> & {
  readonly chunk?: StoredChunks;
};

/** The same as a writer has it, where a part that is undefined is a part that is absent. */
export type MetadataToStore = {
  readonly content?: ContentMetadata | undefined;
  readonly compression?: CompressionMetadata | undefined;
  readonly chunk?: StoredChunks | undefined;
};

const FORMAT = 2;
const TYPE = 1;
const NOTE = 2;
const COMPRESSION = 4;
const DICTIONARY = 8;
const CHUNK = 16;
const ALL_FLAGS = 31;

/** Codecs that are stored as their place in this list, from 1 on; 0 stands before any other name. Append only. */
const NUMBERED_CODECS: readonly string[] = ["zstd", "lz4"];

const NOTHING: StoredMetadata = {};

/**
 * New bytes; none when there is nothing to say, or the shared empty ones. Throws TOO_LARGE for content metadata above
 * 4,096 bytes, INVALID_ARGUMENT for compression or chunk metadata that cannot be written down.
 */
export function encodeMetadata(metadata: MetadataToStore): Uint8Array {
  const { content, compression, chunk } = metadata;
  if (content !== undefined) checkContentTypes(content);
  const flags = flagsOf(metadata);
  if (flags === 0) return EMPTY_BYTES;
  const type = content?.type === undefined ? EMPTY_BYTES : utf8(content.type);
  const note = content?.note ?? EMPTY_BYTES;
  checkContent(4 + type.length + note.length);
  const head = [FORMAT, flags];
  if ((flags & TYPE) !== 0) pushBytes(head, type);
  if (compression !== undefined) pushCompression(head, compression);
  if (chunk !== undefined) pushChunk(head, chunk);
  const bytes = new Uint8Array(head.length + note.length);
  // A loop: what sets bytes from a list of numbers costs more than all of the above.
  for (let i = 0; i < head.length; i += 1) bytes[i] = head[i] as number;
  bytes.set(note, head.length);
  return bytes;
}

/** What `encodeMetadata` wrote, in bytes of its own; `{}` for no bytes. Throws DATA_LOSS on anything else. */
export function decodeMetadata(bytes: Uint8Array): StoredMetadata {
  if (bytes.length === 0) return NOTHING;
  const reader = new CompactReader(bytes, "item metadata");
  const format = reader.byte();
  if (format === 1) return readFormat1(reader);
  if (format !== FORMAT) {
    throw new KvError("DATA_LOSS", `item metadata of format ${format}, wanted 1 or ${FORMAT}`);
  }
  const flags = reader.byte();
  if ((flags & ~ALL_FLAGS) !== 0 || (flags & (DICTIONARY | COMPRESSION)) === DICTIONARY) {
    throw new KvError("DATA_LOSS", `item metadata has flags ${flags}, wanted a known set of them`);
  }
  const type = (flags & TYPE) === 0 ? undefined : reader.text();
  const compression = (flags & COMPRESSION) === 0 ? undefined : readCompression(reader, flags);
  const chunk = (flags & CHUNK) === 0 ? undefined : readChunk(reader);
  const note = (flags & NOTE) === 0 ? undefined : reader.rest();
  reader.end();
  const content = contentOf(type, note);
  // As nearly always; parts that may be missing cost more than all of the above.
  if (compression === undefined && content !== undefined) {
    return chunk === undefined ? { content } : { chunk, content };
  }
  return {
    ...(compression === undefined ? {} : { compression }),
    ...(chunk === undefined ? {} : { chunk }),
    ...(content === undefined ? {} : { content }),
  };
}

function flagsOf({ content, compression, chunk }: MetadataToStore): number {
  return (
    (content?.type === undefined ? 0 : TYPE) |
    (content?.note === undefined ? 0 : NOTE) |
    (compression === undefined ? 0 : COMPRESSION) |
    (compression?.dictionaryId === undefined ? 0 : DICTIONARY) |
    (chunk === undefined ? 0 : CHUNK)
  );
}

/** Callers without types hand over numbers and lists, which would be stored as their texts. */
function checkContentTypes(content: ContentMetadata): void {
  checkFields("content", content);
  const { type, note } = content;
  if (type !== undefined && typeof type !== "string") {
    throw new KvError("INVALID_ARGUMENT", `content type is ${typeof type}, wanted a string`);
  }
  if (note !== undefined) checkBytes("note", note);
}

function checkContent(length: number): void {
  if (length <= CONTENT_BYTES_MAX) return;
  throw new KvError(
    "TOO_LARGE",
    `content metadata is ${length} bytes, wanted at most ${CONTENT_BYTES_MAX}`,
  );
}

function contentOf(
  type: string | undefined,
  note: Uint8Array | undefined,
): ContentMetadata | undefined {
  if (note === undefined) return type === undefined ? undefined : { type };
  return type === undefined ? { note } : { type, note };
}

/** Codec, original size, [dictionary id]. */
function pushCompression(to: number[], compression: CompressionMetadata): void {
  const { codec, originalBytes, dictionaryId } = compression;
  checkName("codec", codec);
  checkCount("originalBytes", originalBytes);
  const number = NUMBERED_CODECS.indexOf(codec) + 1;
  to.push(number);
  if (number === 0) pushText(to, codec);
  pushNumber(to, originalBytes);
  if (dictionaryId === undefined) return;
  checkName("dictionaryId", dictionaryId);
  pushId(to, dictionaryId);
}

function readCompression(reader: CompactReader, flags: number): CompressionMetadata {
  const number = reader.byte();
  const codec = number === 0 ? reader.text() : NUMBERED_CODECS[number - 1];
  if (codec === undefined) {
    throw new KvError("DATA_LOSS", `item metadata has codec ${number}, wanted a known number`);
  }
  const originalBytes = reader.number();
  if ((flags & DICTIONARY) === 0) return { codec, originalBytes };
  return { codec, originalBytes, dictionaryId: readId(reader) };
}

const HEX_ID = /^(?:[0-9a-f]{2})+$/;

/** Ids are as a rule hexadecimal and stand in every small value: half the bytes then. The lowest bit says which. */
function pushId(to: number[], id: string): void {
  const isHex = HEX_ID.test(id);
  const bytes = isHex ? fromHex(id) : utf8(id);
  pushNumber(to, bytes.length * 2 + (isHex ? 1 : 0));
  for (const byte of bytes) to.push(byte);
}

function readId(reader: CompactReader): string {
  const head = reader.number();
  const length = Math.floor(head / 2);
  return head % 2 === 1 ? toHex(reader.bytes(length)) : reader.text(length);
}

/** Count, bytes of a chunk, bytes of all, checksum, staging. */
function pushChunk(to: number[], chunk: StoredChunks): void {
  const { count, chunkBytes, totalBytes, checksum, staging } = chunk;
  checkCount("count", count);
  checkCount("chunkBytes", chunkBytes);
  checkCount("totalBytes", totalBytes);
  if (checksum.length !== CHECKSUM_BYTES) {
    const found = `checksum is ${checksum.length} bytes`;
    throw new KvError("INVALID_ARGUMENT", `${found}, wanted ${CHECKSUM_BYTES}`);
  }
  if (staging.length !== STAGING_BYTES) {
    const found = `staging is ${staging.length} bytes`;
    throw new KvError("INVALID_ARGUMENT", `${found}, wanted ${STAGING_BYTES}`);
  }
  pushNumber(to, count);
  pushNumber(to, chunkBytes);
  pushNumber(to, totalBytes);
  to.push(...checksum, ...staging);
}

function readChunk(reader: CompactReader): StoredChunks {
  return {
    count: reader.number(),
    chunkBytes: reader.number(),
    totalBytes: reader.number(),
    checksum: reader.bytes(CHECKSUM_BYTES),
    staging: reader.bytes(STAGING_BYTES),
  };
}

/** Flags, two bytes of the type's length, type, note. */
function readFormat1(reader: CompactReader): StoredMetadata {
  const flags = reader.byte();
  const typeBytes = reader.byte() * 256 + reader.byte();
  const type = reader.text(typeBytes);
  const note = reader.rest();
  const content = contentOf(
    (flags & TYPE) === 0 ? undefined : type,
    (flags & NOTE) === 0 ? undefined : note,
  );
  return content === undefined ? NOTHING : { content };
}

/** A codec's name or a dictionary's id comes from a client and is kept as it is, within bounds. */
function checkName(field: string, name: string): void {
  // A UTF-16 unit takes at most three bytes, so most names need no count.
  if (name.length >= 1 && name.length * 3 <= CODEC_NAME_BYTES_MAX) return;
  const length = utf8(name).length;
  if (length >= 1 && length <= CODEC_NAME_BYTES_MAX) return;
  const wanted = `wanted 1 to ${CODEC_NAME_BYTES_MAX} bytes of UTF-8`;
  throw new KvError("INVALID_ARGUMENT", `${field} is ${length} bytes, ${wanted}`);
}

function checkCount(field: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  const wanted = "wanted a whole number of 0 to 2^53 - 1";
  throw new KvError("INVALID_ARGUMENT", `${field} is ${value}, ${wanted}`);
}
