// Goal: which items are compressed, with what is known of the namespace; and that decoding asks the server once more
// only where the server may have what is missing here (COMP-1, COMP-3).
import { describe, expect, test } from "vitest";
import { compressItems, decodeItems, isCompressed } from "../../src/client/compressed-values.ts";
import { type CodecParts, NO_CODECS, noDictionaries } from "../../src/codec/codec-parts.ts";
import { inPlace } from "../../src/codec/compressor.ts";
import { zstd } from "../../src/codec/zstd.ts";
import { utf8 } from "../../src/model/bytes.ts";
import type { ServerFacts } from "../../src/model/capabilities.ts";
import type { Item } from "../../src/model/item.ts";
import type { PutItem } from "../../src/model/request.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { FACTS, LIMITS_TOLD } from "../fakes/server-facts.ts";

const key = utf8("k");
const value = utf8("the same again, ".repeat(40));
const item: PutItem = { key, value, expiresAt: undefined };
const dictionary = utf8("the same again, and again");
const parts: CodecParts = { codecs: [zstd], compressor: inPlace, dictionaries: noDictionaries };
const withDictionary: CodecParts = {
  ...parts,
  dictionaries: { ...noDictionaries, current: () => "0a", find: () => dictionary },
};
const told: ServerFacts = {
  ...FACTS,
  codecs: ["zstd"],
  limits: { ...LIMITS_TOLD, compression: { codec: "zstd" } },
};

describe("compressItems", () => {
  test.each([
    ["nothing is known of the namespace", undefined, parts],
    ["the namespace wants none", { ...told, limits: LIMITS_TOLD }, parts],
    ["the server lacks the codec", { ...told, codecs: [] }, parts],
    ["this client lacks it", told, NO_CODECS],
  ])("leaves items as they are when %s", async (_what, facts, own) => {
    expect(await compressItems([item], "n", facts, own)).toEqual([item]);
  });

  test("compresses those that it pays for, and keeps all else that is said of them", async () => {
    const small = { key: utf8("s"), value: utf8("small"), expiresAt: 7, content: { type: "t" } };
    const large = { ...item, expiresAt: 9, content: { type: "u" } };
    const [first, second] = await compressItems([small, large], "n", told, parts);
    expect(first).toBe(small);
    const compression = { codec: "zstd", originalBytes: value.length };
    expect(second).toEqual({ ...large, value: second?.value, compression });
    expect(second?.value.length).toBeLessThan(100);
  });

  test("uses the dictionary by the namespace's own name alone", async () => {
    const idBy = async (name: string) =>
      (await compressItems([item], name, told, withDictionary))[0]?.compression;
    expect(await idBy("n")).toMatchObject({ dictionaryId: "0a" });
    expect(await idBy("an_alias")).toEqual({ codec: "zstd", originalBytes: value.length });
  });
});

describe("decodeItems", () => {
  const stored = (dictionaryId?: string): Item => ({
    key,
    value: zstd.compress(value, { level: 3, ...(dictionaryId && { dictionary }) }),
    valueOmitted: false,
    metadata: {
      lifecycle: { writeTime: 1 },
      compression: {
        codec: "zstd",
        originalBytes: value.length,
        ...(dictionaryId && { dictionaryId }),
      },
    },
  });
  const plain: Item = { ...stored(), value, metadata: { lifecycle: { writeTime: 1 } } };
  const decoding = (codec: CodecParts, again: Item | undefined = plain) => {
    const asked: Uint8Array[] = [];
    const rereadPlain = async (one: Uint8Array) => {
      asked.push(one);
      return again;
    };
    return { asked, with: { namespace: "n", valueBytesMax: 10_000, codec, rereadPlain } };
  };

  test("gives values back, with and without a dictionary, and asks nobody", async () => {
    const { asked, with: own } = decoding(withDictionary);
    const items = [stored(), plain, stored("0a")];
    const values = (await decodeItems(items, own)).map((one) => one.value);
    expect(values).toEqual([value, value, value]);
    expect(asked).toEqual([]);
  });

  test("leaves an omitted value omitted", async () => {
    const omitted = { ...stored(), value: new Uint8Array(), valueOmitted: true };
    expect(isCompressed(omitted)).toBe(false);
    expect(await decodeItems([omitted], decoding(NO_CODECS).with)).toEqual([omitted]);
  });

  test("asks the server for a value whose dictionary is not here, and leaves out what is gone", async () => {
    const found = decoding(parts);
    expect(await decodeItems([stored("0a")], found.with)).toEqual([plain]);
    expect(found.asked).toEqual([key]);
    const gone = { ...decoding(parts).with, rereadPlain: async () => undefined };
    expect(await decodeItems([stored("0a")], gone)).toEqual([]);
  });

  test("asks nobody about bytes that are damaged, or too many", async () => {
    const { asked, with: own } = decoding(parts);
    const cut = { ...stored(), value: stored().value.slice(1) };
    expect((await rejectionOf(decodeItems([cut], own)))?.code).toBe("DATA_LOSS");
    const bounded = { ...own, valueBytesMax: 100 };
    expect((await rejectionOf(decodeItems([stored()], bounded)))?.code).toBe("TOO_LARGE");
    expect(asked).toEqual([]);
  });
});
