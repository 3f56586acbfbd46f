/**
 * The closed set of errors (ERR-1). A caller branches on `code`; messages say what failed, what was found and
 * what is wanted, in that order, and may change.
 */

/** Every code there is. */
export type KvErrorCode =
  | "INVALID_ARGUMENT"
  | "TOO_LARGE"
  | "TOKEN_FROM_PAST"
  | "TOKEN_FROM_FUTURE"
  | "NAMESPACE_NOT_FOUND"
  | "UNSUPPORTED"
  | "OVERLOADED"
  | "UNAVAILABLE"
  | "DEADLINE_EXCEEDED"
  | "OUTCOME_UNKNOWN"
  | "CANCELLED"
  | "DATA_LOSS"
  | "INTERNAL";

/** Whether the mutation that failed took effect: certainly not, or possibly (TOK-8). */
export type Applied = "no" | "unknown";

/** Whether trying again can help: never, always safe, or safe with the same idempotency token. */
export type Retry = "never" | "safe" | "with-token";

/** What a code means to a caller. */
export type KvErrorFacts = {
  readonly meaning: string;
  /** Name of the gRPC status the code travels as. */
  readonly grpc: string;
  readonly applied: Applied;
  readonly retry: Retry;
};

/**
 * The table (ERR-1). `applied` is what holds when nothing more is known: one error may say unknown where its code
 * says no, after an attempt that ended unknown (TOK-3), or no where nothing had been started yet.
 */
export const ERROR_TABLE: Readonly<Record<KvErrorCode, KvErrorFacts>> = {
  INVALID_ARGUMENT: {
    meaning: "the request breaks a rule of the interface; mend the caller",
    grpc: "INVALID_ARGUMENT",
    applied: "no",
    retry: "never",
  },
  TOO_LARGE: {
    meaning: "an id, key, value or request is past a declared limit",
    grpc: "INVALID_ARGUMENT",
    applied: "no",
    retry: "never",
  },
  TOKEN_FROM_PAST: {
    meaning: "the token is older than the acceptance window; this attempt was not applied",
    grpc: "FAILED_PRECONDITION",
    applied: "no",
    retry: "never",
  },
  TOKEN_FROM_FUTURE: {
    meaning: "the token is ahead of the server's clock by more than the allowed drift",
    grpc: "FAILED_PRECONDITION",
    applied: "no",
    retry: "never",
  },
  NAMESPACE_NOT_FOUND: {
    meaning: "no namespace of this name is configured",
    grpc: "NOT_FOUND",
    applied: "no",
    retry: "never",
  },
  UNSUPPORTED: {
    meaning: "this side, or the engine behind the namespace, declares that it cannot do this",
    grpc: "UNIMPLEMENTED",
    applied: "no",
    retry: "never",
  },
  OVERLOADED: {
    meaning: "a limit on work in progress was reached before anything was done",
    grpc: "RESOURCE_EXHAUSTED",
    applied: "no",
    retry: "safe",
  },
  UNAVAILABLE: {
    meaning: "the other side could not be reached and has not begun",
    grpc: "UNAVAILABLE",
    applied: "no",
    retry: "safe",
  },
  DEADLINE_EXCEEDED: {
    meaning: "the time given ran out; a mutation may yet take effect",
    grpc: "DEADLINE_EXCEEDED",
    applied: "unknown",
    retry: "with-token",
  },
  OUTCOME_UNKNOWN: {
    meaning: "contact was lost after the work was sent; a mutation may have taken effect",
    grpc: "UNAVAILABLE",
    applied: "unknown",
    retry: "with-token",
  },
  CANCELLED: {
    meaning: "the caller gave up; a mutation may yet take effect",
    grpc: "CANCELLED",
    applied: "unknown",
    retry: "with-token",
  },
  DATA_LOSS: {
    meaning: "stored bytes are missing or do not decode",
    grpc: "DATA_LOSS",
    applied: "no",
    retry: "never",
  },
  INTERNAL: {
    meaning: "a fault of this software or an answer of the engine that nobody foresaw",
    grpc: "INTERNAL",
    applied: "unknown",
    retry: "never",
  },
};

/** All codes, in the order of the table. */
export const ERROR_CODES: readonly KvErrorCode[] = Object.keys(ERROR_TABLE) as KvErrorCode[];

/** What may be said beyond code and message. */
export type KvErrorOptions = {
  /** Instead of what the code says. `no` only when the mutation has certainly not been applied and never will be. */
  readonly applied?: Applied;
  readonly cause?: unknown;
};

/** The one error class. `code` is stable; `applied` and `retry` tell what may be concluded and done. */
export class KvError extends Error {
  readonly code: KvErrorCode;
  readonly applied: Applied;
  readonly retry: Retry;

  constructor(code: KvErrorCode, message: string, options: KvErrorOptions = {}) {
    super(`${code}: ${message}`, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "KvError";
    this.code = code;
    this.applied = options.applied ?? ERROR_TABLE[code].applied;
    this.retry = ERROR_TABLE[code].retry;
  }
}

/** The same error, saying that the mutation may have taken effect: for an attempt after an unknown one (TOK-3). */
export function withUnknownOutcome(error: KvError): KvError {
  if (error.applied === "unknown") return error;
  const bare = error.message.slice(error.code.length + 2);
  return new KvError(error.code, bare, { applied: "unknown", cause: error });
}

/** The same error of a mutation that was never begun, whatever became of its preparations. */
export function withoutEffect(error: KvError): KvError {
  if (error.applied === "no") return error;
  const bare = error.message.slice(error.code.length + 2);
  return new KvError(error.code, bare, { applied: "no", cause: error });
}

/** What was thrown, if it is a `KvError`; anything else is a fault of this software, and says so. */
export function asKvError(thrown: unknown): KvError {
  if (thrown instanceof KvError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new KvError("INTERNAL", `unexpected: ${message}`, { cause: thrown });
}
