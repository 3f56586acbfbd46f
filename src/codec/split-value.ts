/** Cutting a value into chunks (CHUNK-2). */
import { chunkCount } from "../model/chunk.ts";
import type { ChunkMetadata } from "../model/item.ts";
import type { IdempotencyToken } from "../model/token.ts";
import { addToChecksum, CHECKSUM_BEGIN, checksumBytes } from "./checksum.ts";

/** Chunks `first` to `first` + `count` - 1 of `value`, as views into it. */
export function chunksOf(
  value: Uint8Array,
  chunkBytes: number,
  { first, count }: { readonly first: number; readonly count: number },
): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, i) =>
    value.subarray((first + i) * chunkBytes, (first + i + 1) * chunkBytes),
  );
}

/** What the item says of a value that was cut into chunks of `chunkBytes` under `token`. */
export function describeChunks(
  value: Uint8Array,
  chunkBytes: number,
  token: IdempotencyToken,
): ChunkMetadata {
  return {
    count: chunkCount(value.length, chunkBytes),
    chunkBytes,
    totalBytes: value.length,
    checksum: checksumBytes(addToChecksum(CHECKSUM_BEGIN, value)),
    token,
  };
}
