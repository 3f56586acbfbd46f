// Goal: what a mutation refuses it refuses before the engine, what it sends is settled by its request alone, and
// what the engine did is told truly.
import { describe, expect, test } from "vitest";
import { PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import { EMPTY_BYTES, utf8 } from "../../src/model/bytes.ts";
import { KvError, type KvErrorCode } from "../../src/model/error.ts";
import { TTL_MAX } from "../../src/model/limits.ts";
import { matchAll, matchKeys, matchRange } from "../../src/model/predicate.ts";
import type { DeleteItemsRequest, PutItem, PutItemsRequest } from "../../src/model/request.ts";
import { DAY, HOUR, SECOND } from "../../src/model/time.ts";
import { deleteVersion, putVersion } from "../../src/model/version.ts";
import { markerRemovalTime } from "../../src/policy/spread-delete.ts";
import type { Mutation, MutationOutcome } from "../../src/ports/storage-engine.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { type FakeEngine, fakeEngine } from "../fakes/fake-engine.ts";
import { WALL_BEGIN } from "../fakes/stepped-env.ts";
import { serviceStage, tokenAt } from "./service-stage.ts";

const item = (key: string, changes: Partial<PutItem> = {}): PutItem => ({
  key: utf8(key),
  value: utf8("v"),
  ...changes,
});
const PUT: PutItemsRequest = {
  kind: "put_items",
  namespace: "users",
  capabilities: PLAIN_CLIENT,
  id: "r",
  token: tokenAt(),
  items: [item("k")],
};
const DELETE: DeleteItemsRequest = {
  kind: "delete_items",
  namespace: "users",
  capabilities: PLAIN_CLIENT,
  id: "r",
  token: tokenAt(),
  predicate: matchAll,
};

const sized = (length: number): Uint8Array => new Uint8Array(length);
const many = (count: number): PutItem[] => Array.from({ length: count }, (_, i) => item(`k${i}`));
const expiring = (expiresAt: number): Partial<PutItemsRequest> => ({
  items: [item("k", { expiresAt })],
});

function sent(engine: FakeEngine): readonly Mutation[] {
  const [call, ...more] = engine.calls;
  expect(more).toEqual([]);
  return call?.verb === "write" ? call.mutations : [];
}

type Refusal<R> = readonly [string, Partial<R>, KvErrorCode | undefined];

const tokens: readonly Refusal<Pick<PutItemsRequest, "token" | "id" | "namespace">>[] = [
  ["a token as old as allowed", { token: tokenAt(-HOUR) }, undefined],
  ["a token older", { token: tokenAt(-HOUR - 1) }, "TOKEN_FROM_PAST"],
  ["a token as far ahead as allowed", { token: tokenAt(5 * SECOND) }, undefined],
  ["a token further ahead", { token: tokenAt(5 * SECOND + 1) }, "TOKEN_FROM_FUTURE"],
  ["a token of time 0", { token: { ...tokenAt(), generationTime: 0 } }, "INVALID_ARGUMENT"],
  ["a nonce of 15 bytes", { token: { ...tokenAt(), nonce: sized(15) } }, "INVALID_ARGUMENT"],
  ["an empty id", { id: "" }, "INVALID_ARGUMENT"],
  ["an id of 1,024 bytes", { id: "é".repeat(512) }, undefined],
  ["an id of 1,026 bytes", { id: "é".repeat(513) }, "TOO_LARGE"],
  ["a lone surrogate", { id: "\uD800" }, "INVALID_ARGUMENT"],
  ["an unknown namespace", { namespace: "nobody" }, "NAMESPACE_NOT_FOUND"],
];

const puts: readonly Refusal<PutItemsRequest>[] = [
  ...tokens,
  ["no item", { items: [] }, "INVALID_ARGUMENT"],
  ["1,000 items", { items: many(1_000) }, undefined],
  ["1,001 items", { items: many(1_001) }, "INVALID_ARGUMENT"],
  ["a key twice", { items: [item("a"), item("b"), item("a")] }, "INVALID_ARGUMENT"],
  ["the empty key twice", { items: [item(""), item("")] }, "INVALID_ARGUMENT"],
  ["a key and its extension", { items: [item("a"), item("a\0")] }, undefined],
  ["an empty key and value", { items: [{ key: EMPTY_BYTES, value: EMPTY_BYTES }] }, undefined],
  ["a key of 1,000 bytes", { items: [{ key: sized(1_000), value: EMPTY_BYTES }] }, undefined],
  ["a key of 1,001 bytes", { items: [{ key: sized(1_001), value: EMPTY_BYTES }] }, "TOO_LARGE"],
  ["a value of the limit", { items: [item("k", { value: sized(100) })] }, undefined],
  ["a value past the limit", { items: [item("k", { value: sized(101) })] }, "TOO_LARGE"],
  [
    "a last item past a limit",
    { items: [item("a"), item("b", { value: sized(101) })] },
    "TOO_LARGE",
  ],
  [
    "content past its limit",
    { items: [item("k", { content: { note: sized(4_093) } })] },
    "TOO_LARGE",
  ],
  ["an expiry at the write time", expiring(WALL_BEGIN), "INVALID_ARGUMENT"],
  ["an expiry just after it", expiring(WALL_BEGIN + 1), undefined],
  ["an expiry of 0", expiring(0), "INVALID_ARGUMENT"],
  ["an expiry of NaN", expiring(Number.NaN), "INVALID_ARGUMENT"],
  ["an expiry of 2^53", expiring(2 ** 53), "INVALID_ARGUMENT"],
  ["the longest time to live", expiring(WALL_BEGIN + TTL_MAX), undefined],
  ["a longer one", expiring(WALL_BEGIN + TTL_MAX + 1), "INVALID_ARGUMENT"],
  [
    "a late retry whose expiry has passed",
    { token: tokenAt(-HOUR), ...expiring(WALL_BEGIN - HOUR + 1) },
    undefined,
  ],
];

const deletes: readonly Refusal<DeleteItemsRequest>[] = [
  ...tokens,
  ["no key", { predicate: matchKeys() }, "INVALID_ARGUMENT"],
  ["1,000 keys", { predicate: matchKeys(...many(1_000).map(({ key }) => key)) }, undefined],
  [
    "1,001 keys",
    { predicate: matchKeys(...many(1_001).map(({ key }) => key)) },
    "INVALID_ARGUMENT",
  ],
  ["a key of 1,000 bytes", { predicate: matchKeys(sized(1_000)) }, undefined],
  ["a key of 1,001 bytes", { predicate: matchKeys(sized(1_001)) }, "TOO_LARGE"],
  ["a range after the longest key", { predicate: matchRange(sized(1_001)) }, undefined],
  ["a range start of 1,002 bytes", { predicate: matchRange(sized(1_002)) }, "TOO_LARGE"],
  ["a range end of 1,002 bytes", { predicate: matchRange(undefined, sized(1_002)) }, "TOO_LARGE"],
];

const options = { maxValueBytes: 100 };

describe("putItems()", () => {
  test.each(puts)("given %s", async (_name, change, code) => {
    const engine = fakeEngine();
    const { handle, call } = serviceStage(engine, options);
    const error = await rejectionOf(handle({ ...PUT, ...change }, call()));
    expect(error?.code).toBe(code);
    if (error !== undefined) expect(error.applied).toBe("no");
    expect(engine.calls.length).toBe(error === undefined ? 1 : 0);
  });

  test("sends each item under the token's version, whenever and wherever it is repeated", async () => {
    const expiresAt = WALL_BEGIN + DAY;
    const request = {
      ...PUT,
      items: [item("b", { expiresAt }), item("a", { content: { type: "t" } })],
    };
    const sendings: (readonly Mutation[])[] = [];
    for (const later of [0, HOUR]) {
      const engine = fakeEngine();
      const { handle, call, env } = serviceStage(engine, { defaultTtlMicros: 2 * HOUR });
      env.stall(later);
      await handle(request, call());
      sendings.push(sent(engine));
    }
    expect(sendings[1]).toEqual(sendings[0]);
    const rows = (sendings[0] ?? []).flatMap((one) => (one.kind === "put" ? [one.row] : []));
    expect(rows.map(({ key }) => key)).toEqual([utf8("b"), utf8("a")]);
    expect(rows.map(({ version }) => version)).toEqual([
      putVersion(PUT.token, expiresAt),
      putVersion(PUT.token, WALL_BEGIN + 2 * HOUR),
    ]);
    expect(rows[0]?.metadata).toEqual(EMPTY_BYTES);
    expect(rows[1]?.metadata).not.toEqual(EMPTY_BYTES);
  });

  test("keeps to what its engine can take at once", async () => {
    const engine = fakeEngine({ capabilities: { mutationsPerWriteMax: 3 } });
    const { handle, call } = serviceStage(engine);
    await handle({ ...PUT, items: many(3) }, call());
    const error = await rejectionOf(handle({ ...PUT, items: many(4) }, call()));
    expect([error?.code, engine.calls.length]).toEqual(["INVALID_ARGUMENT", 1]);
  });
});

describe("deleteItems()", () => {
  test.each(deletes)("given %s", async (_name, change, code) => {
    const engine = fakeEngine();
    const { handle, call } = serviceStage(engine, options);
    const error = await rejectionOf(handle({ ...DELETE, ...change }, call()));
    expect(error?.code).toBe(code);
    expect(engine.calls.length).toBe(error === undefined ? 1 : 0);
  });

  const version = deleteVersion(DELETE.token);

  test("of a record or a range is one mutation", async () => {
    const range = { start: utf8("a"), end: utf8("b") };
    for (const [predicate, mutation] of [
      [matchAll, { kind: "delete_record", version }],
      [matchRange(range.start, range.end), { kind: "delete_range", range, version }],
    ] as const) {
      const engine = fakeEngine();
      const { handle, call } = serviceStage(engine);
      expect(await handle({ ...DELETE, predicate }, call())).toMatchObject({
        outcomes: ["applied"],
      });
      expect(sent(engine)).toEqual([mutation]);
    }
  });

  test("of an empty range does nothing and reaches no engine", async () => {
    const engine = fakeEngine();
    const { handle, call } = serviceStage(engine);
    const predicate = matchRange(utf8("b"), utf8("a"));
    expect(await handle({ ...DELETE, predicate }, call())).toMatchObject({ outcomes: [] });
    expect(engine.calls).toEqual([]);
  });

  test("of keys marks each once, in key order, to be removed at the policy's time", async () => {
    const engine = fakeEngine();
    const { handle, call } = serviceStage(engine);
    const predicate = matchKeys(utf8("b"), utf8("a"), utf8("b"));
    expect(await handle({ ...DELETE, predicate }, call())).toMatchObject({
      outcomes: ["applied", "applied"],
    });
    expect(sent(engine)).toEqual(
      [utf8("a"), utf8("b")].map((key) => ({
        kind: "delete_key",
        key,
        version,
        removeAt: markerRemovalTime(DELETE.token, key, DAY, HOUR),
      })),
    );
  });
});

const applied: MutationOutcome = { kind: "applied" };
const failed = (code: KvErrorCode, how?: "no" | "unknown"): MutationOutcome => ({
  kind: "failed",
  error: new KvError(code, "scripted", how === undefined ? {} : { applied: how }),
});

const partial: readonly (readonly [
  string,
  readonly MutationOutcome[],
  KvErrorCode,
  "no" | "unknown",
])[] = [
  ["all failed for sure", [failed("UNAVAILABLE"), failed("OVERLOADED")], "UNAVAILABLE", "no"],
  ["one applied", [failed("UNAVAILABLE"), applied], "UNAVAILABLE", "unknown"],
  ["one superseded", [{ kind: "superseded" }, failed("OVERLOADED")], "OVERLOADED", "unknown"],
  ["one unknown", [failed("UNAVAILABLE"), failed("OUTCOME_UNKNOWN")], "UNAVAILABLE", "unknown"],
  [
    "one said to be unknown",
    [failed("UNAVAILABLE", "unknown"), failed("OVERLOADED")],
    "UNAVAILABLE",
    "unknown",
  ],
];

describe("a mutation", () => {
  test("tells each item's outcome in the order of the request", async () => {
    const kinds = ["applied", "superseded", "accepted"] as const;
    const engine = fakeEngine({ write: async () => kinds.map((kind) => ({ kind })) });
    const { handle, call } = serviceStage(engine);
    expect(await handle({ ...PUT, items: many(3) }, call())).toMatchObject({ outcomes: kinds });
  });

  test.each(partial)("of two items, %s", async (_name, outcomes, code, how) => {
    const { handle, call } = serviceStage(fakeEngine({ write: async () => outcomes }));
    const error = await rejectionOf(handle({ ...PUT, items: many(2) }, call()));
    expect([error?.code, error?.applied]).toEqual([code, how]);
    expect(error?.message).toMatch(/[12] of 2 items failed, first: /);
  });

  test("of one item fails with the engine's own error", async () => {
    const outcome = failed("OUTCOME_UNKNOWN");
    const { handle, call } = serviceStage(fakeEngine({ write: async () => [outcome] }));
    const error = await rejectionOf(handle(PUT, call()));
    expect(error).toBe(outcome.kind === "failed" && outcome.error);
  });

  test.each([[[]], [[applied]], [[applied, applied, applied]]])(
    "of two items is not acknowledged on the outcomes %j",
    async (outcomes: MutationOutcome[]) => {
      const { handle, call } = serviceStage(fakeEngine({ write: async () => outcomes }));
      const error = await rejectionOf(handle({ ...PUT, items: many(2) }, call()));
      expect([error?.code, error?.applied]).toEqual(["INTERNAL", "unknown"]);
    },
  );

  test("whose engine throws what is no KvError fails INTERNAL, unknown, with the cause", async () => {
    const bug = new TypeError("x is not a function");
    const write = (): Promise<never> => {
      throw bug;
    };
    const { handle, call } = serviceStage(fakeEngine({ write }));
    const error = await rejectionOf(handle(PUT, call()));
    expect([error?.code, error?.applied, error?.cause]).toEqual(["INTERNAL", "unknown", bug]);
  });

  test.each([PUT, DELETE])(
    "passes on that the engine cannot be reached: $kind",
    async (request) => {
      const error = new KvError("UNAVAILABLE", "scripted");
      const write = async (): Promise<never> => {
        throw error;
      };
      const { handle, call } = serviceStage(fakeEngine({ write }));
      expect(await rejectionOf(handle(request, call()))).toBe(error);
    },
  );
});
