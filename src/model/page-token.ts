/** What a page token says once its seal is checked: where the traversal stands (PAGE-3, GET-4). */
import { readMicros, writeMicros } from "./version.ts";

/** Where the next page begins and what is left of the caller's limits. */
export type PagePosition = {
  /** The next page begins after this key, in the direction of the traversal. */
  readonly after: Uint8Array;
  /** What is left of `itemLimit` (GET-4). */
  readonly itemsLeft: number;
  /** Average bytes of an item so far, for the next page's first guess (PAGE-6). 1 to 2^32 - 1. */
  readonly averageBytes: number;
};

/** A token without its seal. */
export type PageToken = {
  /** Which key it is sealed with, so that keys can change while traversals go on. */
  readonly keyId: number;
  readonly position: PagePosition;
};

/** 1 had no key id. */
const FORMAT = 2;
const ITEMS_LEFT_AT = 1 + 4;
const AVERAGE_AT = ITEMS_LEFT_AT + 8;
const HEAD_BYTES = AVERAGE_AT + 4;

/** New bytes of a token: format 1, key id 4, items left 8, average 4, key. */
export function encodePageToken({ keyId, position }: PageToken): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + position.after.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = FORMAT;
  view.setUint32(1, keyId);
  writeMicros(bytes, ITEMS_LEFT_AT, position.itemsLeft);
  view.setUint32(AVERAGE_AT, position.averageBytes);
  bytes.set(position.after, HEAD_BYTES);
  return bytes;
}

/** The token in bytes of this format, copied; undefined for bytes of any other. */
export function decodePageToken(bytes: Uint8Array): PageToken | undefined {
  if (bytes.length < HEAD_BYTES || bytes[0] !== FORMAT) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    keyId: view.getUint32(1),
    position: {
      after: bytes.slice(HEAD_BYTES),
      itemsLeft: readMicros(bytes, ITEMS_LEFT_AT),
      averageBytes: view.getUint32(AVERAGE_AT),
    },
  };
}
