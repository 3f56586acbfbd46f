/** The chunk store: bodies of large values, in partitions named after the write they belong to (CHUNK-2). */
import { allInWindow, eachInWindow } from "../codec/in-window.ts";
import { chunksOf } from "../codec/split-value.ts";
import { equalBytes, successor } from "../model/bytes.ts";
import {
  bucketId,
  chunkIndex,
  chunkKey,
  type ChunkOwner,
  type ChunkPlace,
  decodeOwner,
  encodeOwner,
} from "../model/chunk.ts";
import { KvError } from "../model/error.ts";
import { putVersion } from "../model/version.ts";
import type { ChunkStore } from "../namespace/chunking.ts";
import {
  type BucketSpan,
  byBucket,
  type ChunkSpan,
  chunksPerRequest,
} from "../policy/plan-chunks.ts";
import type { EngineCall, Mutation, RangeRead, Row } from "../ports/storage-engine.ts";

/** Engine calls for one value under way at a time. */
const WINDOW = 4;
/** Bytes of a chunk's key. */
const KEY_BYTES = 4;

/** Stores consecutive chunks, the first of which has index `first`. Repeating it changes nothing. */
export async function writeChunks(
  store: ChunkStore,
  place: ChunkPlace,
  first: number,
  chunks: readonly Uint8Array[],
  call: EngineCall,
): Promise<void> {
  const parts = callsFor({ first, count: chunks.length }, place, store);
  await eachInWindow(parts, WINDOW, (part) => {
    const at = part.first - first;
    return writePart(store, place, part, chunks.slice(at, at + part.count), call);
  });
}

/** Stores all chunks of a whole value. */
export async function writeValue(
  store: ChunkStore,
  place: ChunkPlace,
  value: Uint8Array,
  count: number,
  call: EngineCall,
): Promise<void> {
  await eachInWindow(callsFor({ first: 0, count }, place, store), WINDOW, (part) =>
    writePart(store, place, part, chunksOf(value, place.chunkBytes, part), call),
  );
}

async function writePart(
  { engine, table }: ChunkStore,
  place: ChunkPlace,
  { first, bucket }: BucketSpan,
  chunks: readonly Uint8Array[],
  call: EngineCall,
): Promise<void> {
  const version = putVersion(place.token, 0);
  const metadata = encodeOwner(place);
  const mutations = chunks.map((value, i): Mutation => {
    return { kind: "put", row: { key: chunkKey(first + i), value, metadata, version } };
  });
  const outcomes = await engine.write({ table, id: bucketId(place, bucket) }, mutations, call);
  for (const outcome of outcomes) if (outcome.kind === "failed") throw outcome.error;
}

/** The engine calls for some chunks: each in one partition, none of more bytes than one request may carry. */
function callsFor(
  span: ChunkSpan,
  { chunkBytes }: ChunkPlace,
  { requestBytesMax }: ChunkStore,
): readonly BucketSpan[] {
  return byBucket(span, chunksPerRequest(chunkBytes, requestBytesMax));
}

/** The chunks of `span`, in order. Throws DATA_LOSS when one of them is not there or too long (CHUNK-5). */
export async function readChunks(
  store: ChunkStore,
  place: ChunkPlace,
  span: ChunkSpan,
  call: EngineCall,
): Promise<readonly Uint8Array[]> {
  const parts = await allInWindow(callsFor(span, place, store), WINDOW, (part) =>
    readPart(store, place, part, call),
  );
  return parts.flat();
}

async function readPart(
  { engine, table }: ChunkStore,
  place: ChunkPlace,
  part: BucketSpan,
  call: EngineCall,
): Promise<readonly Uint8Array[]> {
  const end = chunkKey(part.first + part.count);
  const chunks: Uint8Array[] = [];
  let [start, found] = [chunkKey(part.first), 0];
  for (;;) {
    const read: RangeRead = {
      table,
      id: bucketId(place, part.bucket),
      range: { start, end },
      reverse: false,
      rowLimit: part.count,
      byteLimit: part.count * (place.chunkBytes + KEY_BYTES),
      projection: "rows",
    };
    const { rows, resumeAfter } = await engine.readRange(read, call);
    for (const row of rows) {
      if (!isOwn(row, place)) continue;
      const index = chunkIndex(row.key);
      // What is longer than the item says is not its value, and must not be collected until memory is full.
      if (row.value.length > place.chunkBytes) throw damaged(place, index, "is too long");
      chunks[index - part.first] = row.value;
      found += 1;
    }
    if (resumeAfter === undefined || found === part.count) break;
    start = successor(resumeAfter);
  }
  for (let i = 0; i < part.count; i += 1) {
    if (chunks[i] === undefined) throw damaged(place, part.first + i, "is missing");
  }
  return chunks;
}

/** Whether a row is the owner's: partitions are named by hashes, and a hash is no proof. */
function isOwn(row: Row, owner: ChunkOwner): boolean {
  const found = decodeOwner(row.metadata);
  return found !== undefined && found.id === owner.id && equalBytes(found.key, owner.key);
}

function damaged({ token }: ChunkPlace, index: number, found: string): KvError {
  const what = `chunk ${index} of the value written at ${token.generationTime} ${found}`;
  return new KvError("DATA_LOSS", `${what}, wanted the chunks as they were put`);
}
