/**
 * lz4: the CRC32 of the value, the lowest byte first, and one standard block. The block alone has no checksum, and a
 * changed bit would give a wrong value. The library's own four bytes, the length, stand in the metadata already.
 */
import { crc32 } from "node:zlib";
import type { Codec } from "../ports/codec.ts";
import type { Lz4Library } from "../ports/lz4-library.ts";
import { copyBytes } from "../model/bytes.ts";
import { notDecoded, ownBytes, promisedBytes } from "./codec-results.ts";

const NAME = "lz4";
const HEAD_BYTES = 4;
/** No block holds more than 255 times its own bytes. */
const GROWTH_MAX = 255;

/** The codec over a loaded library. It has one level, and takes no dictionary. */
export function lz4(library: Lz4Library): Codec {
  return {
    name: NAME,
    takesDictionaries: false,
    compress: (value) => withChecksum(library.compressSync(value), value),
    decompress: (bytes, { originalBytes }) => {
      const block = withLength(bytes, originalBytes);
      let value: Uint8Array;
      try {
        value = library.uncompressSync(block);
      } catch (error) {
        throw notDecoded(NAME, bytes, "does not decode", originalBytes, error);
      }
      return checked(bytes, value, originalBytes);
    },
    compressAside: async (value) => withChecksum(await library.compress(value), value),
    decompressAside: async (bytes, { originalBytes }) => {
      const block = withLength(bytes, originalBytes);
      let value: Uint8Array;
      try {
        value = await library.uncompress(block);
      } catch (error) {
        throw notDecoded(NAME, bytes, "does not decode", originalBytes, error);
      }
      return checked(bytes, value, originalBytes);
    },
  };
}

function withChecksum(compressed: Uint8Array, value: Uint8Array): Uint8Array {
  const bytes = ownBytes(compressed);
  new DataView(bytes.buffer).setUint32(0, crc32(value), true);
  return bytes;
}

/** The bytes as the library wants them. A length that the block cannot have is refused before anything of it is. */
function withLength(bytes: Uint8Array, originalBytes: number): Uint8Array {
  if (bytes.length <= HEAD_BYTES || originalBytes > GROWTH_MAX * bytes.length) {
    throw notDecoded(NAME, bytes, "cannot hold as much", originalBytes);
  }
  const block = copyBytes(bytes);
  new DataView(block.buffer).setUint32(0, originalBytes, true);
  return block;
}

function checked(bytes: Uint8Array, result: Uint8Array, originalBytes: number): Uint8Array {
  const value = promisedBytes(NAME, bytes, result, originalBytes);
  const wanted = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (crc32(value) === wanted) return value;
  throw notDecoded(NAME, bytes, "has another checksum", originalBytes);
}
