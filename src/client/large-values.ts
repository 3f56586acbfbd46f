/** The client's side of chunking: values too large for a row go out, and come back, in portions (CHUNK-1 to 6). */
import { sameStaging, STAGING_BYTES, UNTOLD_BYTES_MAX } from "../model/chunk.ts";
import { asKvError, KvError, withoutEffect } from "../model/error.ts";
import { type ChunkMetadata, isInChunks, type Item } from "../model/item.ts";
import type { NamespaceLimits } from "../model/capabilities.ts";
import type { PutItem } from "../model/request.ts";
import { EMPTY_BYTES } from "../model/bytes.ts";
import { isChunked } from "../policy/plan-chunks.ts";
import { fetchChunks, fetchValue, type Fetching } from "./chunked-download.ts";
import {
  type StagingTarget,
  type StagingTraffic,
  stageStream,
  stageValue,
} from "./chunked-upload.ts";

/** Stages the values of those items that are too large to be stored inline; the others stay as they are. */
export async function stageLargeItems(
  items: readonly PutItem[],
  target: Omit<StagingTarget, "key" | "staging">,
  traffic: StagingTraffic,
): Promise<readonly PutItem[]> {
  const { chunkAboveBytes } = traffic.limits;
  const staged: PutItem[] = [];
  for (const item of items) {
    if (!isChunked(item.value.length, chunkAboveBytes)) {
      staged.push(item);
      continue;
    }
    const chunk = await prepared(
      stageValue(item.value, stagingOf(item.key, target, traffic), traffic),
    );
    staged.push({ ...item, value: EMPTY_BYTES, chunk });
  }
  return staged;
}

/** Stages a value of unknown length as it comes. */
export async function stageItem(
  item: Omit<PutItem, "value">,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  target: Omit<StagingTarget, "key" | "staging">,
  traffic: StagingTraffic,
): Promise<PutItem> {
  const streamed = await prepared(
    stageStream(source, stagingOf(item.key, target, traffic), traffic),
  );
  return streamed.kind === "inline"
    ? { ...item, value: streamed.value }
    : { ...item, value: EMPTY_BYTES, chunk: streamed.chunk };
}

/** A staging of its own: a put that is repeated may cut or compress its value in another way. */
function stagingOf(
  key: Uint8Array,
  target: Omit<StagingTarget, "key" | "staging">,
  { random }: StagingTraffic,
): StagingTarget {
  return { ...target, key, staging: random.bytes(STAGING_BYTES) };
}

/** Staging is preparation: when it fails, the mutation has not been begun, whatever became of the chunks. */
async function prepared<T>(staging: Promise<T>): Promise<T> {
  try {
    return await staging;
  } catch (error) {
    // What the source of a stream throws is its caller's own.
    throw error instanceof KvError ? withoutEffect(error) : error;
  }
}

/** How values are got back. */
export type LargeReads = {
  /** How the chunks of the item under `key` are fetched. */
  readonly fetching: (key: Uint8Array) => Fetching;
  /** The item as it is now; undefined when it is gone. */
  readonly reread: (key: Uint8Array) => Promise<Item | undefined>;
  /** A longer value is left where it is and marked omitted: it is to be read as a stream. */
  readonly wholeBytesMax: number;
};

/**
 * The items with their values. One whose chunks are gone was overwritten or deleted meanwhile: it is looked at again,
 * once, and is then as it is now, or left out. Throws DATA_LOSS when its chunks are not there and should be (CHUNK-5).
 */
export async function fetchLargeItems(
  items: readonly Item[],
  reads: LargeReads,
): Promise<readonly Item[]> {
  const whole: Item[] = [];
  for (const item of items) {
    const found = isInChunks(item) ? await withValue(item, reads) : item;
    if (found !== undefined) whole.push(found);
  }
  return whole;
}

async function withValue(item: Item, reads: LargeReads): Promise<Item | undefined> {
  try {
    return await fetched(item, reads);
  } catch (error) {
    if (asKvError(error).code !== "DATA_LOSS") throw error;
    const now = await reads.reread(item.key);
    return now === undefined || !isInChunks(now) ? now : fetched(now, reads);
  }
}

async function fetched(item: Item, reads: LargeReads): Promise<Item> {
  const chunk = item.metadata.chunk as ChunkMetadata;
  if (chunk.totalBytes > reads.wholeBytesMax) return { ...item, valueOmitted: true };
  return { ...item, value: await fetchValue(chunk, reads.fetching(item.key)) };
}

/** A stored value as a stream: in one piece when it lies inline, else chunk by chunk. */
export function valueStream(item: Item, reads: LargeReads): AsyncIterable<Uint8Array> {
  const { chunk } = item.metadata;
  return chunk === undefined || !isInChunks(item)
    ? onePiece(item.value)
    : fetchChunks(chunk, lookingAgain(item.key, reads));
}

/**
 * Fetching for a stream: chunks that are not there are fetched once more while the item is still of the same write
 * (CHUNK-5). When it is not, the stream cannot go on with another value.
 */
function lookingAgain(key: Uint8Array, reads: LargeReads): Fetching {
  const fetching = reads.fetching(key);
  return {
    ...fetching,
    load: async (chunk, span) => {
      try {
        return await fetching.load(chunk, span);
      } catch (error) {
        if (asKvError(error).code !== "DATA_LOSS") throw error;
        const now = (await reads.reread(key))?.metadata.chunk;
        if (now === undefined || !sameStaging(now, chunk)) throw error;
        return fetching.load(chunk, span);
      }
    },
  };
}

/** A value as a stream of one piece, or of none when it is empty. */
export async function* onePiece(value: Uint8Array): AsyncGenerator<Uint8Array> {
  if (value.length > 0) yield value;
}

/** Whether any value may be too large to be inline. Of what is put before limits are told, a server splits it. */
export function mayNeedStaging(
  items: readonly PutItem[],
  limits: NamespaceLimits | undefined,
): boolean {
  const inlineBytes = limits?.chunkAboveBytes ?? UNTOLD_BYTES_MAX;
  return items.some(({ value }) => isChunked(value.length, inlineBytes));
}
