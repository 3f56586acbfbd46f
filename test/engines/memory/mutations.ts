/** Mutations that meet often: few keys, ranges, times and nonces, so that every tie occurs. */
import { fc } from "@fast-check/vitest";
import { concatBytes, utf8 } from "../../../src/model/bytes.ts";
import { isEmptyRange } from "../../../src/model/range.ts";
import { deleteVersion, encodeVersion, putVersion } from "../../../src/model/version.ts";
import type { Mutation } from "../../../src/ports/storage-engine.ts";
import { closeKeys, closeRanges, closeTokens } from "../../model/arbitraries.ts";

const TIME = 1_000;
const tokens = closeTokens(TIME);

/** The instant by which expiry is judged; half of the expiries below have passed by then. */
export const READ_AT = 1_500;

/** A put whose value and metadata follow from its version and key, as a client's do. */
const puts: fc.Arbitrary<Mutation> = fc
  .record({
    key: closeKeys,
    token: tokens,
    expiry: fc.constantFrom(0, 0, 1_400, 1_500, 1_501, 9_999),
  })
  .map(({ key, token, expiry }) => {
    const version = putVersion(token, expiry);
    const value = concatBytes(key, encodeVersion(version));
    return { kind: "put", row: { key, value, metadata: concatBytes(utf8("m"), value), version } };
  });

const keyDeletes: fc.Arbitrary<Mutation> = fc
  .record({ key: closeKeys, token: tokens })
  .map(({ key, token }) => ({
    kind: "delete_key",
    key,
    version: deleteVersion(token),
    removeAt: token.generationTime + 100_000,
  }));

const rangeDeletes: fc.Arbitrary<Mutation> = fc
  .record({ range: closeRanges.filter((range) => !isEmptyRange(range)), token: tokens })
  .map(({ range, token }) => ({ kind: "delete_range", range, version: deleteVersion(token) }));

const recordDeletes: fc.Arbitrary<Mutation> = tokens.map((token) => ({
  kind: "delete_record",
  version: deleteVersion(token),
}));

/** Any mutation, puts the most frequent. */
export const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 5, arbitrary: puts },
  { weight: 2, arbitrary: keyDeletes },
  { weight: 2, arbitrary: rangeDeletes },
  { weight: 1, arbitrary: recordDeletes },
);
