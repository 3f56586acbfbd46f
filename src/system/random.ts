import { randomFillSync, randomInt } from "node:crypto";
import type { Random } from "../ports/random.ts";

/** Bytes asked of the operating system at a time, and the most that are taken from them at once. */
const POOL_BYTES = 4096;
const FROM_POOL_MAX = 64;

/** One for all forks: each byte is given out once. It begins used up, so that the first draw fills it. */
const pool = new Uint8Array(POOL_BYTES);
let used = POOL_BYTES;

/** Chance from the operating system, fit for nonces and keys. All forks are independent by nature. */
export function systemRandom(): Random {
  return {
    below: (bound) => randomInt(bound),
    bytes: (length) =>
      length > FROM_POOL_MAX ? randomFillSync(new Uint8Array(length)) : fromPool(length),
    fork: () => systemRandom(),
  };
}

/** Asked for by itself, a token's nonce took a sixth of a put in memory. */
function fromPool(length: number): Uint8Array {
  if (used + length > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.slice(used, used + length);
  // What was given out is a secret of whoever took it.
  pool.fill(0, used, used + length);
  used += length;
  return bytes;
}
