import { randomFillSync, randomInt } from "node:crypto";
import type { Random } from "../ports/random.ts";

/** Chance from the operating system, fit for nonces and keys. All forks are independent by nature. */
export function systemRandom(): Random {
  return {
    below: (bound) => randomInt(bound),
    bytes: (length) => randomFillSync(new Uint8Array(length)),
    fork: () => systemRandom(),
  };
}
