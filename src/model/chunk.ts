/**
 * Where the chunks of a large value lie (CHUNK-2). A staging's chunks have partitions of their own, named after its
 * write's token and a number of its own: no two versions ever share one, nor do two stagings of one write, which may
 * cut or compress the value in different ways. Each partition is a bucket of a bounded number of chunks, so that a
 * large value spreads over the cluster.
 */
import { concatBytes, equalBytes, fromUtf8, readUint32, toHex, utf8 } from "./bytes.ts";
import type { IdempotencyToken } from "./token.ts";

/** Largest value stored inline where the engine can, bytes; one byte more is chunked (CHUNK-1). */
export const INLINE_BYTES_MAX: number = 1024 * 1024;
/** Largest value that a client puts in one piece before it has heard of a namespace's limits, bytes. */
export const UNTOLD_BYTES_MAX: number = 128 * 1024;
/** Default size of a chunk, bytes (CHUNK-2). */
export const CHUNK_BYTES_DEFAULT: number = 64 * 1024;
/** Chunks in one partition of the chunk store. */
export const CHUNKS_PER_BUCKET = 64;
/** Most chunks of one value: their number has four bytes, and their names must sort. */
export const CHUNKS_MAX = 2_147_483_648;

/** Bytes that tell a staging from others of the same write. */
export const STAGING_BYTES = 8;

/** One staging of a value. */
export type Staging = {
  /** Of the write: expiry is no part of it, since a token names one write alone. */
  readonly token: IdempotencyToken;
  /** Random, drawn by whoever stages. */
  readonly staging: Uint8Array;
};

/** Whose chunks they are: item, and the staging that they are of. */
export type ChunkOwner = Staging & { readonly id: string; readonly key: Uint8Array };

/** Where chunks lie, and how large they are. */
export type ChunkPlace = ChunkOwner & { readonly chunkBytes: number };

/** Number of chunks of a value of `totalBytes`; the last one may be shorter. */
export function chunkCount(totalBytes: number, chunkBytes: number): number {
  return Math.ceil(totalBytes / chunkBytes);
}

/** Length of chunk `index`, bytes. */
export function chunkLength(index: number, totalBytes: number, chunkBytes: number): number {
  return Math.min(chunkBytes, totalBytes - index * chunkBytes);
}

/** The record id of a bucket in the chunk store's table: at most 100 letters, digits and dots. */
export function bucketId(owner: ChunkOwner, bucket: number): string {
  const { generationTime, nonce } = owner.token;
  const write = `${generationTime.toString(36)}.${toHex(nonce)}`;
  return `${write}.${toHex(owner.staging)}.${ownerHash(owner)}.${bucket}`;
}

/** The key of chunk `index` within its bucket: keys sort as the chunks do. */
export function chunkKey(index: number): Uint8Array {
  return Uint8Array.of(index >>> 24, index >>> 16, index >>> 8, index);
}

/** The index in a key that `chunkKey` made. */
export function chunkIndex(key: Uint8Array): number {
  return readUint32(key, 0);
}

const OWNER_FORMAT = 1;

/** What of its owner every chunk says; the token is its version. */
export type WrittenOwner = Omit<ChunkOwner, "token">;

/**
 * Owner as metadata of every chunk, so that one alone tells whose it is: format 1, length of id 2, id, staging 8,
 * key. The token is the chunk's version.
 */
export function encodeOwner({ id, key, staging }: WrittenOwner): Uint8Array {
  const name = utf8(id);
  const head = Uint8Array.of(OWNER_FORMAT, name.length >>> 8, name.length);
  return concatBytes(head, name, staging, key);
}

/** Record and key in bytes that `encodeOwner` made, copied; undefined for any others. */
export function decodeOwner(bytes: Uint8Array): WrittenOwner | undefined {
  if (bytes.length < 3 || bytes[0] !== OWNER_FORMAT) return undefined;
  const stagingAt = 3 + (bytes[1] as number) * 256 + (bytes[2] as number);
  const keyAt = stagingAt + STAGING_BYTES;
  if (keyAt > bytes.length) return undefined;
  return {
    id: fromUtf8(bytes.subarray(3, stagingAt)),
    key: bytes.slice(keyAt),
    staging: bytes.slice(stagingAt, keyAt),
  };
}

/** Whether both name the same write. */
export function sameToken(a: IdempotencyToken, b: IdempotencyToken): boolean {
  return a.generationTime === b.generationTime && equalBytes(a.nonce, b.nonce);
}

/** Whether both are one staging of one write. */
export function sameStaging(a: Staging, b: Staging): boolean {
  return sameToken(a.token, b.token) && equalBytes(a.staging, b.staging);
}

/**
 * 64 bits of record and key, as hexadecimal. Tokens tell writes apart; this keeps the items of one write apart,
 * and a caller who uses one token for two records from mixing them. The owner in the metadata is what is believed.
 */
function ownerHash({ id, key }: ChunkOwner): string {
  let [a, b] = [0x9747b28c, 0x85ebca6b];
  const mix = (value: number): void => {
    a = Math.imul(a ^ value, 0x01000193);
    b = Math.imul(b + value, 0x5bd1e995) ^ (b >>> 15);
  };
  for (let i = 0; i < id.length; i += 1) mix(id.charCodeAt(i));
  mix(0x10000);
  for (const byte of key) mix(byte);
  return hex32(a ^ (a >>> 16)) + hex32(b ^ (b >>> 13));
}

function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
