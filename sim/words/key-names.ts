/** Names of keys: those of a world as k0, k1 …, all else by its bytes. */
import { compareBytes, toHex } from "kvdal";

/** Keys from one on and before another; where one is absent, without that bound. */
export type KeyRange = {
  readonly start?: Uint8Array | undefined;
  readonly end?: Uint8Array | undefined;
};

/** Characters that a key shown as text is made of. */
const PRINTABLE = /^[\x21-\x7e]{1,24}$/;

/** The keys of one world. */
export class KeyNames {
  readonly #keys: readonly Uint8Array[];
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(keys: readonly Uint8Array[]) {
    this.#keys = keys;
    this.#numbers = new Map(keys.map((key, i) => [toHex(key), i]));
  }

  /** The keys themselves, for people. */
  get texts(): readonly string[] {
    return this.#keys.map((key) => {
      const text = String.fromCharCode(...key);
      return PRINTABLE.test(text) ? text : `0x${toHex(key)}`;
    });
  }

  name(key: Uint8Array): string {
    const number = this.#numbers.get(toHex(key));
    if (number !== undefined) return `k${number}`;
    // The least key after one of the world's, as pages begin.
    const before = key.at(-1) === 0 ? this.#numbers.get(toHex(key.subarray(0, -1))) : undefined;
    return before === undefined ? bytesName(key) : `after k${before}`;
  }

  /** Numbers of the keys that the world knows. */
  numbers(keys: readonly Uint8Array[]): readonly number[] {
    return keys.flatMap((key) => this.#numbers.get(toHex(key)) ?? []);
  }

  /** Numbers of the keys in a range. */
  within({ start, end }: KeyRange): readonly number[] {
    const isIn = (key: Uint8Array): boolean =>
      (start === undefined || compareBytes(key, start) >= 0) &&
      (end === undefined || compareBytes(key, end) < 0);
    return this.#keys.flatMap((key, i) => (isIn(key) ? [i] : []));
  }
}

/** A key by its first bytes. */
export function bytesName(key: Uint8Array): string {
  return `0x${toHex(key.subarray(0, 8))}`;
}

/** A chunk by its number; the row that says when its value may go has no bytes in its key. */
export function chunkName(key: Uint8Array): string {
  if (key.length === 0) return "the doom";
  if (key.length !== CHUNK_KEY_BYTES) return bytesName(key);
  return `chunk ${parseInt(toHex(key), 16)}`;
}

const CHUNK_KEY_BYTES = 4;
