/**
 * Chance as a function of names, not of history: a draw is a hash of the seed and of what is drawn for, so that
 * taking one operation out of a plan leaves the draws of all others as they were. Integers only.
 */
import type { Random } from "kvdal/client";

/** 32 well-mixed bits of up to five words. */
export function hash32(a: number, b: number, c = 0, d = 0, e = 0): number {
  let hash = absorb(absorb(absorb(absorb(absorb(0x9e3779b9, a), b), c), d), e);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function absorb(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0xcc9e2d51);
  return (mixed << 15) ^ (mixed >>> 17) ^ Math.imul(word, 0x1b873593);
}

/** Other 32 bits from well-mixed ones, one set a purpose: cheaper than hashing all over again. */
export function remix(bits: number, purpose: number): number {
  const hash = Math.imul(bits ^ Math.imul(purpose, 0x9e3779b1), 0x7feb352d);
  return (Math.imul(hash ^ (hash >>> 15), 0x846ca68b) ^ (hash >>> 16)) >>> 0;
}

/** A whole number below `bound` from 32 drawn bits. */
export function scale(bits: number, bound: number): number {
  return Math.floor((bits * bound) / 0x1_0000_0000);
}

/** 32 bits of a text. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** What a stream is counted under: all forks of one root share it. Setting `key` starts them anew. */
export type DrawScope = { key: number };

/** A stream whose draws depend on its name, on the scope's key and on how many came before under that key. */
export class KeyedRandom implements Random {
  readonly #name: number;
  readonly #scope: DrawScope;
  #key = -1;
  #count = 0;

  constructor(name: number, scope: DrawScope) {
    this.#name = name;
    this.#scope = scope;
  }

  below(bound: number): number {
    return scale(this.bits(), bound);
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i += 4) {
      const bits = this.bits();
      for (let j = i; j < length && j < i + 4; j += 1) bytes[j] = (bits >>> ((j - i) * 8)) & 0xff;
    }
    return bytes;
  }

  fork(purpose: string): Random {
    return new KeyedRandom(hash32(this.#name, hashText(purpose)), this.#scope);
  }

  /** 32 random bits. */
  bits(): number {
    if (this.#key !== this.#scope.key) {
      this.#key = this.#scope.key;
      this.#count = 0;
    }
    this.#count += 1;
    return hash32(this.#name, this.#key, this.#count);
  }
}

/** A stream for drawing plans: consecutive draws under one name. */
export function planRandom(seed: number, purpose: string): KeyedRandom {
  return new KeyedRandom(hash32(seed, hashText(purpose)), { key: 0 });
}

/** Whether a chance of `numerator` in `denominator` comes up. */
export function chance(random: Random, numerator: number, denominator: number): boolean {
  return random.below(denominator) < numerator;
}

/** A whole number from `low` to `high`, both included. */
export function between(random: Random, low: number, high: number): number {
  return low + random.below(high - low + 1);
}

/** One of `options`. */
export function pick<T>(random: Random, options: readonly T[]): T {
  return options[random.below(options.length)] as T;
}
