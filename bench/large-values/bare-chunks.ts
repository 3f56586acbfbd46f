/** A value as rows of chunks, as the layer cuts it: what drivers alone are given, which the layer is compared with. */

export const CHUNK_BYTES: number = 64 * 1024;
const CHUNKS_PER_BUCKET = 64;
const CHUNKS_PER_CALL = 8;
const CALLS_AT_ONCE = 4;

/** Puts and gets values as rows of chunks without the layer. */
export type BareChunks = {
  readonly put: (id: string, value: Buffer) => Promise<void>;
  /** The bytes that came. */
  readonly get: (id: string, bytes: number) => Promise<number>;
};

/** Some work for the chunks `first` up to `end`, all of one bucket; as many calls at once as the layer makes. */
export async function eachCall(
  bytes: number,
  work: (first: number, end: number, bucket: number) => Promise<void>,
): Promise<void> {
  const count = Math.ceil(bytes / CHUNK_BYTES);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const first = next;
      next = Math.min(count, first + CHUNKS_PER_CALL);
      await work(first, next, Math.floor(first / CHUNKS_PER_BUCKET));
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker));
}

/** Where a chunk stands in its bucket. */
export function keyOf(index: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(index);
  return key;
}
