/** Fetching of large values by the client, chunks side by side and in order (CHUNK-5, CHUNK-6). */
import { inWindow } from "../codec/in-window.ts";
import { ChunkSequence } from "../codec/join-chunks.ts";
import type { NamespaceLimits } from "../model/capabilities.ts";
import type { ChunkMetadata } from "../model/item.ts";
import { type ChunkSpan, chunksPerRequest, portions } from "../policy/plan-chunks.ts";

/** How chunks are fetched. */
export type Fetching = {
  readonly limits: NamespaceLimits;
  /** Fetches some consecutive chunks, retries included. Rejects with DATA_LOSS when they are not all there. */
  readonly load: (chunk: ChunkMetadata, span: ChunkSpan) => Promise<readonly Uint8Array[]>;
  readonly window: number;
};

/**
 * The value, chunk by chunk. Throws DATA_LOSS, at the latest at its end, for anything but the value that was stored:
 * whoever uses the chunks as they come must be ready to take them back.
 */
export async function* fetchChunks(
  chunk: ChunkMetadata,
  { limits, load, window }: Fetching,
): AsyncGenerator<Uint8Array, void, undefined> {
  const sequence = new ChunkSequence(chunk);
  const most = chunksPerRequest(chunk.chunkBytes, limits.chunkRequestBytesMax);
  const spans = portions({ first: 0, count: chunk.count }, most);
  for await (const chunks of inWindow(spans, window, (span) => load(chunk, span))) {
    for (const bytes of chunks) {
      sequence.add(bytes);
      yield bytes;
    }
  }
  sequence.end();
}

/** The whole value, in new bytes. */
export async function fetchValue(chunk: ChunkMetadata, fetching: Fetching): Promise<Uint8Array> {
  const value = new Uint8Array(chunk.totalBytes);
  let at = 0;
  for await (const bytes of fetchChunks(chunk, fetching)) {
    value.set(bytes, at);
    at += bytes.length;
  }
  return value;
}
