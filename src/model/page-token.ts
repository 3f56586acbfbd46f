/** What a page token says once its seal is checked: where the traversal stands (PAGE-3, GET-4). */
import { readMicros, writeMicros } from "./version.ts";

/** Where the next page begins and what is left of the caller's limits. */
export type PagePosition = {
  /** The next page begins after this key, in the direction of the traversal. */
  readonly after: Uint8Array;
  /** What is left of `itemLimit` (GET-4). */
  readonly itemsLeft: number;
  /** Average bytes of an item so far, for the next page's first guess (PAGE-6). */
  readonly averageBytes: number;
};

const FORMAT = 1;
const HEAD_BYTES = 1 + 8 + 4;

/** New bytes of a position: format 1, items left 8, average 4, key. */
export function encodePagePosition(position: PagePosition): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + position.after.length);
  bytes[0] = FORMAT;
  writeMicros(bytes, 1, position.itemsLeft);
  new DataView(bytes.buffer).setUint32(9, position.averageBytes);
  bytes.set(position.after, HEAD_BYTES);
  return bytes;
}

/** The position in bytes of this format, copied; undefined for bytes of any other. */
export function decodePagePosition(bytes: Uint8Array): PagePosition | undefined {
  if (bytes.length < HEAD_BYTES || bytes[0] !== FORMAT) return undefined;
  return {
    after: bytes.slice(HEAD_BYTES),
    itemsLeft: readMicros(bytes, 1),
    averageBytes: new DataView(bytes.buffer, bytes.byteOffset).getUint32(9),
  };
}
