/** Putting a value together again, and making sure that it is the one that was stored (CHUNK-5). */
import { equalBytes } from "../model/bytes.ts";
import { chunkLength } from "../model/chunk.ts";
import { KvError } from "../model/error.ts";
import type { ChunkMetadata } from "../model/item.ts";
import { addToChecksum, CHECKSUM_BEGIN, checksumBytes } from "./checksum.ts";

/** Takes the chunks of one value in order and watches over their lengths and the checksum. */
export class ChunkSequence {
  readonly #chunk: ChunkMetadata;
  #next = 0;
  #sum = CHECKSUM_BEGIN;

  constructor(chunk: ChunkMetadata) {
    this.#chunk = chunk;
  }

  /** Notes the next chunk. Throws DATA_LOSS when it has not the length it must have. */
  add(bytes: Uint8Array): void {
    const { totalBytes, chunkBytes } = this.#chunk;
    const wanted = chunkLength(this.#next, totalBytes, chunkBytes);
    if (bytes.length !== wanted) {
      const found = `chunk ${this.#next} has ${bytes.length} bytes`;
      throw new KvError("DATA_LOSS", `${found}, wanted ${wanted}`);
    }
    this.#sum = addToChecksum(this.#sum, bytes);
    this.#next += 1;
  }

  /** Throws DATA_LOSS unless all chunks came and their checksum is the stored one. */
  end(): void {
    const { count, checksum } = this.#chunk;
    if (this.#next !== count) {
      throw new KvError("DATA_LOSS", `${this.#next} chunks came, wanted ${count}`);
    }
    if (!equalBytes(checksumBytes(this.#sum), checksum)) {
      throw new KvError("DATA_LOSS", "the chunks' checksum differs, wanted the one of the value");
    }
  }
}

/** The value of all its chunks, in new bytes. Throws DATA_LOSS for anything but the value that was stored. */
export function joinChunks(chunk: ChunkMetadata, chunks: readonly Uint8Array[]): Uint8Array {
  const sequence = new ChunkSequence(chunk);
  for (const bytes of chunks) sequence.add(bytes);
  sequence.end();
  const value = new Uint8Array(chunk.totalBytes);
  let at = 0;
  for (const bytes of chunks) {
    value.set(bytes, at);
    at += bytes.length;
  }
  return value;
}
