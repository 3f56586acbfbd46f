import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { MAC_BYTES, type Mac, type MacKeyring } from "../ports/mac.ts";

/** Shortest key accepted, bytes: a shorter one could be guessed sooner than a code could. */
export const MAC_KEY_BYTES_MIN = 16;

/** What a key's id is the code of: no page token is this message, since theirs are longer. */
const ID_MESSAGE = "kvdal key id";

/**
 * A key ring of one: the first 16 bytes of HMAC-SHA256 under `key`. Throws `RangeError` when the key has less than
 * 16 bytes. Servers that are to accept each other's page tokens share the key (PAGE-3).
 */
export function hmacSha256(key: Uint8Array): MacKeyring {
  return hmacKeys([key]);
}

/**
 * A key ring of HMAC-SHA256 keys, which are copied. The first one seals, all of them open. A key's id follows from
 * the key itself, so that servers need to agree on nothing but the keys.
 *
 * To rotate without refusing a token: give every server `[old, new]`, then every server `[new, old]`, and `[new]`
 * when no traversal begun before is still of interest. Throws `RangeError` for no keys, for one of less than 16
 * bytes, and for one that stands twice.
 */
export function hmacKeys(keys: readonly Uint8Array[]): MacKeyring {
  const ring = new Map<number, Mac>();
  let current: number | undefined;
  for (const key of keys) {
    const secret = secretOf(key);
    const id = keyId(secret);
    if (ring.has(id)) throw new RangeError("a key stands twice, wanted each once");
    ring.set(id, macOf(secret));
    current ??= id;
  }
  if (current === undefined) throw new RangeError("there are no keys, wanted at least one");
  return { current, keys: ring };
}

/** Copies the key. As a key object it is taken apart once: as bytes, for each code, at seven times the cost. */
function secretOf(key: Uint8Array): KeyObject {
  if (key.length < MAC_KEY_BYTES_MIN) {
    throw new RangeError(`key is ${key.length} bytes, wanted at least ${MAC_KEY_BYTES_MIN}`);
  }
  return createSecretKey(key);
}

function macOf(secret: KeyObject): Mac {
  return (message) => {
    const digest = createHmac("sha256", secret).update(message).digest();
    return new Uint8Array(digest.subarray(0, MAC_BYTES));
  };
}

function keyId(secret: KeyObject): number {
  return createHmac("sha256", secret).update(ID_MESSAGE).digest().readUInt32BE();
}
