/** Cutting a value into chunks (CHUNK-2). */
import { chunkCount, type Staging } from "../model/chunk.ts";
import type { ChunkMetadata } from "../model/item.ts";
import { addToChecksum, CHECKSUM_BEGIN, checksumBytes } from "./checksum.ts";

/** Chunks `first` to `first` + `count` - 1 of `value`, as views into it. */
export function chunksOf(
  value: Uint8Array,
  chunkBytes: number,
  { first, count }: { readonly first: number; readonly count: number },
): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = first * chunkBytes; chunks.length < count; at += chunkBytes) {
    chunks.push(value.subarray(at, at + chunkBytes));
  }
  return chunks;
}

/** What the item says of a value of that staging, cut into chunks of `chunkBytes`. */
export function describeChunks(
  value: Uint8Array,
  chunkBytes: number,
  { token, staging }: Staging,
): ChunkMetadata {
  return {
    count: chunkCount(value.length, chunkBytes),
    chunkBytes,
    totalBytes: value.length,
    checksum: checksumBytes(addToChecksum(CHECKSUM_BEGIN, value)),
    staging,
    token,
  };
}
