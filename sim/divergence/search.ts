/** Looks for a difference between runs of one plan: twice at once, then with other worlds in between. */
import { drawPlan, type Plan } from "../workload/plan.ts";
import { type Divergence, divergenceOf, type LoggedRun, type RunLogged } from "./locate.ts";

/** What a search came to. */
export type DivergenceSearch = {
  readonly runs: number;
  /** Of each run, in turn. */
  readonly fingerprints: readonly string[];
  /** Events of the first run. */
  readonly events: number;
  /** Whether one of them is unlike the first. */
  readonly differs: boolean;
  /** Undefined where all runs are alike, as far as their steps are kept. */
  readonly divergence: Divergence | undefined;
  /** Worlds that ran between the two that differ. */
  readonly between: number;
  /** What a run threw: a trap that sprang, for one. */
  readonly error?: unknown;
};

/**
 * Runs `plan` up to `runs` times, until one is unlike the first. Before each run but the first two, one more other
 * world is run: what those leave behind is found so.
 */
export async function searchDivergence(
  plan: Plan,
  run: RunLogged,
  runs: number,
): Promise<DivergenceSearch> {
  const first = await run(plan);
  const fingerprints = [first.fingerprint];
  let other: LoggedRun = first;
  let divergence: Divergence | undefined;
  let differs = false;
  let between = 0;
  while (fingerprints.length < runs && !differs && other.error === undefined) {
    if (fingerprints.length > 1) {
      between += 1;
      await run(drawPlan(plan.seed + between, plan.topology));
    }
    other = await run(plan);
    fingerprints.push(other.fingerprint);
    divergence = divergenceOf(plan, first, other);
    differs = divergence !== undefined || other.fingerprint !== first.fingerprint;
  }
  const error = first.error ?? other.error;
  const { events } = first;
  const facts = { runs: fingerprints.length, fingerprints, events, differs, divergence, between };
  return { ...facts, ...(error === undefined ? {} : { error }) };
}
