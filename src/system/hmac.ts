import { createHmac } from "node:crypto";
import { MAC_BYTES, type Mac } from "../ports/mac.ts";

/** Shortest key accepted, bytes: a shorter one could be guessed sooner than a code could. */
export const MAC_KEY_BYTES_MIN = 16;

/**
 * The first 16 bytes of HMAC-SHA256 under `key`, which is copied. Throws `RangeError` when the key has less than
 * 16 bytes. Servers that are to accept each other's page tokens share the key (PAGE-3).
 */
export function hmacSha256(key: Uint8Array): Mac {
  if (key.length < MAC_KEY_BYTES_MIN) {
    throw new RangeError(`key is ${key.length} bytes, wanted at least ${MAC_KEY_BYTES_MIN}`);
  }
  const own = key.slice();
  return (message) => {
    const digest = createHmac("sha256", own).update(message).digest();
    return new Uint8Array(digest.subarray(0, MAC_BYTES));
  };
}
