/** Staging of large values by the client, before the put that commits them (CHUNK-6). */
import { addToChecksum, CHECKSUM_BEGIN, checksumBytes } from "../codec/checksum.ts";
import { eachInWindow } from "../codec/in-window.ts";
import { reblock } from "../codec/reblock.ts";
import { chunksOf, describeChunks } from "../codec/split-value.ts";
import { concatBytes } from "../model/bytes.ts";
import type { NamespaceLimits } from "../model/capabilities.ts";
import { chunkCount } from "../model/chunk.ts";
import type { ChunkMetadata } from "../model/item.ts";
import type { StageChunksRequest } from "../model/request.ts";
import type { Random } from "../ports/random.ts";
import { chunksPerRequest, isChunked, portions } from "../policy/plan-chunks.ts";

/** Whose chunks they are. */
export type StagingTarget = Pick<
  StageChunksRequest,
  "namespace" | "id" | "key" | "token" | "staging"
>;

/** Some consecutive chunks on their way. */
export type StagingPortion = Pick<StageChunksRequest, "chunkBytes" | "first" | "chunks">;

/** How chunks are sent. */
export type StagingTraffic = {
  readonly limits: NamespaceLimits;
  /** Sends some consecutive chunks to their end, retries included. */
  readonly send: (target: StagingTarget, portion: StagingPortion) => Promise<void>;
  /** Requests under way at a time: with the size of a request, what bounds the memory. */
  readonly window: number;
  readonly random: Random;
};

/** Stages all of `value`; what it returns goes into the put under the same token. */
export async function stageValue(
  value: Uint8Array,
  target: StagingTarget,
  { limits, send, window }: StagingTraffic,
): Promise<ChunkMetadata> {
  const { chunkBytes, chunkRequestBytesMax } = limits;
  const chunk = describeChunks(value, chunkBytes, target);
  const most = chunksPerRequest(chunkBytes, chunkRequestBytesMax);
  await eachInWindow(portions({ first: 0, count: chunk.count }, most), window, (span) =>
    send(target, { chunkBytes, first: span.first, chunks: chunksOf(value, chunkBytes, span) }),
  );
  return chunk;
}

/** What a stream came to: a value small enough to be put inline, or the description of what was staged. */
export type StreamedValue =
  | { readonly kind: "inline"; readonly value: Uint8Array }
  | { readonly kind: "staged"; readonly chunk: ChunkMetadata };

/**
 * Stages a value as it comes, in pieces of any size. Holds no more of it than what may yet be stored inline, then no
 * more than the window of requests and the one that is being filled.
 */
export async function stageStream(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  target: StagingTarget,
  { limits, send, window }: StagingTraffic,
): Promise<StreamedValue> {
  const { chunkBytes, chunkRequestBytesMax, chunkAboveBytes } = limits;
  const most = chunksPerRequest(chunkBytes, chunkRequestBytesMax);
  const blocks = reblock(source, most * chunkBytes);
  const lead = await leadOf(blocks, chunkAboveBytes);
  if (lead.ended) return { kind: "inline", value: concatBytes(...lead.blocks) };

  let [sum, totalBytes, index] = [CHECKSUM_BEGIN, 0, 0];
  await eachInWindow(chain(lead.blocks, blocks), window, (block) => {
    sum = addToChecksum(sum, block);
    totalBytes += block.length;
    const first = index;
    const count = chunkCount(block.length, chunkBytes);
    index += count;
    const chunks = chunksOf(block, chunkBytes, { first: 0, count });
    return send(target, { chunkBytes, first, chunks });
  });
  return {
    kind: "staged",
    chunk: {
      count: index,
      chunkBytes,
      totalBytes,
      checksum: checksumBytes(sum),
      staging: target.staging,
      token: target.token,
    },
  };
}

/** The first blocks: all there are when together they are no more than `inlineBytes`, else just too many. */
async function leadOf(
  source: AsyncGenerator<Uint8Array, void, undefined>,
  inlineBytes: number,
): Promise<{ readonly blocks: readonly Uint8Array[]; readonly ended: boolean }> {
  const blocks: Uint8Array[] = [];
  let bytes = 0;
  while (!isChunked(bytes, inlineBytes)) {
    const next = await source.next();
    if (next.done === true) return { blocks, ended: true };
    blocks.push(next.value);
    bytes += next.value.length;
  }
  return { blocks, ended: false };
}

async function* chain<T>(
  first: Iterable<T>,
  rest: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* first;
    yield* rest;
  } finally {
    // Whoever stops within the first blocks has not come to the rest: its source must hear of it all the same.
    await rest.return();
  }
}
