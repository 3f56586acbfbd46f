// Goal: a logged list comes back as it was handed in, and anything else that is stored is DATA_LOSS.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  decodeList,
  decodeState,
  encodeList,
  encodeState,
  type KnownState,
} from "../../src/codec/list-form.ts";
import { ERROR_CODES, KvError } from "../../src/model/error.ts";
import type { LoggedMutation } from "../../src/model/mutation-list.ts";
import { errorOf } from "../fakes/error-of.ts";

const nonce = new Uint8Array(16).fill(9);
const bytes = fc.uint8Array({ maxLength: 20 });
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 });
const item = fc
  .record({
    key: bytes,
    value: fc.uint8Array({ maxLength: 300 }),
    expiresAt: fc.option(fc.nat(), { nil: undefined }),
    note: fc.option(bytes, { nil: undefined }),
  })
  .map(({ note, ...rest }) => ({
    ...rest,
    content: note === undefined ? undefined : { note },
    compression: undefined,
  }));
const range = fc.record({
  start: fc.option(bytes, { nil: undefined }),
  end: fc.option(bytes, { nil: undefined }),
});
const predicate = fc.oneof(
  fc.constant({ kind: "match_all" as const }),
  range.map((one) => ({ kind: "match_range" as const, range: one })),
  fc.array(bytes, { maxLength: 3 }).map((keys) => ({ kind: "match_keys" as const, keys })),
);
const mutation = fc.oneof(
  fc.record({
    kind: fc.constant("put" as const),
    namespace: text,
    id: text,
    items: fc.array(item, { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant("delete" as const), namespace: text, id: text, predicate }),
);
const list: fc.Arbitrary<LoggedMutation[]> = fc.array(
  fc.record({
    token: fc.nat().map((generationTime) => ({ generationTime: generationTime + 1, nonce })),
    mutation,
  }),
  { maxLength: 4 },
);

test.prop([list])("decodeList() is the inverse of encodeList()", (mutations) => {
  expect(decodeList(encodeList(mutations), nonce)).toEqual(mutations);
});

test.prop([list, fc.nat()])("a list that is cut short is DATA_LOSS", (mutations, at) => {
  const whole = encodeList(mutations);
  const cut = whole.subarray(0, at % whole.length);
  expect(errorOf(() => decodeList(cut, nonce))?.code).toBe("DATA_LOSS");
});

test.prop([bytes])("bytes of no list are DATA_LOSS, or a list", (some) => {
  try {
    decodeList(some, nonce);
  } catch (error) {
    expect(error instanceof KvError && error.code).toBe("DATA_LOSS");
  }
});

test("decodeList() refuses a later format, and an unknown kind", () => {
  expect(errorOf(() => decodeList(Uint8Array.of(2, 0), nonce))?.code).toBe("DATA_LOSS");
  const unknown = Uint8Array.of(1, 1, 5, 1, 97, 1, 97, 9);
  expect(errorOf(() => decodeList(unknown, nonce))?.message).toContain("kind 9");
});

test("states come back, with a reason of bounded length", () => {
  const states: readonly KnownState[] = [
    { kind: "applied" },
    { kind: "discarded" },
    ...ERROR_CODES.map((code) => ({ kind: "dead_lettered" as const, code, reason: `why ${code}` })),
  ];
  for (const state of states) expect(decodeState(encodeState(state))).toEqual(state);
  const long = { kind: "dead_lettered", code: "INTERNAL", reason: "é".repeat(1_000) } as const;
  expect(decodeState(encodeState(long))).toEqual({ ...long, reason: "é".repeat(300) });
  expect(errorOf(() => decodeState(Uint8Array.of(7)))?.code).toBe("DATA_LOSS");
});
