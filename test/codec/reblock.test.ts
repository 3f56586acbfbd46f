// Goal: the same bytes in blocks of one size, and memory that nobody shares.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { reblock } from "../../src/codec/reblock.ts";
import { concatBytes } from "../../src/model/bytes.ts";

async function blocksOf(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number,
): Promise<Uint8Array[]> {
  const blocks: Uint8Array[] = [];
  for await (const block of reblock(pieces, size)) blocks.push(block);
  return blocks;
}

test.prop([fc.array(fc.uint8Array({ maxLength: 40 })), fc.integer({ min: 1, max: 33 })])(
  "reblock() keeps every byte, in blocks of the size and a last one that is not empty",
  async (pieces, size) => {
    const blocks = await blocksOf(pieces, size);
    expect(concatBytes(...blocks)).toEqual(concatBytes(...pieces));
    for (const block of blocks.slice(0, -1)) expect(block.length).toBe(size);
    for (const block of blocks) expect(block.length).toBeGreaterThan(0);
  },
);

test("reblock() lets its source use a piece again", async () => {
  const piece = new Uint8Array(3);
  const source = function* (): Generator<Uint8Array> {
    for (let i = 1; i <= 4; i += 1) yield piece.fill(i);
  };
  const blocks = await blocksOf(source(), 5);
  expect(blocks).toEqual([
    Uint8Array.of(1, 1, 1, 2, 2),
    Uint8Array.of(2, 3, 3, 3, 4),
    Uint8Array.of(4, 4),
  ]);
});

test("reblock() fails as its source does", async () => {
  const source = async function* (): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(3);
    throw new RangeError("no more");
  };
  await expect(blocksOf(source(), 2)).rejects.toThrow(new RangeError("no more"));
});
