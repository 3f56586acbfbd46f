/** The two places where large values can be compressed. */
import type { Compressor } from "../ports/codec.ts";

/** On the platform's threads: nothing else waits. For production. */
export const onThreads: Compressor = {
  compress: (codec, value, how) => codec.compressAside(value, how),
  decompress: (codec, bytes, how) => codec.decompressAside(bytes, how),
};

/** At once, in the caller's thread: nothing happens meanwhile, and in the same order each time. For the simulator. */
export const inPlace: Compressor = {
  compress: async (codec, value, how) => codec.compress(value, how),
  decompress: async (codec, bytes, how) => codec.decompress(bytes, how),
};
