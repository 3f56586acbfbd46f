/** Properties of operations, and of the world's set-up, that a failure needs: each was made plainer, and the plan run again. */
import { detailParts } from "../shrink/detail-parts.ts";
import type { Part } from "../shrink/part.ts";
import { settingParts } from "../shrink/setting-parts.ts";
import type { WatchedRun } from "../watch-plan.ts";
import type { Plan } from "../workload/plan.ts";
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

/** Most that are tried of each. */
const TRIED_MAX = 12;
/** Most that are told. */
const DETAILS_MAX = 3;
const SETTINGS_MAX = 2;
/** What a failure needs is missed by most other environments, too: what this one alone misses may be a matter of luck. */
const FAILED_MAX = FUTURES / 2;

/**
 * Those without which the plan passes, here and in most environments: of operations, then of the set-up; of each first the
 * one that most depends on, and of equals the one without which the run goes the same way for longest. What an operation
 * is about is none, nor when it begins, nor is what a world is asked at its end.
 */
export async function neededProperties(
  of: FuturesOf,
  run: WatchedRun,
): Promise<readonly ToldProperty[]> {
  const { plan } = of;
  const asked = new Set(plan.operations.flat().map(({ index }) => index));
  const details = detailParts(plan).filter(
    ({ isWhen = false, without }) => !isWhen && asksAsMuch(plan, without(plan), asked),
  );
  const settings = settingParts(plan).filter(({ without }) => isTelling(plan, without(plan)));
  return [
    ...(await neededOf(details, of, run)).slice(0, DETAILS_MAX),
    ...(await neededOf(settings, of, run)).slice(0, SETTINGS_MAX),
  ];
}

/** Networks are drawn anew anyway, and what is asked at the end is how it was seen, not why. */
function isTelling(plan: Plan, without: Plan): boolean {
  const { exact, costs, network } = plan;
  return without.exact === exact && without.costs === costs && without.network === network;
}

async function neededOf(
  parts: readonly Part[],
  of: FuturesOf,
  { fired }: WatchedRun,
): Promise<readonly ToldProperty[]> {
  const needed: (ToldProperty & { readonly event: number })[] = [];
  for (const { says, without } of parts.slice(0, TRIED_MAX)) {
    const rest = { ...of, plan: without(of.plan) };
    const passing = await of.watch(rest.plan, { events: true });
    if (of.fails(passing)) continue;
    const failedWithout = await failingFutures(1, rest);
    if (failedWithout > FAILED_MAX) continue;
    const event = partingOf(fired, passing.fired);
    needed.push({ says, failedWithout, futures: FUTURES, event });
  }
  return needed
    .toSorted((a, b) => a.failedWithout - b.failedWithout || b.event - a.event)
    .map(({ says, failedWithout, futures }) => ({ says, failedWithout, futures }));
}
