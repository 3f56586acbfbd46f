/** The table of errors: what may be concluded of a write is the point (TOK-8, ERR-2). */
import { describe, expect, test } from "vitest";
import { mapDynamodbError } from "../../../src/engines/dynamodb/errors.ts";
import { KvError } from "../../../src/model/error.ts";

const named = (name: string, message = "said the service", facts: object = {}): Error =>
  Object.assign(new Error(message), { name }, facts);
const status = (httpStatusCode: number): object => ({ $metadata: { httpStatusCode } });

const TABLE: readonly (readonly [string, unknown, write: string, read: string])[] = [
  ["throughput", named("ProvisionedThroughputExceededException"), "OVERLOADED no", "OVERLOADED no"],
  ["throttling", named("ThrottlingException"), "OVERLOADED no", "OVERLOADED no"],
  ["request limit", named("RequestLimitExceeded"), "OVERLOADED no", "OVERLOADED no"],
  [
    "transaction in the way",
    named("TransactionConflictException"),
    "OVERLOADED no",
    "OVERLOADED no",
  ],
  [
    "no such table",
    named("ResourceNotFoundException"),
    "INVALID_ARGUMENT no",
    "INVALID_ARGUMENT no",
  ],
  ["validation", named("ValidationException"), "INVALID_ARGUMENT no", "INVALID_ARGUMENT no"],
  [
    "item too large",
    named("ValidationException", "Item size has exceeded the maximum allowed size"),
    "TOO_LARGE no",
    "TOO_LARGE no",
  ],
  [
    "key too long, as DynamoDB Local says it",
    named("ValidationException", "Hash primary key values must be under 2048 bytes, and so on"),
    "TOO_LARGE no",
    "TOO_LARGE no",
  ],
  [
    "key too long, as the service says it",
    named(
      "ValidationException",
      "Size of rangekey has exceeded the maximum size limit of1024 bytes",
    ),
    "TOO_LARGE no",
    "TOO_LARGE no",
  ],
  ["credentials", named("CredentialsProviderError"), "UNAVAILABLE no", "UNAVAILABLE no"],
  ["access", named("AccessDeniedException"), "UNAVAILABLE no", "UNAVAILABLE no"],
  ["server error", named("InternalServerError"), "OUTCOME_UNKNOWN unknown", "UNAVAILABLE no"],
  ["unavailable", named("ServiceUnavailable"), "OUTCOME_UNKNOWN unknown", "UNAVAILABLE no"],
  ["any 5xx", named("Strange", "x", status(502)), "OUTCOME_UNKNOWN unknown", "UNAVAILABLE no"],
  [
    "reset, as the SDK calls it",
    named("TimeoutError", "socket hang up", { code: "ECONNRESET" }),
    "OUTCOME_UNKNOWN unknown",
    "UNAVAILABLE no",
  ],
  ["reset", named("Error", "x", { code: "EPIPE" }), "OUTCOME_UNKNOWN unknown", "UNAVAILABLE no"],
  ["refused", named("Error", "x", { code: "ECONNREFUSED" }), "UNAVAILABLE no", "UNAVAILABLE no"],
  [
    "refused under another name",
    named("TimeoutError", "x", { code: "ENOTFOUND" }),
    "UNAVAILABLE no",
    "UNAVAILABLE no",
  ],
  ["a fault of the SDK", new TypeError("x is undefined"), "INTERNAL unknown", "INTERNAL no"],
  ["an abort that was not ours", named("AbortError"), "INTERNAL unknown", "INTERNAL no"],
  ["nothing at all", undefined, "INTERNAL unknown", "INTERNAL no"],
];

describe("mapDynamodbError()", () => {
  test.each(TABLE)("%s", (_name, error, write, read) => {
    for (const [effect, wanted] of [
      ["write", write],
      ["read", read],
    ] as const) {
      const { code, applied, cause } = mapDynamodbError(error, effect);
      expect(`${code} ${applied}`).toBe(wanted);
      expect(cause).toBe(error);
    }
  });

  test("of a socket in use whose route went away says that a write may be done", () => {
    for (const [syscall, applied] of [
      ["connect", "no"],
      ["read", "unknown"],
      ["write", "unknown"],
    ]) {
      const error = Object.assign(new Error("no route"), { code: "EHOSTUNREACH", syscall });
      expect(mapDynamodbError(error, "write").applied).toBe(applied);
    }
  });

  test("tells the deadline from the caller who gave up", () => {
    const abort = named("AbortError");
    expect(mapDynamodbError(abort, "write", "deadline")).toMatchObject({
      code: "DEADLINE_EXCEEDED",
      applied: "unknown",
    });
    expect(mapDynamodbError(abort, "read", "cancelled")).toMatchObject({
      code: "CANCELLED",
      applied: "no",
    });
    // What the service said before the time was over counts for what it is.
    const said = mapDynamodbError(named("ValidationException"), "write", "deadline");
    expect(said).toMatchObject({ code: "INVALID_ARGUMENT", applied: "no" });
  });

  test("leaves an error of ours alone", () => {
    const ours = new KvError("CANCELLED", "the caller gave up");
    expect(mapDynamodbError(ours, "read")).toBe(ours);
  });
});
