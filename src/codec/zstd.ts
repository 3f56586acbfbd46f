/** zstd: a standard frame with its checksum, made by the zlib that comes with Node. */
import {
  constants,
  zstdCompress,
  zstdCompressSync,
  zstdDecompress,
  zstdDecompressSync,
  type ZstdOptions,
} from "node:zlib";
import type { Codec, CompressHow, DecompressHow } from "../ports/codec.ts";
import { notDecoded, ownBytes, promisedBytes } from "./codec-results.ts";

const NAME = "zstd";
/** Most bytes set aside for output at once, so that a size which is only promised costs little. */
const STEP_BYTES_MAX = 1024 * 1024;
/** The least that the platform takes. */
const STEP_BYTES_MIN = 64;
const WINDOW_LOG_MIN = 10;
const WINDOW_LOG_MAX = 27;

/** The codec. Levels are 1 to 19. A dictionary is content without a header: any bytes will do. */
export const zstd: Codec = {
  name: NAME,
  takesDictionaries: true,
  compress: (value, how) => ownBytes(zstdCompressSync(value, compressOptions(value, how))),
  decompress: (bytes, how) => {
    let value: Uint8Array;
    try {
      value = zstdDecompressSync(bytes, decompressOptions(how));
    } catch (error) {
      throw decodeFailure(error, bytes, how.originalBytes);
    }
    return promisedBytes(NAME, bytes, value, how.originalBytes);
  },
  compressAside: async (value, how) => {
    const options = compressOptions(value, how);
    return ownBytes(await aside((done) => zstdCompress(value, options, done)));
  },
  decompressAside: async (bytes, how) => {
    const options = decompressOptions(how);
    let value: Uint8Array;
    try {
      value = await aside((done) => zstdDecompress(bytes, options, done));
    } catch (error) {
      throw decodeFailure(error, bytes, how.originalBytes);
    }
    return promisedBytes(NAME, bytes, value, how.originalBytes);
  },
};

function compressOptions(value: Uint8Array, { level, dictionary }: CompressHow): ZstdOptions {
  return {
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
    pledgedSrcSize: value.length,
    ...(dictionary === undefined ? {} : { dictionary }),
  };
}

function decompressOptions({ originalBytes, dictionary }: DecompressHow): ZstdOptions {
  return {
    params: { [constants.ZSTD_d_windowLogMax]: windowLogMax(originalBytes) },
    maxOutputLength: Math.max(1, originalBytes),
    chunkSize: Math.max(STEP_BYTES_MIN, Math.min(originalBytes, STEP_BYTES_MAX)),
    ...(dictionary === undefined ? {} : { dictionary }),
  };
}

/**
 * Log2 of the largest window that a frame may ask for, which is memory before there is any output: as large as the
 * value, within the least and the most that zstd uses by itself.
 */
function windowLogMax(originalBytes: number): number {
  const log = 32 - Math.clz32(Math.min(originalBytes, 2 ** WINDOW_LOG_MAX) - 1);
  return originalBytes < 2 ** WINDOW_LOG_MIN ? WINDOW_LOG_MIN : log;
}

type Done = (error: Error | null, result: Uint8Array) => void;

function aside(start: (done: Done) => void): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    start((error, result) => (error === null ? resolve(result) : reject(error)));
  });
}

/** What zlib says of bytes that are no frame, are cut short, do not match, or hold more than promised. */
const BAD_BYTES = /^(?:ZSTD_error_(?!memory_allocation)|Z_BUF_ERROR|ERR_BUFFER_TOO_LARGE)/;

function decodeFailure(error: unknown, bytes: Uint8Array, originalBytes: number): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!BAD_BYTES.test(code)) return error;
  const found = code === "ERR_BUFFER_TOO_LARGE" ? "holds more" : `does not decode (${code})`;
  return notDecoded(NAME, bytes, found, originalBytes, error);
}
