/** How a world can fail, and which way is the gravest. */
import type { PlanResult } from "../plan-result.ts";

/** Ways to fail, the gravest first: it decides how the program ends (README, "How `sim` ends"). */
export const FAILURE_KINDS = ["determinism", "crash", "violation", "liveness"] as const;

/**
 * `determinism`: two runs of one plan differ, so that nothing else found can be relied on. `crash`: the simulator, or
 * the code under test, threw what no client is ever told; the world was not judged. `violation`: a rule is broken.
 * `liveness`: nothing is wrong but that the world stopped, or a question in it is not answered once it is sound.
 */
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** A world that failed. */
export type Failure = {
  readonly seed: number;
  readonly kind: FailureKind;
  readonly rule: string;
  readonly what: string;
  readonly operations: readonly number[];
  /** Rules that other oracles see broken in it, too. */
  readonly also: readonly string[];
  /** Of the run that failed; empty for one that did not come to its end. */
  readonly fingerprint: string;
};

/** The failure that a verdict is; a world that was left waiting broke RES-1 by that alone. */
export function failureOf({
  seed,
  violation,
  isLive,
  fingerprint,
}: PlanResult): Failure | undefined {
  if (violation === undefined) return undefined;
  const kind = !isLive && violation.rule === "RES-1" ? "liveness" : "violation";
  const { rule, what, operations, also } = violation;
  return { seed, kind, rule, what, operations, also, fingerprint };
}

const NOTHING_MORE = { operations: [], also: [] };

/** The failure of a world in which something was thrown. */
export function crashOf(seed: number, error: unknown): Failure {
  const what = messages(error);
  return { seed, kind: "crash", rule: "CRASH", what, ...NOTHING_MORE, fingerprint: "" };
}

/** The failure of a world whose second run went another way. */
export function differenceOf(
  { seed, fingerprint: first }: PlanResult,
  second: string,
  where: string,
): Failure {
  const what = `two runs of one plan differ: ${first} and ${second}; ${where}`;
  const rule = "DETERMINISM";
  return { seed, kind: "determinism", rule, what, ...NOTHING_MORE, fingerprint: first };
}

/** The gravest of those that occurred. */
export function gravest(kinds: readonly FailureKind[]): FailureKind | undefined {
  return FAILURE_KINDS.find((kind) => kinds.includes(kind));
}

/** What an error says, and what the errors say that it came of. */
function messages(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
  return error.cause === undefined ? said : `${said}: ${messages(error.cause)}`;
}
