// Goal: every code says all that a caller may conclude (ERR-1), and an error never claims more than is known.
import { expect, test } from "vitest";
import { ERROR_CODES, ERROR_TABLE, KvError, withUnknownOutcome } from "../../src/model/error.ts";

const GRPC = new Set([
  "INVALID_ARGUMENT",
  "FAILED_PRECONDITION",
  "NOT_FOUND",
  "UNIMPLEMENTED",
  "RESOURCE_EXHAUSTED",
  "UNAVAILABLE",
  "DEADLINE_EXCEEDED",
  "CANCELLED",
  "DATA_LOSS",
  "INTERNAL",
]);

test("ERROR_CODES has every code once", () => {
  expect(ERROR_CODES.length).toBe(13);
  expect(new Set(ERROR_CODES)).toEqual(new Set(Object.keys(ERROR_TABLE)));
});

test.each(ERROR_CODES)("ERROR_TABLE has all facts of %s", (code) => {
  const facts = ERROR_TABLE[code];
  expect(facts.meaning).toMatch(/^[a-z].*[^.]$/);
  expect(facts.meaning).not.toContain("\n");
  expect(GRPC).toContain(facts.grpc);
  expect(["no", "unknown"]).toContain(facts.applied);
  expect(["never", "safe", "with-token"]).toContain(facts.retry);
  // What may have happened is never safe to repeat without the token.
  if (facts.applied === "unknown") expect(facts.retry).not.toBe("safe");
});

test.each(ERROR_CODES)("KvError of %s carries code, facts, name and a prefixed message", (code) => {
  const cause = new Error("below");
  const error = new KvError(code, "key is 9, wanted 8", { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe("KvError");
  expect(error.message).toBe(`${code}: key is 9, wanted 8`);
  expect(error.code).toBe(code);
  expect(error.applied).toBe(ERROR_TABLE[code].applied);
  expect(error.retry).toBe(ERROR_TABLE[code].retry);
  expect(error.cause).toBe(cause);
  expect("cause" in new KvError(code, "")).toBe(false);
});

test("KvError says of its own case what its code leaves open", () => {
  expect(new KvError("CANCELLED", "", { applied: "no" }).applied).toBe("no");
  expect(new KvError("UNAVAILABLE", "", { applied: "unknown" }).applied).toBe("unknown");
});

test.each(ERROR_CODES)("withUnknownOutcome() of %s says unknown, and the message once", (code) => {
  const error = new KvError(code, `${code}: nested: text`, { applied: "no" });
  const unknown = withUnknownOutcome(error);
  expect(unknown.applied).toBe("unknown");
  expect(unknown.code).toBe(code);
  expect(unknown.message).toBe(error.message);
  expect(unknown.retry).toBe(error.retry);
  expect(unknown.cause).toBe(error);
  expect(error.applied).toBe("no");
  expect(withUnknownOutcome(unknown)).toBe(unknown);
});
