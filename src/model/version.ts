/**
 * Versions: the total order of writes (TOK-5) as a value, as a compare and as a byte string that sorts the same.
 *
 * The order is (generation time, rank, expiry, nonce). It is the order Cassandra imposes on equal timestamps
 * anyway, so every engine elects the same winner (TOK-6).
 */
import { compareBytes } from "./bytes.ts";
import { isMicros, type Micros } from "./time.ts";
import { type IdempotencyToken, NONCE_BYTES } from "./token.ts";

/** 0 a put without expiry, 1 a put with one, 2 a deletion: at one instant the higher rank wins (TOK-5). */
export type Rank = 0 | 1 | 2;

/** A put that never expires. */
export const RANK_PUT: Rank = 0;
/** A put with an expiry. */
export const RANK_EXPIRING_PUT: Rank = 1;
/** A deletion of an item, a range or a record. */
export const RANK_DELETE: Rank = 2;

/** Which write an item, or a tombstone, comes from. */
export type Version = {
  readonly time: Micros;
  readonly rank: Rank;
  /** Absolute expiry in microseconds since 1970; 0 for none. */
  readonly expiry: Micros;
  /** The token's 16 bytes. */
  readonly nonce: Uint8Array;
};

/** Bytes of an encoded version: time 8, rank 1, expiry 8, nonce 16. */
export const VERSION_BYTES: number = 8 + 1 + 8 + NONCE_BYTES;

/** The version of a put under `token`; `expiry` is absolute, 0 for none. */
export function putVersion(token: IdempotencyToken, expiry: Micros): Version {
  const rank = expiry === 0 ? RANK_PUT : RANK_EXPIRING_PUT;
  return { time: token.generationTime, rank, expiry, nonce: token.nonce };
}

/** The version of a deletion under `token`. */
export function deleteVersion(token: IdempotencyToken): Version {
  return { time: token.generationTime, rank: RANK_DELETE, expiry: 0, nonce: token.nonce };
}

/** Negative, zero or positive as `a` is older than, the same as, or newer than `b` (TOK-5). */
export function compareVersions(a: Version, b: Version): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.expiry !== b.expiry) return a.expiry - b.expiry;
  return compareBytes(a.nonce, b.nonce);
}

/** 33 new bytes that compare, unsigned, as `compareVersions` does. */
export function encodeVersion(version: Version): Uint8Array {
  const bytes = new Uint8Array(VERSION_BYTES);
  writeVersion(bytes, 0, version);
  return bytes;
}

/** Writes the 33 bytes of `version` into `target` from `at` on. */
export function writeVersion(target: Uint8Array, at: number, version: Version): void {
  writeMicros(target, at, version.time);
  target[at + 8] = version.rank;
  writeMicros(target, at + 9, version.expiry);
  target.set(version.nonce, at + 17);
}

/**
 * The version at `at` of bytes that `encodeVersion` or `writeVersion` made. The nonce is a copy.
 * Throws `RangeError` on anything else: stored bytes that do not decode are corrupt, not merely unusual.
 */
export function decodeVersion(bytes: Uint8Array, at = 0): Version {
  const rank = bytes[at + 8];
  if (bytes.length < at + VERSION_BYTES || (rank !== 0 && rank !== 1 && rank !== 2)) {
    throw new RangeError(`not a version: ${bytes.length - at} bytes, rank ${rank}`);
  }
  const time = readMicros(bytes, at);
  const expiry = readMicros(bytes, at + 9);
  if (!isMicros(time) || !isMicros(expiry)) {
    throw new RangeError(`not a version: time ${time}, expiry ${expiry}`);
  }
  return { time, rank, expiry, nonce: bytes.slice(at + 17, at + VERSION_BYTES) };
}

/** Writes a microsecond count as 8 big-endian bytes. */
export function writeMicros(target: Uint8Array, at: number, value: Micros): void {
  let high = Math.floor(value / 0x1_0000_0000);
  let low = value % 0x1_0000_0000;
  for (let i = 3; i >= 0; i -= 1) {
    target[at + i] = high % 256;
    high = Math.floor(high / 256);
    target[at + 4 + i] = low % 256;
    low = Math.floor(low / 256);
  }
}

/** The microsecond count in 8 big-endian bytes. Exact up to 2^53 - 1, which `writeMicros` never exceeds. */
export function readMicros(bytes: Uint8Array, at: number): Micros {
  let value = 0;
  for (let i = 0; i < 8; i += 1) value = value * 256 + (bytes[at + i] as number);
  return value;
}
