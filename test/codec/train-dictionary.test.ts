// Goal: a dictionary is the same for the same samples, within its bound, and worth having on values it has not seen.
import { describe, expect, test } from "vitest";
import { jsonDocuments } from "../../bench/compression/json-documents.ts";
import { coverDictionary } from "../../src/codec/cover-dictionary.ts";
import { SAMPLES_MIN, trainDictionary } from "../../src/codec/train-dictionary.ts";
import { zstd } from "../../src/codec/zstd.ts";
import { fromUtf8, utf8 } from "../../src/model/bytes.ts";
import { errorOf } from "../fakes/error-of.ts";

const samples = jsonDocuments(400, 1);

const stored = (values: readonly Uint8Array[], dictionary?: Uint8Array): number =>
  values.reduce((sum, value) => sum + zstd.compress(value, { level: 3, dictionary }).length, 0);

describe("trainDictionary()", () => {
  const trained = trainDictionary(samples);

  test("saves a third and more of what plain zstd needs, on values from another year", () => {
    const unseen = jsonDocuments(200, 2);
    expect(stored(unseen, trained?.content)).toBeLessThan(stored(unseen) * (2 / 3));
  });

  test("says what it saves by samples that it has not used", () => {
    const { samples: count, originalBytes, plainBytes, dictionaryBytes } = trained!.gain;
    expect(count).toBe(100);
    expect(dictionaryBytes).toBeLessThan(plainBytes * (2 / 3));
    expect(plainBytes).toBeLessThan(originalBytes);
  });

  test("gives the same dictionary for the same samples", () => {
    expect(trainDictionary(samples)).toEqual(trained);
  });

  test.each([1024, 4096, 5000])("keeps to %d bytes", (bytesMax) => {
    const { length } = trainDictionary(samples, bytesMax)!.content;
    expect(length).toBeLessThanOrEqual(bytesMax);
    expect(length).toBeGreaterThan(bytesMax / 2);
  });

  test("makes none from values that have nothing in common", () => {
    let state = 1;
    const random = (): number => (state = Math.imul(state, 1_103_515_245) + 12_345) >>> 24;
    const noise = Array.from({ length: 50 }, () => Uint8Array.from({ length: 300 }, random));
    expect(trainDictionary(noise)).toBeUndefined();
  });

  test("wants 20 samples of a size that dictionaries are used for", () => {
    const few = samples.slice(0, SAMPLES_MIN - 1);
    const unfit = [new Uint8Array(0), new Uint8Array(16_385)];
    const error = errorOf(() => trainDictionary([...few, ...unfit]));
    expect(error?.message).toContain("19 samples of 1 to 16384 bytes, wanted at least 20");
    expect(trainDictionary(samples.slice(0, SAMPLES_MIN))?.gain.samples).toBe(5);
  });
});

describe("coverDictionary()", () => {
  const texts = (...parts: readonly string[]): readonly Uint8Array[] => parts.map(utf8);

  test("takes what samples share, once, without what is of one alone", () => {
    const shared = '"language":"en","country":';
    const made = coverDictionary(
      texts(`#1 ${shared} abc`, `#2 ${shared} def`, `#3 ${shared} ghi`),
      4096,
    );
    expect(fromUtf8(made)).toContain(shared);
    expect(made.length).toBeLessThan(2 * shared.length);
  });

  test("puts what is worth most last", () => {
    const often = '"a name that every sample has"';
    const seldom = '"a name that only two samples have"';
    const rest = "-".repeat(600);
    const made = fromUtf8(
      coverDictionary(
        [...texts(`${seldom}${rest}`, `${seldom}${rest}`), ...texts(...Array(9).fill(often))],
        4096,
      ),
    );
    expect(made.indexOf(often)).toBeGreaterThan(made.indexOf(seldom));
  });

  test.each([[[]], [["", "x"]], [["short", "short"]], [["all", "of", "them", "other words"]]])(
    "makes nothing of %j",
    (parts: readonly string[]) => {
      expect(coverDictionary(texts(...parts), 1024).length).toBe(0);
    },
  );
});
