// Goal: every codec gives back what it was given, in place and on threads, and never anything else: what was changed,
// cut, or promises another size is DATA_LOSS, and no promise makes it allocate more than it should.
import { zstdCompressSync } from "node:zlib";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { inPlace, onThreads } from "../../src/codec/compressor.ts";
import { lz4 } from "../../src/codec/lz4.ts";
import { zstd } from "../../src/codec/zstd.ts";
import { concatBytes, equalBytes, fromHex, utf8 } from "../../src/model/bytes.ts";
import type { Codec } from "../../src/ports/codec.ts";
import { loadLz4 } from "../../src/system/lz4-library.ts";
import { errorOf, rejectionOf } from "../fakes/error-of.ts";

const library = await loadLz4();
if (library === undefined) throw new Error("lz4-napi is not installed, wanted npm ci");
const codecs: readonly Codec[] = [zstd, lz4(library)];

const how = { level: 3 };
const MIB = 1024 * 1024;

/** Values that compress well, badly and not at all. */
const values = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 3000 }))
    .map(([part, times]) => concatBytes(...Array.from({ length: times }, () => part))),
);

describe.each(codecs)("$name", (codec) => {
  test.prop([values, fc.uint8Array({ maxLength: 5 })])(
    "gives back what it was given, wherever it lies",
    async (value, before) => {
      const originalBytes = value.length;
      for (const compressor of [inPlace, onThreads]) {
        const bytes = await compressor.compress(codec, value, how);
        const stored = concatBytes(before, bytes).subarray(before.length);
        const back = await compressor.decompress(codec, stored, { originalBytes });
        expect(equalBytes(back, value)).toBe(true);
        expect(equalBytes(codec.decompress(bytes, { originalBytes }), value)).toBe(true);
      }
    },
  );

  test("hands out bytes that are nobody else's", async () => {
    const value = utf8("the same again, ".repeat(20));
    const { length: originalBytes } = value;
    for (const compressor of [inPlace, onThreads]) {
      const bytes = await compressor.compress(codec, value, how);
      const back = await compressor.decompress(codec, bytes, { originalBytes });
      for (const result of [bytes, back]) {
        expect(result.constructor).toBe(Uint8Array);
        expect(result.buffer.byteLength).toBe(result.length);
      }
    }
  });

  test.prop([values, fc.nat(), fc.integer({ min: 0, max: 7 })])(
    "refuses a value of which one bit has changed, or does not mind it",
    (value, place, bit) => {
      const bytes = codec.compress(value, how);
      const at = place % bytes.length;
      bytes[at] = (bytes[at] as number) ^ (1 << bit);
      try {
        const back = codec.decompress(bytes, { originalBytes: value.length });
        expect(equalBytes(back, value)).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ code: "DATA_LOSS" });
      }
    },
  );

  test.prop([values, fc.nat()])("refuses a value that is cut short", async (value, place) => {
    const whole = codec.compress(value, how);
    const cut = whole.subarray(0, place % whole.length);
    const promise = { originalBytes: Math.max(1, value.length) };
    const found = errorOf(() => codec.decompress(cut, promise))?.code;
    expect(found).toBe("DATA_LOSS");
    expect((await rejectionOf(codec.decompressAside(cut, promise)))?.code).toBe("DATA_LOSS");
  });

  test.prop([fc.uint8Array({ maxLength: 100 }), fc.nat({ max: 1000 })])(
    "refuses any other bytes",
    (bytes, originalBytes) => {
      expect(errorOf(() => codec.decompress(bytes, { originalBytes }))?.code).toBe("DATA_LOSS");
    },
  );

  test.prop([values, fc.constantFrom(-200, -1, 1, 200, 100_000)])(
    "refuses a value that is longer or shorter than promised",
    async (value, more) => {
      fc.pre(value.length + more >= 0);
      const bytes = codec.compress(value, how);
      const promise = { originalBytes: value.length + more };
      expect(errorOf(() => codec.decompress(bytes, promise))?.code).toBe("DATA_LOSS");
      expect((await rejectionOf(codec.decompressAside(bytes, promise)))?.code).toBe("DATA_LOSS");
    },
  );

  test("stops a bomb at the promised size", () => {
    const bomb = codec.compress(new Uint8Array(64 * MIB), how);
    const before = process.memoryUsage();
    const promise = { originalBytes: 1000 };
    expect(errorOf(() => codec.decompress(bomb, promise))?.code).toBe("DATA_LOSS");
    const { external, arrayBuffers } = process.memoryUsage();
    // One step of output and a copy of what is stored, not the 64 MiB that are in it.
    expect(external - before.external).toBeLessThan(8 * MIB);
    expect(arrayBuffers - before.arrayBuffers).toBeLessThan(8 * MIB);
  });

  test("does not believe a promise that the bytes cannot keep", () => {
    const bytes = codec.compress(utf8("a value like any other ".repeat(10)), how);
    const before = process.memoryUsage().external;
    const promise = { originalBytes: 512 * MIB };
    expect(errorOf(() => codec.decompress(bytes, promise))?.code).toBe("DATA_LOSS");
    expect(process.memoryUsage().external - before).toBeLessThan(8 * MIB);
  });

  test("says what failed, what was found and what is wanted", () => {
    const bytes = codec.compress(utf8("x".repeat(500)), how);
    expect(errorOf(() => codec.decompress(bytes, { originalBytes: 400 }))?.message).toMatch(
      /^DATA_LOSS: a \w+ value, stored in \d+ bytes, (?:holds more|does not decode), wanted the 400 bytes/,
    );
  });
});

