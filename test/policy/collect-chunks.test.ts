// Goal: what lives, or may still come, is never taken; what is nobody's goes after two looks (CHUNK-3, CHUNK-4).
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { type ChunkFate, fateOfChunks } from "../../src/policy/collect-chunks.ts";

const token = (generationTime: number, last = 0) => {
  const nonce = new Uint8Array(16);
  nonce[15] = last;
  return { token: { generationTime, nonce }, staging: new Uint8Array(8) };
};
const staged = token(1_000);
const patience = { settledAge: 100, grace: 50 };

test.each<[string, ReturnType<typeof token> | undefined, number | undefined, number, ChunkFate]>([
  ["the item's own, young", staged, undefined, 1_000, "keep"],
  ["the item's own, old", staged, undefined, 9_000, "keep"],
  ["the item's own, but doomed", staged, 1_200, 9_000, "pardon"],
  ["nobody's, at the age at which a put may still end", undefined, undefined, 1_100, "keep"],
  ["nobody's, settled", undefined, undefined, 1_101, "doom"],
  ["a newer item's, settled", token(1_001), undefined, 1_101, "doom"],
  ["an older item's, settled", token(999), undefined, 1_101, "doom"],
  ["of a write at the same time", token(1_000, 1), undefined, 1_101, "doom"],
  [
    "another staging's of the write",
    { ...staged, staging: Uint8Array.of(1) },
    undefined,
    1_101,
    "doom",
  ],
  ["doomed, in the grace", undefined, 1_101, 1_150, "wait"],
  ["doomed, at the end of the grace", undefined, 1_101, 1_151, "collect"],
  ["doomed by a clock ahead", undefined, 5_000, 1_200, "wait"],
])("fateOfChunks() of chunks that are %s", (_, head, doomedAt, now, wanted) => {
  expect(fateOfChunks({ staged, head, doomedAt }, now, patience)).toBe(wanted);
});

test.prop([
  fc.boolean(),
  fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: undefined }),
  fc.integer({ min: 0, max: 4_000 }),
  fc.integer({ min: 0, max: 500 }),
  fc.integer({ min: 0, max: 500 }),
])(
  "fateOfChunks() takes nothing that is the item's, young, not doomed, or in its grace",
  (isOwn, doomedAt, now, settledAge, grace) => {
    const facts = { staged, head: isOwn ? staged : undefined, doomedAt };
    const fate = fateOfChunks(facts, now, { settledAge, grace });
    if (fate !== "collect") return;
    expect(isOwn).toBe(false);
    expect(now - staged.token.generationTime).toBeGreaterThan(settledAge);
    expect(now - (doomedAt ?? Number.NaN)).toBeGreaterThanOrEqual(grace);
  },
);
