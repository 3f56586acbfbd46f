import { checkBytes } from "../model/limits.ts";

/**
 * The bytes of `source` in blocks of `size` bytes, the last one shorter. Every block is new memory: pieces stay
 * their maker's, who may use them again. A source that fails, fails the blocks; a piece that is no
 * byte string is INVALID_ARGUMENT.
 */
export async function* reblock(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let block = new Uint8Array(size);
  let filled = 0;
  for await (const piece of source) {
    checkBytes("piece of the value", piece);
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + size - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      yield block;
      block = new Uint8Array(size);
      filled = 0;
    }
  }
  if (filled > 0) yield block.slice(0, filled);
}
