/**
 * What a cache that takes no key as it is stores under a hash of it: format 1, length of key 2, key, value. The whole key
 * comes along since two keys may share a hash: then one is a miss, never the other's value (CACHE-6).
 */
import { equalBytes } from "../../model/bytes.ts";

/** Bytes before key and value. */
export const ENVELOPE_HEAD_BYTES = 3;

const FORMAT = 1;

/** New bytes holding key and value. */
export function wrap(key: Uint8Array, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(ENVELOPE_HEAD_BYTES + key.length + value.length);
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
  if (!equalBytes(bytes.subarray(ENVELOPE_HEAD_BYTES, valueAt), key)) return undefined;
  return new Uint8Array(bytes.subarray(valueAt));
}
