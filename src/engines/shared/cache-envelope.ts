/**
 * What a cache that takes no key as it is stores under a hash of it: format 1, length of key 2, key, value. The whole key
 * comes along since two keys may share a hash: then one is a miss, never the other's value (CACHE-6).
 */
import { APART } from "./byte-slab.ts";

/** Bytes before key and value. */
export const ENVELOPE_HEAD_BYTES = 3;

const FORMAT = 1;

/** Bytes that key and value take together. */
export function wrappedBytes(key: Uint8Array, value: Uint8Array): number {
  return ENVELOPE_HEAD_BYTES + key.length + value.length;
}

/** New bytes holding key and value. */
export function wrap(key: Uint8Array, value: Uint8Array): Uint8Array {
  return wrapInto(new Uint8Array(wrappedBytes(key, value)), key, value);
}

/** The same in bytes that are there: `wrappedBytes` of them, all of which are written. */
export function wrapInto<T extends Uint8Array>(bytes: T, key: Uint8Array, value: Uint8Array): T {
  bytes[0] = FORMAT;
  bytes[1] = key.length >>> 8;
  bytes[2] = key.length;
  bytes.set(key, ENVELOPE_HEAD_BYTES);
  bytes.set(value, ENVELOPE_HEAD_BYTES + key.length);
  return bytes;
}

/** A copy of the value, undefined when the bytes are another key's, or not ours at all. */
export function unwrap(key: Uint8Array, bytes: Uint8Array): Uint8Array | undefined {
  const valueAt = ENVELOPE_HEAD_BYTES + key.length;
  if (bytes.length < valueAt || bytes[0] !== FORMAT) return undefined;
  if ((bytes[1] as number) * 0x100 + (bytes[2] as number) !== key.length) return undefined;
  // No view for the compare: it would take longer than the loop.
  for (let i = 0; i < key.length; i += 1) {
    if (bytes[ENVELOPE_HEAD_BYTES + i] !== key[i]) return undefined;
  }
  return APART.copy(bytes, valueAt);
}
