/** Properties of operations that a failure needs: each was made plainer, and the plan run again. */
import { detailParts } from "../shrink/detail-parts.ts";
import type { WatchedRun } from "../watch-plan.ts";
import { asksAsMuch } from "./asks-as-much.ts";
import { partingOf } from "./difference.ts";
import { FUTURES, failingFutures, type FuturesOf } from "./futures.ts";

/** One of them, and how much depends on it. */
export type ToldProperty = {
  readonly says: string;
  /** Without it, so many of `futures` other environments fail all the same. */
  readonly failedWithout: number;
  readonly futures: number;
};

/** Most that are tried, and that are told. */
const TRIED_MAX = 12;
const TOLD_MAX = 3;
/** What a failure needs is missed by most other environments, too: what this one alone misses may be a matter of luck. */
const FAILED_MAX = FUTURES / 2;

/**
 * Those without which the plan passes, here and in most environments: first the one that most depends on, and of equals
 * the one without which the run goes the same way for longest. What an operation is about is none, nor when it begins.
 */
export async function neededProperties(
  of: FuturesOf,
  { fired }: WatchedRun,
): Promise<readonly ToldProperty[]> {
  const { plan } = of;
  const asked = new Set(plan.operations.flat().map(({ index }) => index));
  const parts = detailParts(plan).filter(
    ({ isWhen = false, without }) => !isWhen && asksAsMuch(plan, without(plan), asked),
  );
  const needed: (ToldProperty & { readonly event: number })[] = [];
  for (const { says, without } of parts.slice(0, TRIED_MAX)) {
    const rest = { ...of, plan: without(plan) };
    const passing = await of.watch(rest.plan, { events: true });
    if (of.fails(passing)) continue;
    const failedWithout = await failingFutures(1, rest);
    if (failedWithout > FAILED_MAX) continue;
    const event = partingOf(fired, passing.fired);
    needed.push({ says, failedWithout, futures: FUTURES, event });
  }
  const sorted = needed.toSorted((a, b) => a.failedWithout - b.failedWithout || b.event - a.event);
  return sorted
    .slice(0, TOLD_MAX)
    .map(({ says, failedWithout, futures }) => ({ says, failedWithout, futures }));
}
