/** When the marker of a deleted item may be removed physically (DEL-3). */
import type { Micros } from "../model/time.ts";
import type { IdempotencyToken } from "../model/token.ts";

/**
 * The absolute time from which on the marker may go: the deletion's time, plus the retention that every late
 * write needs (DEL-5), plus a share of `jitter` that depends on token and key alone. A retry therefore computes
 * the same time, and the items of one mass delete do not all fall due at once.
 */
export function markerRemovalTime(
  token: IdempotencyToken,
  key: Uint8Array,
  retention: Micros,
  jitter: Micros,
): Micros {
  const share = jitterHash(token.nonce, key) / 0x1_0000_0000;
  return token.generationTime + retention + Math.floor(jitter * share);
}

/** 32 well-mixed bits of both byte strings. */
function jitterHash(nonce: Uint8Array, key: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of nonce) hash = Math.imul(hash ^ byte, 0x01000193);
  for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
