/** How a large value is cut and in which portions its chunks travel (CHUNK-1, CHUNK-2, CHUNK-6). */
import { CHUNKS_PER_BUCKET } from "../model/chunk.ts";

/** Some consecutive chunks. */
export type ChunkSpan = { readonly first: number; readonly count: number };

/** Whether a stored value of so many bytes is chunked: the bound itself is inline (CHUNK-1). */
export function isChunked(storedBytes: number, aboveBytes: number): boolean {
  return storedBytes > aboveBytes;
}

/** Chunks that one request or one engine call carries, at least one. */
export function chunksPerRequest(chunkBytes: number, requestBytesMax: number): number {
  return Math.max(1, Math.floor(requestBytesMax / chunkBytes));
}

/** `span` in portions of at most `most` chunks, in order. */
export function portions(span: ChunkSpan, most: number): readonly ChunkSpan[] {
  return cut(span, (first) => first + most);
}

/** Some consecutive chunks of one bucket. */
export type BucketSpan = ChunkSpan & { readonly bucket: number };

/**
 * `span` cut where buckets end, and into portions of at most `most` chunks, in order: each part lies in one
 * partition of the chunk store and is one engine call.
 */
export function byBucket(span: ChunkSpan, most: number): readonly BucketSpan[] {
  const bucketOf = (index: number): number => Math.floor(index / CHUNKS_PER_BUCKET);
  const endOf = (first: number): number =>
    Math.min(first + most, (bucketOf(first) + 1) * CHUNKS_PER_BUCKET);
  return cut(span, endOf).map((part) => ({ ...part, bucket: bucketOf(part.first) }));
}

/** Parts that begin where the one before ends; `endOf` says how far one that begins there may reach. */
function cut(span: ChunkSpan, endOf: (first: number) => number): readonly ChunkSpan[] {
  const parts: ChunkSpan[] = [];
  const end = span.first + span.count;
  for (let first = span.first; first < end; ) {
    const next = Math.min(end, endOf(first));
    parts.push({ first, count: next - first });
    first = next;
  }
  return parts;
}
