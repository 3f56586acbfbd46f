/** One value far larger than memory should have to hold, streamed in and out again. */
import { crc32 } from "node:zlib";
import { type KvClient, utf8 } from "kvdal";
import { type MemoryGrowth, watchMemory } from "./memory-watch.ts";
import { NAMESPACE } from "./stores.ts";

/** One way. */
export type StreamFigures = { readonly millis: number; readonly growth: MemoryGrowth };

/** Both ways. */
export type StreamingResult = {
  readonly engine: string;
  readonly valueBytes: number;
  readonly put: StreamFigures;
  readonly get: StreamFigures;
};

const PIECE = 100_000;

/** Streams a value of `valueBytes` in and out, and makes sure that it is the same. */
export async function measureStreaming(
  engine: string,
  client: KvClient,
  valueBytes: number,
): Promise<StreamingResult> {
  const at = { namespace: NAMESPACE, id: "large", key: utf8("k") };
  let [sum, found, bytes] = [0, 0, 0];
  const put = await timed(async () => {
    // One buffer again and again, as a file would be read: what is held is the store's doing.
    const piece = Buffer.alloc(PIECE);
    const source = function* (): Generator<Uint8Array> {
      for (let done = 0, n = 0; done < valueBytes; n += 1) {
        piece.fill(n % 251).writeUInt32BE(n);
        const part = piece.subarray(0, Math.min(PIECE, valueBytes - done));
        sum = crc32(part, sum);
        done += part.length;
        yield part;
      }
    };
    await client.putValue(at, source());
  });
  const get = await timed(async () => {
    const reader = await client.readValue(at);
    for await (const piece of reader?.value ?? []) {
      found = crc32(piece, found);
      bytes += piece.length;
    }
  });
  if (found !== sum || bytes !== valueBytes) throw new Error(`${engine} gave another value back`);
  return { engine, valueBytes, put, get };
}

async function timed(work: () => Promise<void>): Promise<StreamFigures> {
  let millis = 0;
  const growth = await watchMemory(async () => {
    const begun = performance.now();
    await work();
    millis = performance.now() - begun;
  });
  return { millis, growth };
}
