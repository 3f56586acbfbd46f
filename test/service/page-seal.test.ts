// Goal: a page token works for its own traversal alone, and not at all when a single bit is changed (PAGE-3).
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { EMPTY_BYTES, utf8 } from "../../src/model/bytes.ts";
import { matchAll, matchKeys, matchRange, type Predicate } from "../../src/model/predicate.ts";
import {
  openPageToken,
  pinnedNamespace,
  sealPageToken,
  type RecordTraversal,
} from "../../src/service/page-seal.ts";
import { hmacKeys, hmacSha256 } from "../../src/system/hmac.ts";
import { errorOf } from "../fakes/error-of.ts";
import { anyMicros, closeKeys, closeRanges } from "../model/arbitraries.ts";

const mac = hmacSha256(new Uint8Array(16).fill(1));
const traversal: RecordTraversal = {
  namespace: "users",
  resolved: "users_2",
  id: "r",
  predicate: matchAll,
  reverse: false,
};
const position = { after: utf8("key"), itemsLeft: 7, averageBytes: 100 };

const predicates: fc.Arbitrary<Predicate> = fc.oneof(
  fc.constant(matchAll),
  closeRanges.map((range): Predicate => ({ kind: "match_range", range })),
  fc.array(closeKeys, { maxLength: 4 }).map((keys): Predicate => ({ kind: "match_keys", keys })),
);
const traversals: fc.Arbitrary<RecordTraversal> = fc.record({
  namespace: fc.constantFrom("a", "ab", "b"),
  resolved: fc.constant("a_1"),
  id: fc.constantFrom("a", "b", "bb", "\0"),
  predicate: predicates,
  reverse: fc.boolean(),
});

const positions = fc.record({
  after: closeKeys,
  itemsLeft: anyMicros,
  averageBytes: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
});

test.prop([traversals, positions])(
  "openPageToken() reads what sealPageToken() made",
  (over, at) => {
    expect(openPageToken(sealPageToken(at, over, mac), over, mac)).toEqual(at);
  },
);

test.prop([traversals, traversals, positions], { numRuns: 400 })(
  "openPageToken() refuses the token of any other traversal",
  (over, other, at) => {
    const same = JSON.stringify(plain(over)) === JSON.stringify(plain(other));
    const error = errorOf(() => openPageToken(sealPageToken(at, over, mac), other, mac));
    expect(error?.code).toBe(same ? undefined : "INVALID_ARGUMENT");
  },
);

test("openPageToken() refuses every token that differs by one bit, one byte less or one more", () => {
  const token = sealPageToken(position, traversal, mac);
  const refused = (bytes: Uint8Array): unknown =>
    errorOf(() => openPageToken(bytes, traversal, mac))?.code;
  for (let bit = 0; bit < token.length * 8; bit += 1) {
    const altered = token.slice();
    altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(refused(altered), `bit ${bit}`).toBe("INVALID_ARGUMENT");
  }
  for (let length = 0; length < token.length; length += 1) {
    expect(refused(token.subarray(0, length)), `${length} bytes`).toBe("INVALID_ARGUMENT");
  }
  expect(refused(new Uint8Array([...token, 0]))).toBe("INVALID_ARGUMENT");
});

test("openPageToken() tells a traversal whose namespace is gone from one that is not its own", () => {
  const token = sealPageToken(position, traversal, mac);
  const error = errorOf(() => openPageToken(token, { ...traversal, resolved: "users_3" }, mac));
  expect(error?.code).toBe("NAMESPACE_NOT_FOUND");
  expect(error?.message).toContain("users_2");
});

test("pinnedNamespace() reads the name of a token, and nothing where there is none", () => {
  expect(pinnedNamespace(sealPageToken(position, traversal, mac))).toBe("users_2");
  expect(pinnedNamespace(new Uint8Array(40))).toBeUndefined();
});

