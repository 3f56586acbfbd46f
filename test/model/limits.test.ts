// Goal: each limit is allowed, one past it is refused with the right code (DATA-4).
import { expect, test } from "vitest";
import { checkId, checkKey, checkRange } from "../../src/model/limits.ts";
import { ALL_KEYS } from "../../src/model/range.ts";
import { errorOf } from "../fakes/error-of.ts";

const ids: readonly (readonly [name: string, id: string, code: string | undefined])[] = [
  ["one byte", "a", undefined],
  ["a zero character", "\0", undefined],
  ["1024 bytes of ASCII", "a".repeat(1024), undefined],
  ["1025 bytes of ASCII", "a".repeat(1025), "TOO_LARGE"],
  ["1024 bytes in two-byte characters", "é".repeat(512), undefined],
  ["1026 bytes in two-byte characters", "é".repeat(513), "TOO_LARGE"],
  ["1023 bytes in three-byte characters", "€".repeat(341), undefined],
  ["1024 bytes in three-byte characters and one", `${"€".repeat(341)}a`, undefined],
  ["1025 bytes in three-byte characters and two", `${"€".repeat(341)}aa`, "TOO_LARGE"],
  ["1024 bytes in four-byte characters", "😀".repeat(256), undefined],
  ["1025 bytes in four-byte characters and one", `${"😀".repeat(256)}a`, "TOO_LARGE"],
  ["nothing", "", "INVALID_ARGUMENT"],
  ["a lone high surrogate", "a\uD83D", "INVALID_ARGUMENT"],
  ["a lone low surrogate", "\uDE00a", "INVALID_ARGUMENT"],
  ["surrogates the wrong way round", "\uDE00\uD83D", "INVALID_ARGUMENT"],
];

test.each(ids)("checkId() of %s", (_name, id, code) => {
  expect(errorOf(() => checkId(id))?.code).toBe(code);
});

test.each([
  [0, undefined],
  [1, undefined],
  [1000, undefined],
  [1001, "TOO_LARGE"],
])("checkKey() of %d bytes", (length, code) => {
  expect(errorOf(() => checkKey(new Uint8Array(length)))?.code).toBe(code);
});

test("checkRange() allows open ends and the successor of the longest key, nothing longer", () => {
  const longest = new Uint8Array(1001);
  expect(errorOf(() => checkRange(ALL_KEYS))).toBeUndefined();
  expect(errorOf(() => checkRange({ start: longest, end: longest }))).toBeUndefined();
  expect(errorOf(() => checkRange({ start: new Uint8Array(1002) }))?.code).toBe("TOO_LARGE");
  expect(errorOf(() => checkRange({ end: new Uint8Array(1002) }))?.code).toBe("TOO_LARGE");
});

test.each([[["a"]], ["a"], [undefined], [7]])(
  "checkKey() refuses %j, which is no byte string",
  (key) => {
    expect(() => checkKey(key as unknown as Uint8Array)).toThrow("INVALID_ARGUMENT");
  },
);
