/**
 * The stored form of what a writer says of a value (DATA-5, content). Write time and expiry are in the row's
 * version and are not stored twice. No content at all is no bytes at all.
 */
import { EMPTY_BYTES, fromUtf8, utf8 } from "../model/bytes.ts";
import { KvError } from "../model/error.ts";
import type { ContentMetadata } from "../model/item.ts";

/** Most bytes of content metadata of one item, encoded (RES-2). */
export const CONTENT_BYTES_MAX = 4096;

const FORMAT = 1;
const HAS_TYPE = 1;
const HAS_NOTE = 2;

/** New bytes: format 1, flags 1, [length of type 2, type], [note]. Throws TOO_LARGE above 4,096 bytes. */
export function encodeContent(content: ContentMetadata | undefined): Uint8Array {
  if (content === undefined || (content.type === undefined && content.note === undefined)) {
    return EMPTY_BYTES;
  }
  const type = content.type === undefined ? EMPTY_BYTES : utf8(content.type);
  const note = content.note ?? EMPTY_BYTES;
  const length = 4 + type.length + note.length;
  if (length > CONTENT_BYTES_MAX) {
    throw new KvError(
      "TOO_LARGE",
      `content metadata is ${length} bytes, wanted at most ${CONTENT_BYTES_MAX}`,
    );
  }
  const bytes = new Uint8Array(length);
  bytes[0] = FORMAT;
  bytes[1] =
    (content.type === undefined ? 0 : HAS_TYPE) | (content.note === undefined ? 0 : HAS_NOTE);
  bytes[2] = type.length >>> 8;
  bytes[3] = type.length;
  bytes.set(type, 4);
  bytes.set(note, 4 + type.length);
  return bytes;
}

/** The content in bytes that `encodeContent` made; undefined for none. Throws DATA_LOSS on anything else. */
export function decodeContent(bytes: Uint8Array): ContentMetadata | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes.length < 4 || bytes[0] !== FORMAT) {
    throw new KvError("DATA_LOSS", `item metadata of format ${bytes[0]}, wanted ${FORMAT}`);
  }
  const flags = bytes[1] as number;
  const noteAt = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint16(2);
  if (noteAt > bytes.length) {
    throw new KvError("DATA_LOSS", `item metadata ends at ${bytes.length}, wanted ${noteAt} bytes`);
  }
  return {
    ...((flags & HAS_TYPE) === 0 ? {} : { type: decodeType(bytes.subarray(4, noteAt)) }),
    ...((flags & HAS_NOTE) === 0 ? {} : { note: bytes.slice(noteAt) }),
  };
}

function decodeType(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch (cause) {
    throw new KvError("DATA_LOSS", "item metadata has a content type that is not UTF-8", { cause });
  }
}