describe("zstd with a dictionary", () => {
  const dictionary = utf8('{"name":"somebody","language":"en","country":"NL"}'.repeat(20));
  const value = utf8('{"name":"Ada","language":"en","country":"GB"}');
  const { length: originalBytes } = value;
  const bytes = zstd.compress(value, { level: 3, dictionary });

  test("needs less room, and the dictionary to be read", async () => {
    expect(bytes.length).toBeLessThan(zstd.compress(value, how).length);
    expect(zstd.decompress(bytes, { originalBytes, dictionary })).toEqual(value);
    expect(await zstd.decompressAside(bytes, { originalBytes, dictionary })).toEqual(value);
  });

  test.prop([fc.uint8Array({ minLength: 50, maxLength: 2000 })])(
    "is never read with another dictionary",
    (other) => {
      const wrong = { originalBytes, dictionary: other };
      expect(errorOf(() => zstd.decompress(bytes, wrong))?.code).toBe("DATA_LOSS");
      expect(errorOf(() => zstd.decompress(bytes, { originalBytes }))?.code).toBe("DATA_LOSS");
    },
  );
});

test("zstd refuses a frame that asks for a window larger than its value", () => {
  const value = new Uint8Array(1000).fill(7);
  const greedy = Uint8Array.from(zstdCompressSync(value));
  // The frame's header, by the standard: a window of its own instead of the value's size.
  greedy[4] = 0;
  greedy[5] = (27 - 10) << 3;
  expect(errorOf(() => zstd.decompress(greedy, { originalBytes: 1000 }))?.message).toContain(
    "windowTooLarge",
  );
});

// Stored bytes outlive the code that wrote them: these are read for ever.
const OLD_VALUE = utf8(`${"ab".repeat(20)}-12345`);
test.each([
  [0, "28b52ffd242e7500004061622d313233343501007b1c1699bc23cf"],
  [1, "aff4b4952f6162020013602d3132333435"],
])("what codec %d once stored can still be read", (index, hex) => {
  const back = codecs[index]?.decompress(fromHex(hex), { originalBytes: OLD_VALUE.length });
  expect(back).toEqual(OLD_VALUE);
});
