/** The chunk store: bodies of large values, in partitions named after the write they belong to (CHUNK-2). */
import { allInWindow } from "../codec/in-window.ts";
import { chunksOf } from "../codec/split-value.ts";
import { equalBytes } from "../model/bytes.ts";
import {
  bucketId,
  chunkIndex,
  chunkKey,
  type ChunkOwner,
  decodeOwner,
  encodeOwner,
} from "../model/chunk.ts";
import { KvError } from "../model/error.ts";
import { putVersion } from "../model/version.ts";
import type { ChunkStore } from "../namespace/chunking.ts";
import { byBucket, type ChunkSpan, chunksPerRequest, portions } from "../policy/plan-chunks.ts";
import type { EngineCall, Mutation, RangeRead, Row } from "../ports/storage-engine.ts";

/** Engine calls for one value under way at a time. */
const WINDOW = 4;

/** Stores consecutive chunks, the first of which has index `first`. Repeating it changes nothing. */
export async function writeChunks(
  store: ChunkStore,
  owner: ChunkOwner,
  first: number,
  chunks: readonly Uint8Array[],
  call: EngineCall,
): Promise<void> {
  const { engine, table } = store;
  const version = putVersion(owner.token, 0);
  const metadata = encodeOwner(owner);
  const put = (index: number): Mutation => ({
    kind: "put",
    row: { key: chunkKey(index), value: chunks[index - first] as Uint8Array, metadata, version },
  });
  const parts = byBucket({ first, count: chunks.length });
  await allInWindow(parts, WINDOW, async (part) => {
    const id = bucketId(owner, part.bucket);
    const mutations = Array.from({ length: part.count }, (_, i) => put(part.first + i));
    const outcomes = await engine.write({ table, id }, mutations, call);
    for (const outcome of outcomes) if (outcome.kind === "failed") throw outcome.error;
  });
}

/** Stores all chunks of a whole value. */
export async function writeValue(
  store: ChunkStore,
  owner: ChunkOwner,
  value: Uint8Array,
  count: number,
  call: EngineCall,
): Promise<void> {
  const most = chunksPerRequest(store.chunkBytes, store.requestBytesMax);
  await allInWindow(portions({ first: 0, count }, most), WINDOW, (span) =>
    writeChunks(store, owner, span.first, chunksOf(value, store.chunkBytes, span), call),
  );
}

/** The chunks of `span`, in order. Throws DATA_LOSS when one of them is not there (CHUNK-5). */
export async function readChunks(
  store: ChunkStore,
  owner: ChunkOwner,
  span: ChunkSpan,
  call: EngineCall,
): Promise<readonly Uint8Array[]> {
  const parts = await allInWindow(byBucket(span), WINDOW, (part) =>
    readBucket(store, owner, part, call),
  );
  return parts.flat();
}

async function readBucket(
  store: ChunkStore,
  owner: ChunkOwner,
  part: ChunkSpan & { readonly bucket: number },
  call: EngineCall,
): Promise<readonly Uint8Array[]> {
  const { engine, table, chunkBytes } = store;
  const id = bucketId(owner, part.bucket);
  const end = part.first + part.count;
  const chunks: Uint8Array[] = [];
  let from = part.first;
  for (;;) {
    const left = end - from;
    const read: RangeRead = {
      table,
      id,
      range: { start: chunkKey(from), end: chunkKey(end) },
      reverse: false,
      rowLimit: left,
      byteLimit: left * (chunkBytes + 8),
      projection: "rows",
    };
    const { rows, resumeAfter } = await engine.readRange(read, call);
    for (const row of rows) {
      if (isOwn(row, owner)) chunks[chunkIndex(row.key) - part.first] = row.value;
    }
    if (resumeAfter === undefined) break;
    from = chunkIndex(resumeAfter) + 1;
    if (from >= end) break;
  }
  for (let i = 0; i < part.count; i += 1) {
    if (chunks[i] === undefined) throw missing(owner, part.first + i);
  }
  return chunks;
}

/** Whether a row is the owner's: partitions are named by hashes, and a hash is no proof. */
function isOwn(row: Row, owner: ChunkOwner): boolean {
  const found = decodeOwner(row.metadata);
  return found !== undefined && found.id === owner.id && equalBytes(found.key, owner.key);
}

function missing(owner: ChunkOwner, index: number): KvError {
  const { generationTime } = owner.token;
  return new KvError(
    "DATA_LOSS",
    `chunk ${index} of the value written at ${generationTime} is missing, wanted all of its chunks`,
  );
}
