// Goal: the decision table of compression (COMP-1 to COMP-3), with the bounds and one past each.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import { canDecode } from "../../src/policy/can-decode.ts";
import {
  chooseCodec,
  type CodecChoice,
  type CodecFacts,
  paysOff,
} from "../../src/policy/choose-codec.ts";

const usual: CodecFacts = {
  valueBytes: 1000,
  wish: "zstd",
  level: undefined,
  minBytes: undefined,
  codecs: ["zstd", "lz4"],
  otherSide: ["zstd", "lz4"],
  dictionaryId: undefined,
};
const dictionaryId = "0a1b";
const zstd = (level = 3, dictionaryId?: string): CodecChoice => ({
  kind: "compress",
  codec: "zstd",
  level,
  dictionaryId,
});
const plain = (why: "not-wanted" | "too-small" | "not-shared"): CodecChoice => ({
  kind: "plain",
  why,
});

const table: readonly (readonly [what: string, facts: Partial<CodecFacts>, CodecChoice])[] = [
  ["zstd", {}, zstd()],
  ["lz4", { wish: "lz4" }, { ...zstd(), codec: "lz4" } as CodecChoice],
  ["none", { wish: "none" }, plain("not-wanted")],
  ["none, with a dictionary", { wish: "none", dictionaryId }, plain("not-wanted")],
  ["a level", { level: 7 }, zstd(7)],
  ["an empty value", { valueBytes: 0 }, plain("too-small")],
  ["127 bytes", { valueBytes: 127 }, plain("too-small")],
  ["128 bytes", { valueBytes: 128 }, zstd()],
  ["63 bytes, with a dictionary", { valueBytes: 63, dictionaryId }, plain("too-small")],
  ["64 bytes, with a dictionary", { valueBytes: 64, dictionaryId }, zstd(3, dictionaryId)],
  ["below the namespace's bound", { valueBytes: 1023, minBytes: 1024 }, plain("too-small")],
  ["at the namespace's bound", { valueBytes: 1024, minBytes: 1024 }, zstd()],
  ["a bound of 1", { valueBytes: 1, minBytes: 1, dictionaryId }, zstd(3, dictionaryId)],
  ["16 KiB, with a dictionary", { valueBytes: 16_384, dictionaryId }, zstd(3, dictionaryId)],
  ["16 KiB and 1 byte, with a dictionary", { valueBytes: 16_385, dictionaryId }, zstd()],
  ["lz4, with a dictionary", { wish: "lz4", dictionaryId, valueBytes: 100 }, plain("too-small")],
  ["a codec that this side lacks", { wish: "lz4", codecs: ["zstd"] }, plain("not-shared")],
  ["a codec that the other side lacks", { otherSide: ["lz4"] }, plain("not-shared")],
];

test.each(table)("chooseCodec() of %s", (_what, facts, choice) => {
  expect(chooseCodec({ ...usual, ...facts })).toEqual(choice);
});

test.each([
  [100, 90, true],
  [100, 91, false],
  [1000, 900, true],
  [1000, 901, false],
  [1, 1, false],
  [0, 0, true],
  [10, 1000, false],
])("paysOff() of %d bytes stored as %d is %s", (original, stored, pays) => {
  expect(paysOff(original, stored)).toBe(pays);
});

test.prop([fc.nat(), fc.nat()])(
  "paysOff() never stores more than was given",
  (original, stored) => {
    if (paysOff(original, stored)) expect(stored).toBeLessThanOrEqual(original);
  },
);

const lz4Value = { codec: "lz4", originalBytes: 1 };
const withDictionary = { codec: "zstd", originalBytes: 1, dictionaryId };

test.each([
  ["a compressed value, by nobody", lz4Value, PLAIN_CLIENT, false],
  ["a plain value, by nobody", undefined, PLAIN_CLIENT, true],
  ["lz4, by whoever has it", lz4Value, { codecs: ["lz4"], dictionaries: false }, true],
  ["lz4, by whoever has zstd", lz4Value, { codecs: ["zstd"], dictionaries: true }, false],
  ["a dictionary, with them", withDictionary, { codecs: ["zstd"], dictionaries: true }, true],
  ["a dictionary, without them", withDictionary, { codecs: ["zstd"], dictionaries: false }, false],
])("canDecode() of %s", (_what, compression, ability, can) => {
  expect(canDecode(compression, ability)).toBe(can);
});
