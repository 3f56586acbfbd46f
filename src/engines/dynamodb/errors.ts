/** Errors of the SDK and of the service, mapped once (ERR-2), with what may be concluded of a write (TOK-8). */
import { type Applied, KvError, type KvErrorCode } from "../../model/error.ts";
import { isUnconnected } from "../shared/unconnected.ts";

/** Whether the native call would have changed anything: a read never has an outcome to be unsure of. */
export type Effect = "read" | "write";

/** Why the adapter itself ended a native call, if it did. */
export type Interruption = "deadline" | "cancelled" | undefined;

type Verdict = { readonly code: KvErrorCode; readonly applied: Applied };

const UNREACHED: Verdict = { code: "UNAVAILABLE", applied: "no" };
const UNKNOWN: Verdict = { code: "OUTCOME_UNKNOWN", applied: "unknown" };
const REFUSED: Verdict = { code: "INVALID_ARGUMENT", applied: "no" };
const LARGE: Verdict = { code: "TOO_LARGE", applied: "no" };
const BUSY: Verdict = { code: "OVERLOADED", applied: "no" };
const UNFORESEEN: Verdict = { code: "INTERNAL", applied: "unknown" };

/** Names of errors, of the service and of the SDK. What is not here is judged by how it arrived. */
const BY_NAME: ReadonlyMap<unknown, Verdict> = new Map([
  ["ProvisionedThroughputExceededException", BUSY],
  ["RequestLimitExceeded", BUSY],
  ["ThrottlingException", BUSY],
  ["LimitExceededException", BUSY],
  // A transaction of somebody else holds the item.
  ["TransactionConflictException", BUSY],
  ["ItemCollectionSizeLimitExceededException", LARGE],
  ["ResourceNotFoundException", REFUSED],
  ["AccessDeniedException", UNREACHED],
  ["CredentialsProviderError", UNREACHED],
  ["ExpiredTokenException", UNREACHED],
  ["IncompleteSignatureException", UNREACHED],
  ["InvalidSignatureException", UNREACHED],
  ["MissingAuthenticationTokenException", UNREACHED],
  ["UnrecognizedClientException", UNREACHED],
  ["InternalServerError", UNKNOWN],
  ["ServiceUnavailable", UNKNOWN],
  ["SerializationException", { code: "INTERNAL", applied: "no" }],
  // The SDK's name for a socket that was reset as well as for one that went silent.
  ["TimeoutError", UNKNOWN],
]);

/** The error as the port knows it, the original as its cause. A `KvError` stays what it is. */
export function mapDynamodbError(
  error: unknown,
  effect: Effect,
  interruption?: Interruption,
): KvError {
  if (error instanceof KvError) return error;
  const { code, applied } = interrupted(error, interruption) ?? judge(error);
  const told = effect === "read" && code === "OUTCOME_UNKNOWN" ? "UNAVAILABLE" : code;
  const message = error instanceof Error ? error.message : String(error);
  return new KvError(told, message, { applied: effect === "read" ? "no" : applied, cause: error });
}

function interrupted(error: unknown, interruption: Interruption): Verdict | undefined {
  if (interruption === undefined || factsOf(error)["name"] !== "AbortError") return undefined;
  const code = interruption === "deadline" ? "DEADLINE_EXCEEDED" : "CANCELLED";
  return { code, applied: "unknown" };
}

function judge(error: unknown): Verdict {
  const { name, code, message, $metadata } = factsOf(error);
  // An attempt to connect leaves a code beside whatever name the SDK gives it.
  if (isUnconnected(factsOf(error))) return UNREACHED;
  if (name === "ValidationException") {
    return /maximum allowed size|size limit|values must be under/i.test(String(message))
      ? LARGE
      : REFUSED;
  }
  const known = BY_NAME.get(name);
  if (known !== undefined) return known;
  const status = ($metadata as { readonly httpStatusCode?: number } | undefined)?.httpStatusCode;
  if (status !== undefined && status >= 500) return UNKNOWN;
  return typeof code === "string" ? UNKNOWN : UNFORESEEN;
}

function factsOf(error: unknown): Readonly<Record<string, unknown>> {
  return (error ?? {}) as Readonly<Record<string, unknown>>;
}
