// Goal: a namespace that contradicts itself or its engine is refused by the name of the field (NS-2).
import { describe, expect, test } from "vitest";
import { TTL_MAX } from "../../src/model/limits.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../src/model/time.ts";
import { type NamespaceOptions, resolveNamespace } from "../../src/namespace/namespace.ts";
import { errorOf } from "../fakes/error-of.ts";
import { fakeEngine } from "../fakes/fake-engine.ts";

const engine = fakeEngine({
  capabilities: {
    inlineBytesMax: 1_000,
    consistency: ["eventual"],
    ttl: { removal: "native", granularity: SECOND, max: 30 * DAY, removalLag: 0 },
  },
});
const resolve = (options: Partial<NamespaceOptions>): ReturnType<typeof resolveNamespace> =>
  resolveNamespace({ name: "users", consistency: "eventual", ...options }, { primary: engine });

describe("resolveNamespace()", () => {
  test("decides every field", () => {
    expect(resolve({})).toEqual({
      name: "users",
      table: "users",
      engine,
      consistency: "eventual",
      descending: false,
      chunks: {
        engine,
        table: "users_chunks",
        consistency: "eventual",
        chunkBytes: 1_000,
        requestBytesMax: 512 * 1024,
        wholeBytesMax: 16 * 1024 * 1024,
        grace: 10 * MINUTE,
        putTimeMax: MINUTE,
        settledAge: HOUR + 5 * SECOND + MINUTE,
      },
      defaultTtl: undefined,
      tokens: { maxAge: HOUR, maxDrift: 5 * SECOND },
      retention: DAY,
      applyMax: DAY - HOUR - 5 * SECOND,
      deleteJitter: HOUR,
      rowsPerCallMax: 2_000,
      slo: undefined,
      limits: {
        chunkAboveBytes: 1_000,
        chunkBytes: 1_000,
        chunkRequestBytesMax: 512 * 1024,
        maxValueBytes: 1024 ** 3,
        pageBytesMax: 8 * 1024 * 1024,
        rowsPerCallMax: 2_000,
        tokenMaxAge: HOUR,
        tokenMaxDrift: 5 * SECOND,
        compression: { codec: "none" },
      },
    });
  });

  const tight = HOUR + 5 * SECOND + MINUTE;
  const allowed: readonly Partial<NamespaceOptions>[] = [
    { name: "abc" },
    { name: `a${"_".repeat(40)}` },
    { maxValueBytes: 0 },
    { maxValueBytes: 1_001 },
    { chunking: { aboveBytes: 0, chunkBytes: 1, graceMicros: 0, wholeBytesMax: 0 } },
    { chunking: { aboveBytes: 1_000, chunkBytes: 1_000 } },
    { retentionMicros: tight },
    { tokens: { maxAge: 0, maxDrift: 0 }, retentionMicros: MINUTE },
    { defaultTtlMicros: 1 },
    { defaultTtlMicros: 30 * DAY - 5 * SECOND },
    { deleteJitterMicros: 0 },
    { retentionMicros: 3650 * DAY, deleteJitterMicros: 3650 * DAY },
    { rowsPerCallMax: 1 },
  ];
  test.each(allowed)("allows %j", (options) => {
    expect(errorOf(() => resolve(options))).toBeUndefined();
  });

  const refused: readonly (readonly [Partial<NamespaceOptions>, string, string])[] = [
    [{ name: "ab" }, "INVALID_ARGUMENT", "name is ab"],
    [{ name: `a${"b".repeat(41)}` }, "INVALID_ARGUMENT", "name is abbb"],
    [{ name: "Users" }, "INVALID_ARGUMENT", "name is Users"],
    [{ name: "users\n" }, "INVALID_ARGUMENT", "name is users\n"],
    [{ name: "1users" }, "INVALID_ARGUMENT", "name is 1users"],
    [{ consistency: "quorum" }, "UNSUPPORTED", "consistency is quorum"],
    [{ chunking: { aboveBytes: 1_001 } }, "INVALID_ARGUMENT", "chunking.aboveBytes is 1001"],
    [{ chunking: { chunkBytes: 0 } }, "INVALID_ARGUMENT", "chunking.chunkBytes is 0"],
    [{ chunking: { chunkBytes: 1_001 } }, "INVALID_ARGUMENT", "chunking.chunkBytes is 1001"],
    [{ chunking: { graceMicros: -1 } }, "INVALID_ARGUMENT", "chunking.graceMicros is -1"],
    [{ chunking: { wholeBytesMax: 0.5 } }, "INVALID_ARGUMENT", "chunking.wholeBytesMax is 0.5"],
    [{ maxValueBytes: -1 }, "INVALID_ARGUMENT", "maxValueBytes is -1"],
    [{ tokens: { maxAge: -1 } }, "INVALID_ARGUMENT", "tokens.maxAge is -1"],
    [{ tokens: { maxDrift: 0.5 } }, "INVALID_ARGUMENT", "tokens.maxDrift is 0.5"],
    [{ retentionMicros: tight - 1 }, "INVALID_ARGUMENT", `retentionMicros is ${tight - 1}`],
    [{ tokens: { maxAge: DAY } }, "INVALID_ARGUMENT", `retentionMicros is ${DAY}`],
    [{ defaultTtlMicros: 0 }, "INVALID_ARGUMENT", "defaultTtlMicros is 0"],
    [{ defaultTtlMicros: 30 * DAY }, "INVALID_ARGUMENT", `defaultTtlMicros is ${30 * DAY}`],
    [{ defaultTtlMicros: TTL_MAX }, "INVALID_ARGUMENT", `defaultTtlMicros is ${TTL_MAX}`],
    [
      { retentionMicros: 3650 * DAY + 1 },
      "INVALID_ARGUMENT",
      `retentionMicros is ${3650 * DAY + 1}`,
    ],
    [{ deleteJitterMicros: 3651 * DAY }, "INVALID_ARGUMENT", "deleteJitterMicros is 3154"],
    [{ deleteJitterMicros: -1 }, "INVALID_ARGUMENT", "deleteJitterMicros is -1"],
    [{ rowsPerCallMax: 0 }, "INVALID_ARGUMENT", "rowsPerCallMax is 0"],
    [{ rowsPerCallMax: Number.NaN }, "INVALID_ARGUMENT", "rowsPerCallMax is NaN"],
  ];
  test.each(refused)("refuses %j as %s", (options, code, message) => {
    const error = errorOf(() => resolve(options));
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(message);
    expect(error?.message).toContain("wanted");
  });
});
