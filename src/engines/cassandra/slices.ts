/**
 * Cutting a key range into slices whose width is a power of two of the key space, keys being taken for fractions:
 * the first byte counts 256ths, the second 65,536ths. All of it pure.
 */
import { compareBytes, EMPTY_BYTES } from "../../model/bytes.ts";
import { KEY_BYTES_MAX } from "../../model/limits.ts";

/** Finest slice: narrower than the distance of any two keys. */
const BITS_MAX = 8 * (KEY_BYTES_MAX + 1);

/** The key 2^-bits after `key`, or rather after its first bits; undefined past the last key. 1 <= bits. */
export function keyAfter(key: Uint8Array, bits: number): Uint8Array | undefined {
  const [bytes, at] = prefixOf(key, bits);
  let carry = 1 << (7 - ((bits - 1) & 7));
  for (let i = at; carry > 0; i -= 1) {
    if (i < 0) return undefined;
    const sum = (bytes[i] as number) + carry;
    bytes[i] = sum & 0xff;
    carry = sum >> 8;
  }
  return bytes;
}

/** The key 2^-bits before `key`, undefined standing for the end of all keys; empty before the first. */
export function keyBefore(key: Uint8Array | undefined, bits: number): Uint8Array {
  const [bytes, at] = prefixOf(key ?? EMPTY_BYTES, bits);
  let borrow = 1 << (7 - ((bits - 1) & 7));
  // The end of all keys is one whole: what is borrowed from before the first byte is there.
  const isWhole = key === undefined;
  for (let i = at; borrow > 0; i -= 1) {
    if (i < 0) return isWhole ? bytes : EMPTY_BYTES;
    const difference = (bytes[i] as number) - borrow;
    bytes[i] = difference & 0xff;
    borrow = difference < 0 ? 1 : 0;
  }
  return bytes;
}

/** The first `bits` bits of a key in as many bytes as they take, and the index of the last. */
function prefixOf(key: Uint8Array, bits: number): [bytes: Uint8Array, last: number] {
  const length = (bits + 7) >> 3;
  const bytes = new Uint8Array(length);
  bytes.set(key.subarray(0, length));
  const last = length - 1;
  bytes[last] = (bytes[last] as number) & (0xff << (7 - ((bits - 1) & 7)));
  return [bytes, last];
}

/** How wide the next slice is to be, and what that is judged by. Widths are bits: more of them are narrower. */
export type Widths = {
  readonly bits: number;
  /** A width that was fine and is narrower; undefined when none is known. */
  readonly fine: number | undefined;
  /** By how much to widen after the next success: not at all after a failure, then faster and faster. */
  readonly stride: number;
  /** How many failed one after another. */
  readonly misses: number;
};

/** After so many of them each step is twice as long as the one before: keys that count begin with many zeros. */
const MISSES_USUAL = 5;

/** Widths to begin with beside a key: as narrow as its last byte, since what is near shares its beginning. */
export function widthsBeside(key: Uint8Array | undefined): Widths {
  const bits = Math.min(BITS_MAX, Math.max(8, 8 * (key?.length ?? 0)));
  return { bits, fine: undefined, stride: 1, misses: 0 };
}

/** After a slice that could be read. */
export function widened({ bits, stride }: Widths): Widths {
  const next = Math.max(1, bits - stride);
  return { bits: next, fine: bits, stride: Math.max(1, 2 * stride), misses: 0 };
}

/** After one that could not: half way back to what was fine; undefined when nothing is narrower. */
export function narrowed({ bits, fine, misses }: Widths): Widths | undefined {
  if (bits >= BITS_MAX) return undefined;
  const further = bits + (8 << Math.max(0, misses - MISSES_USUAL));
  const aim = fine !== undefined && fine > bits ? (bits + fine) >> 1 : further;
  const next = Math.min(BITS_MAX, Math.max(bits + 1, aim));
  const isFine = fine !== undefined && fine > next;
  return { bits: next, fine: isFine ? fine : undefined, stride: 0, misses: misses + 1 };
}

/** Whether `a` comes before `b`; undefined is the end of all keys. */
export function isBefore(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined) return false;
  return b === undefined || compareBytes(a, b) < 0;
}
