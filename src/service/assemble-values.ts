/** Assembling of large values on the server, for clients that cannot (CHUNK-9). */
import { joinChunks } from "../codec/join-chunks.ts";
import { sameStaging } from "../model/chunk.ts";
import { KvError } from "../model/error.ts";
import { type ChunkMetadata, isInChunks, type Item } from "../model/item.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { EngineCall } from "../ports/storage-engine.ts";
import { readChunks } from "./chunk-store.ts";

/** What is assembled, and where from. */
export type AssemblyWork = {
  readonly namespace: Namespace;
  readonly id: string;
  /** Reads one item again; undefined when it is no longer there. */
  readonly reread: (key: Uint8Array) => Promise<Item | undefined>;
  readonly call: EngineCall;
};

/**
 * An item whose value lies in chunks, with its value. Undefined when it went away while its chunks were read; as it is
 * now when it was overwritten (CHUNK-5). Throws UNSUPPORTED for a value that is too large to be assembled here,
 * DATA_LOSS for one whose chunks are not there.
 */
export async function assembleValue(item: Item, work: AssemblyWork): Promise<Item | undefined> {
  const chunk = item.metadata.chunk as ChunkMetadata;
  try {
    return { ...item, value: await readWhole(item.key, chunk, work) };
  } catch (error) {
    if (!(error instanceof KvError) || error.code !== "DATA_LOSS") throw error;
    const now = await work.reread(item.key);
    if (now === undefined || !isInChunks(now)) return now;
    const next = now.metadata.chunk as ChunkMetadata;
    // The same chunks are read once more: one that was late is there now, one that is lost stays lost.
    const value = await readWhole(now.key, next, work);
    return sameStaging(next, chunk) ? { ...item, value } : { ...now, value };
  }
}

async function readWhole(
  key: Uint8Array,
  chunk: ChunkMetadata,
  { namespace, id, call }: AssemblyWork,
): Promise<Uint8Array> {
  const { chunks } = namespace;
  if (chunk.totalBytes > chunks.wholeBytesMax) {
    throw new KvError(
      "UNSUPPORTED",
      `value is ${chunk.totalBytes} bytes in chunks, wanted at most ${chunks.wholeBytesMax} ` +
        "for a client that does not declare chunking",
    );
  }
  const place = { ...chunk, id, key };
  const engine = { ...call, consistency: chunks.consistency };
  const span = { first: 0, count: chunk.count };
  return joinChunks(chunk, await readChunks(chunks, place, span, engine));
}
