/**
 * Oracle for errors that no client has reason to meet: faults of this software, tokens that do not work, and failures in
 * a world in which nothing fails.
 */
import type { History, Oracle, Violation } from "./history.ts";
import { operationsOf, requestWords } from "./request-words.ts";
import type { ServerFailure } from "./server-history.ts";

type FaultRule = "ERR-3" | "PAGE-3" | "CHUNK-5";
type Broken = Violation<FaultRule> | undefined;

/** Judges the first such error. A well-formed read that is refused as malformed met its own page token (PAGE-3). */
export const faultsOracle: Oracle<FaultRule> = {
  name: "faults",
  rules: ["ERR-3", "PAGE-3", "CHUNK-5"],
  check: ({ fault, failures, isCalm }: History): Broken => {
    if (fault === undefined) return isCalm ? checkFailures(failures) : undefined;
    const { operation, kind, code, message } = fault;
    const isOfToken = kind === "read" && code === "INVALID_ARGUMENT";
    const rule = code === "DATA_LOSS" ? "CHUNK-5" : isOfToken ? "PAGE-3" : "ERR-3";
    return { rule, what: `a client met ${message}`, operations: [operation] };
  },
};

/** What a server may say where nothing fails: that it has too much to do, or that clocks are too far apart. */
const CALM_CODES: ReadonlySet<string> = new Set([
  "OVERLOADED",
  "TOKEN_FROM_PAST",
  "TOKEN_FROM_FUTURE",
]);
/** With less time than this for a read, messages between sound nodes may be too slow, microseconds. */
const BUDGET_LEAST = 20_000;
/** So many reads of a value's chunks are under way at a time. */
const READS_AT_A_TIME = 4;

function checkFailures(failures: readonly ServerFailure[]): Broken {
  const unfounded = failures.find(
    (failure) => !CALM_CODES.has(failure.code) && !mayHaveBeenTooLittle(failure),
  );
  if (unfounded === undefined) return undefined;
  const { kind, code, budget, request } = unfounded;
  const found = `a server failed a ${kind} of ${budget} µs with ${code}`;
  const what = `${requestWords(request)}${found} in a world where nothing fails`;
  return { rule: "ERR-3", what, operations: operationsOf(request) };
}

/** Whether the time that it had may be too little for what it had to read, though nothing fails. */
function mayHaveBeenTooLittle({ code, budget, reads }: ServerFailure): boolean {
  const turns = Math.max(1, Math.ceil(reads / READS_AT_A_TIME));
  return code === "DEADLINE_EXCEEDED" && budget < turns * BUDGET_LEAST;
}
