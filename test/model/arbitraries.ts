/** Values for properties: few enough distinct ones that ties, prefixes and bounds turn up by themselves. */
import { fc } from "@fast-check/vitest";
import type { KeyRange } from "../../src/model/range.ts";
import type { IdempotencyToken } from "../../src/model/token.ts";
import { NONCE_BYTES } from "../../src/model/token.ts";
import { deleteVersion, putVersion, type Version } from "../../src/model/version.ts";

/** Any bytes, so also none. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 40 });

/** Short keys over the bytes that orders get wrong: collisions and prefixes are frequent. */
export const closeKeys: fc.Arbitrary<Uint8Array> = fc
  .array(fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0xff), { maxLength: 4 })
  .map((bytes) => Uint8Array.from(bytes));

/** Ranges over close keys; either end may be open, and many are empty. */
export const closeRanges: fc.Arbitrary<KeyRange> = fc.record({
  start: fc.option(closeKeys, { nil: undefined }),
  end: fc.option(closeKeys, { nil: undefined }),
});

/** Any microsecond count, its bounds favoured. */
export const anyMicros: fc.Arbitrary<number> = fc.oneof(
  fc.maxSafeNat(),
  fc.constantFrom(0, 1, 0xffff_ffff, 0x1_0000_0000, Number.MAX_SAFE_INTEGER),
);

/** A nonce that ties and differs often: all bytes the same, of a few. */
const closeNonces: fc.Arbitrary<Uint8Array> = fc
  .constantFrom(0x00, 0x01, 0x80, 0xff)
  .map((byte) => new Uint8Array(NONCE_BYTES).fill(byte));

/** Tokens around `base`, few enough to tie. */
export function closeTokens(base: number): fc.Arbitrary<IdempotencyToken> {
  return fc.record({
    generationTime: fc.integer({ min: base, max: base + 4 }),
    nonce: closeNonces,
  });
}

/** Versions of puts and deletions that tie in any of their parts. */
export const closeVersions: fc.Arbitrary<Version> = fc
  .record({
    token: closeTokens(1_000),
    expiry: fc.constantFrom(0, 0, 2_000, 2_001, 0x1_0000_0000),
    isDelete: fc.boolean(),
  })
  .map(({ token, expiry, isDelete }) =>
    isDelete ? deleteVersion(token) : putVersion(token, expiry),
  );

/** Versions from all over the allowed space. */
export const anyVersions: fc.Arbitrary<Version> = fc
  .record({
    generationTime: anyMicros,
    nonce: fc.uint8Array({ minLength: NONCE_BYTES, maxLength: NONCE_BYTES }),
    expiry: anyMicros,
    isDelete: fc.boolean(),
  })
  .map(({ expiry, isDelete, ...token }) =>
    isDelete ? deleteVersion(token) : putVersion(token, expiry),
  );
