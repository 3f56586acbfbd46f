/** The checksum of a stored value: CRC-32, carried on from chunk to chunk (CHUNK-5). */
import { crc32 } from "node:zlib";

/** Bytes of a checksum. */
export const CHECKSUM_BYTES = 4;

/** The sum of no bytes: where a running checksum begins. */
export const CHECKSUM_BEGIN = 0;

/** The running checksum after `bytes`. */
export function addToChecksum(sum: number, bytes: Uint8Array): number {
  return crc32(bytes, sum);
}

/** A finished checksum as it is stored: 4 new bytes, big-endian. */
export function checksumBytes(sum: number): Uint8Array {
  return Uint8Array.of(sum >>> 24, sum >>> 16, sum >>> 8, sum);
}
