/** What a page token says once its seal is checked: where the traversal stands (PAGE-3, GET-4). */
import { readUint32, utf8, writeUint32 } from "./bytes.ts";
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
  /** The namespace that the traversal began in, by its own name: it stays there when an alias flips (NS-4). */
  readonly namespace: string;
  readonly position: PagePosition;
};

/** 1 had no key id and no namespace. */
const FORMAT = 2;
const ITEMS_LEFT_AT = 1 + 4;
const AVERAGE_AT = ITEMS_LEFT_AT + 8;
const NAME_AT = AVERAGE_AT + 4;
const HEAD_BYTES = NAME_AT + 1;

/** New bytes of a token: format 1, key id 4, items left 8, average 4, length of the name 1, name, key. */
export function encodePageToken({ keyId, namespace, position }: PageToken): Uint8Array {
  const name = utf8(namespace);
  const bytes = new Uint8Array(HEAD_BYTES + name.length + position.after.length);
  bytes[0] = FORMAT;
  writeUint32(bytes, 1, keyId);
  writeMicros(bytes, ITEMS_LEFT_AT, position.itemsLeft);
  writeUint32(bytes, AVERAGE_AT, position.averageBytes);
  bytes[NAME_AT] = name.length;
  bytes.set(name, HEAD_BYTES);
  bytes.set(position.after, HEAD_BYTES + name.length);
  return bytes;
}

/** The token in bytes of this format, copied; undefined for bytes of any other. */
export function decodePageToken(bytes: Uint8Array): PageToken | undefined {
  const keyAt = keyPlace(bytes, 0);
  if (keyAt === undefined) return undefined;
  return {
    keyId: readUint32(bytes, 1),
    namespace: latinText(bytes, HEAD_BYTES, keyAt),
    position: {
      after: bytes.slice(keyAt),
      itemsLeft: readMicros(bytes, ITEMS_LEFT_AT),
      averageBytes: readUint32(bytes, AVERAGE_AT),
    },
  };
}

/** The namespace in a token of this format that begins at `at`; undefined for bytes of any other. */
export function namespaceInToken(bytes: Uint8Array, at: number): string | undefined {
  const keyAt = keyPlace(bytes, at);
  return keyAt === undefined ? undefined : latinText(bytes, at + HEAD_BYTES, keyAt);
}

/** Where the key begins; undefined where the bytes from `at` on are no token of this format. */
function keyPlace(bytes: Uint8Array, at: number): number | undefined {
  if (bytes.length < at + HEAD_BYTES || bytes[at] !== FORMAT) return undefined;
  const keyAt = at + HEAD_BYTES + (bytes[at + NAME_AT] as number);
  return bytes.length < keyAt ? undefined : keyAt;
}

/** Latin text, whatever the bytes: a name that was altered is no name of ours, and its seal is broken. */
function latinText(bytes: Uint8Array, from: number, end: number): string {
  let text = "";
  for (let i = from; i < end; i += 1) text += String.fromCharCode(bytes[i] as number);
  return text;
}
