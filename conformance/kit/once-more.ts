/**
 * Cases that failed beside others for want of time are run once more, alone: on a busy machine that time went to
 * somebody else's work, and nothing is known of what is judged. What is really flawed fails alone, too.
 */
import type { Case } from "./conformance-case.ts";
import type { CaseResult } from "./runner.ts";

/** What any case is told where an engine, or its cache, had no time for it. */
const WAS_LATE = /the cache did not answer|^(?:DEADLINE_EXCEEDED|OUTCOME_UNKNOWN): |^no end after /;

/** How a suite tells results. */
type Telling = { readonly parallel: number; readonly onResult?: (result: CaseResult) => void };

/**
 * Runs the cases by `run`, then those that may have been held up once more by `again`, one at a time. Results come in
 * the order of the first run, and each is told once, when it is final.
 */
export async function runUnhurried<C extends Case<never, unknown>>(
  cases: readonly C[],
  { parallel, onResult }: Telling,
  run: (onResult: (result: CaseResult) => void) => Promise<readonly CaseResult[]>,
  again: (cases: readonly C[]) => Promise<readonly CaseResult[]>,
): Promise<readonly CaseResult[]> {
  const timed = new Set(cases.filter(({ isTimed }) => isTimed === true).map(({ id }) => id));
  const isHeldUp = ({ status, id, found = "" }: CaseResult): boolean =>
    parallel > 1 && status === "failed" && (timed.has(id) || WAS_LATE.test(found));
  const results = await run((result) => {
    if (!isHeldUp(result)) onResult?.(result);
  });
  const heldUp = new Map(results.filter(isHeldUp).map((result) => [result.id, result]));
  const seconds = await again(cases.filter(({ id }) => heldUp.has(id)));
  const finals = new Map(
    seconds.map((second) => [second.id, { ...second, beside: besideOf(heldUp.get(second.id)) }]),
  );
  for (const final of finals.values()) onResult?.(final);
  return results.map((result) => finals.get(result.id) ?? result);
}

function besideOf(first: CaseResult | undefined): string {
  return first?.message ?? "a failure";
}