test("openPageToken() refuses the token of a server with another key", () => {
  const other = hmacSha256(new Uint8Array(16).fill(2));
  const error = errorOf(() =>
    openPageToken(sealPageToken(position, traversal, other), traversal, mac),
  );
  expect(error?.code).toBe("INVALID_ARGUMENT");
});

test("a token of an old key lives through a change of keys, and ends when its key is taken out", () => {
  const [old, fresh, other] = [1, 2, 3].map((byte) => new Uint8Array(16).fill(byte)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const codeOf = (token: Uint8Array, keys: readonly Uint8Array[]): unknown =>
    errorOf(() => openPageToken(token, traversal, hmacKeys(keys)))?.code;
  const before = sealPageToken(position, traversal, hmacSha256(old));
  const after = sealPageToken(position, traversal, hmacKeys([fresh, old]));
  // Step by step, each server may already be a step ahead of the one that made the token.
  expect(codeOf(before, [old, fresh])).toBeUndefined();
  expect(codeOf(after, [old, fresh])).toBeUndefined();
  expect(codeOf(before, [fresh, old])).toBeUndefined();
  expect(codeOf(after, [fresh])).toBeUndefined();
  expect(codeOf(before, [fresh])).toBe("INVALID_ARGUMENT");
  expect(codeOf(before, [fresh, other])).toBe("INVALID_ARGUMENT");
});

test("openPageToken() refuses a token that names another key of the ring than it is sealed with", () => {
  const [mine, yours] = [1, 2].map((byte) => new Uint8Array(16).fill(byte)) as [
    Uint8Array,
    Uint8Array,
  ];
  const token = sealPageToken(position, traversal, hmacKeys([mine, yours]));
  new DataView(token.buffer).setUint32(17, hmacSha256(yours).current);
  const error = errorOf(() => openPageToken(token, traversal, hmacKeys([mine, yours])));
  expect(error?.code).toBe("INVALID_ARGUMENT");
});

test("sealPageToken() refuses a ring whose current key is not in it", () => {
  const ring = { current: 1, keys: hmacSha256(new Uint8Array(16)).keys };
  expect(errorOf(() => sealPageToken(position, traversal, ring))?.code).toBe("INVALID_ARGUMENT");
});

test("sealPageToken() tells apart what has the same bytes", () => {
  const alike: readonly Partial<RecordTraversal>[] = [
    {},
    { reverse: true },
    { namespace: "user", id: "sr" },
    { id: "rr" },
    { predicate: matchKeys() },
    { predicate: matchKeys(EMPTY_BYTES) },
    { predicate: matchKeys(EMPTY_BYTES, EMPTY_BYTES) },
    { predicate: matchRange() },
    { predicate: matchRange(EMPTY_BYTES) },
    { predicate: matchRange(undefined, EMPTY_BYTES) },
    { predicate: matchRange(EMPTY_BYTES, EMPTY_BYTES) },
    { predicate: matchKeys(utf8("a"), utf8("b")) },
    { predicate: matchKeys(utf8("ab"), EMPTY_BYTES) },
    { predicate: matchRange(utf8("a"), utf8("b")) },
    { predicate: matchRange(utf8("ab"), EMPTY_BYTES) },
  ];
  const tokens = alike.map((change) =>
    Buffer.from(sealPageToken(position, { ...traversal, ...change }, mac)).toString("hex"),
  );
  expect(new Set(tokens).size).toBe(alike.length);
});

/** The traversal as comparable text: bytes as numbers, an open end as null. */
function plain({ predicate, ...rest }: RecordTraversal): unknown {
  switch (predicate.kind) {
    case "match_all":
      return [rest, "all"];
    case "match_keys":
      return [rest, "keys", predicate.keys.map((key) => [...key])];
    case "match_range": {
      const { start, end } = predicate.range;
      return [rest, "range", start && [...start], end && [...end]];
    }
    default:
      throw predicate satisfies never;
  }
}
