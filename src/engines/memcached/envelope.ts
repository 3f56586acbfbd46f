/**
 * What is stored: format 1, length of key 2, key, value, under a hash of the key. The whole key comes along since
 * two keys may share a hash: then one is a miss, never the other's value (CACHE-6).
 */
import { createHash } from "node:crypto";
import { equalBytes } from "../../model/bytes.ts";

/** Bytes before key and value. */
export const ENVELOPE_HEAD_BYTES = 3;

const FORMAT = 1;

/** The key on the server: 44 printable characters, whatever the key (memcached takes 250 without spaces). */
export function hashKey(key: Uint8Array): string {
  return createHash("sha256").update(key).digest("base64");
}

/** New bytes holding key and value. */
export function wrap(key: Uint8Array, value: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(ENVELOPE_HEAD_BYTES + key.length + value.length);
  bytes[0] = FORMAT;
  bytes.writeUInt16BE(key.length, 1);
  bytes.set(key, ENVELOPE_HEAD_BYTES);
  bytes.set(value, ENVELOPE_HEAD_BYTES + key.length);
  return bytes;
}

/** A copy of the value, undefined when the bytes are another key's, or not ours at all. */
export function unwrap(key: Uint8Array, bytes: Buffer): Uint8Array | undefined {
  const valueAt = ENVELOPE_HEAD_BYTES + key.length;
  if (bytes.length < valueAt || bytes[0] !== FORMAT) return undefined;
  if (bytes.readUInt16BE(1) !== key.length) return undefined;
  if (!equalBytes(bytes.subarray(ENVELOPE_HEAD_BYTES, valueAt), key)) return undefined;
  return new Uint8Array(bytes.subarray(valueAt));
}
