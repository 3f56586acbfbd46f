/** What servers of a world seal page tokens with. */
import type { Mac, MacKeyring } from "kvdal/service";
import { hash32 } from "./keyed-random.ts";
import type { SimNode } from "./node.ts";

/** Two keys that all servers know; each seals with its own, as while keys are changed (PAGE-3). */
const KEYS: MacKeyring["keys"] = new Map([1, 2].map((key) => [key, keyedMac(key)]));

/** The keys of a server. */
export function keysAt(node: SimNode): MacKeyring {
  return { current: 1 + (node.index % 2), keys: KEYS };
}

/** A fast stand-in for HMAC: 16 bytes of a keyed hash. Worlds have no adversary, only mix-ups to find. */
function keyedMac(key: number): Mac {
  return (message) => {
    const mac = new Uint8Array(16);
    let [a, b] = [0x6a09e667 ^ key, 0x3c6ef372];
    for (const byte of message) {
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b + byte, 0x5bd1e995) ^ (a >>> 15);
    }
    for (let i = 0; i < 4; i += 1) {
      const word = hash32(a, b, i);
      for (let j = 0; j < 4; j += 1) mac[i * 4 + j] = (word >>> (8 * j)) & 0xff;
    }
    return mac;
  };
}
