/** Errors of the driver and of the servers, mapped once (ERR-2), with what may be concluded of a write (TOK-8). */
import { type Applied, KvError, type KvErrorCode } from "../../model/error.ts";
import { isUnconnected } from "../shared/unconnected.ts";

/** Whether the native call would have changed anything: a read never has an outcome to be unsure of. */
export type Effect = "read" | "write";

type Verdict = { readonly code: KvErrorCode; readonly applied: Applied };

const UNREACHED: Verdict = { code: "UNAVAILABLE", applied: "no" };
const UNKNOWN: Verdict = { code: "OUTCOME_UNKNOWN", applied: "unknown" };
const REFUSED: Verdict = { code: "INVALID_ARGUMENT", applied: "no" };
const LARGE: Verdict = { code: "TOO_LARGE", applied: "no" };
const UNFORESEEN: Verdict = { code: "INTERNAL", applied: "unknown" };

/** Codes of the native protocol. What is not here is unforeseen. */
const BY_RESPONSE: ReadonlyMap<number, Verdict> = new Map([
  [0x0000, UNKNOWN], // server error
  [0x0100, UNREACHED], // bad credentials
  [0x1000, UNREACHED], // unavailable: too few replicas alive, nothing sent to any
  // A coordinator may give up over its hints after it has written to some replicas.
  [0x1001, { code: "OVERLOADED", applied: "unknown" }],
  [0x1002, UNREACHED], // is bootstrapping
  [0x1100, UNKNOWN], // write timeout
  [0x1200, UNREACHED], // read timeout
  // Read failure: as a rule more tombstones in the way than the server reads past; asking again will not help.
  [0x1300, { code: "INTERNAL", applied: "no" }],
  [0x1500, UNKNOWN], // write failure
  [0x1600, UNKNOWN], // change capture failed on a replica
  [0x1700, UNKNOWN], // conditional write of unknown outcome
  [0x2000, { code: "INTERNAL", applied: "no" }], // syntax: our statements are at fault
  [0x2100, UNREACHED], // unauthorized
  [0x2200, REFUSED], // invalid
  [0x2300, REFUSED], // config
  [0x2400, REFUSED], // exists
]);

/** Whether a replica began to read and failed, for which the usual reason is too many tombstones (0x1300). */
export function isReadFailure(error: unknown): boolean {
  const cause: unknown = error instanceof KvError ? error.cause : undefined;
  const { name, code } = (cause ?? {}) as Readonly<Record<string, unknown>>;
  return name === "ResponseError" && code === 0x1300;
}

/** The error as the port knows it, the original as its cause. A `KvError` stays what it is. */
export function mapCassandraError(error: unknown, effect: Effect): KvError {
  if (error instanceof KvError) return error;
  const { code, applied } = judge(error);
  const told = effect === "read" && code === "OUTCOME_UNKNOWN" ? "UNAVAILABLE" : code;
  const message = error instanceof Error ? error.message : String(error);
  return new KvError(told, message, { applied: effect === "read" ? "no" : applied, cause: error });
}

/** The driver's classes are told by their names: its own loading is put off until an engine is opened. */
function judge(error: unknown): Verdict {
  const { name, code, message } = (error ?? {}) as Readonly<Record<string, unknown>>;
  switch (name) {
    case "ResponseError":
      return judgeResponse(Number(code), String(message));
    case "NoHostAvailableError":
      return judgeHosts((error as { readonly innerErrors?: unknown }).innerErrors);
    case "OperationTimedOutError":
      return { code: "DEADLINE_EXCEEDED", applied: "unknown" };
    case "BusyConnectionError":
      return { code: "OVERLOADED", applied: "no" };
    case "AuthenticationError":
      return UNREACHED;
    // Arguments are checked before anything is sent.
    case "ArgumentError":
    case "NotSupportedError":
      return { code: "INTERNAL", applied: "no" };
    default:
      return judgeSocket(error) ?? UNFORESEEN;
  }
}

function judgeResponse(code: number, message: string): Verdict {
  // Tables are made before they are used, so it is a node that has not heard of one yet: another one, or later, does.
  if (code === 0x2200 && /does not exist$|^unconfigured table/i.test(message)) return UNREACHED;
  if (code === 0x2200 && /too (big|large)|longer than maximum/i.test(message)) return LARGE;
  return BY_RESPONSE.get(code) ?? UNFORESEEN;
}

/** Each host that was tried has an error of its own. One that leaves the outcome open leaves it open for all. */
function judgeHosts(innerErrors: unknown): Verdict {
  const tried: unknown[] = Object.values(innerErrors ?? {});
  // A host that was not even tried has a text for an error.
  const verdicts = tried.filter((inner) => typeof inner !== "string").map(judge);
  return verdicts.find(({ applied }) => applied === "unknown") ?? verdicts[0] ?? UNREACHED;
}

/** The driver marks errors of its sockets, and among them those of requests that it had not written yet. */
function judgeSocket(error: unknown): Verdict | undefined {
  const facts = (error ?? {}) as Readonly<Record<string, unknown>>;
  const { code, isSocketError, requestNotWritten } = facts;
  if (requestNotWritten === true || isUnconnected(facts)) return UNREACHED;
  if (isSocketError === true || typeof code === "string") return UNKNOWN;
  return undefined;
}
