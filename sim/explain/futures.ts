/** Other futures of a failing run: the environment drawn anew from an event on, many times over. */
import type { Fails } from "../shrink/search.ts";
import type { FiredEvent } from "../world/event-tap.ts";
import { hash32 } from "../world/keyed-random.ts";
import type { WatchPlan } from "../watch-plan.ts";
import type { Plan } from "../workload/plan.ts";

/** What is asked of. */
export type FuturesOf = {
  readonly plan: Plan;
  readonly watch: WatchPlan;
  readonly fails: Fails;
};

/** From where on a failure could not be avoided any more. */
export type Unavoidable = {
  /** Number of the event that decided, from 1; 0 where the plan alone makes it fail. */
  readonly event: number;
  readonly fired: FiredEvent | undefined;
  /** Of so many futures before it, and from it on, so many failed. */
  readonly futures: number;
  readonly failedBefore: number;
  readonly failedAfter: number;
};

/** Futures that are run for one event. */
export const FUTURES = 16;
/** So many of them failing is taken for all. */
const NEARLY_ALL = 16 * 0.95;
/** The widest that usual latencies of a world are apart, microseconds. */
const LATENCIES_APART = 1_500;
const FUTURE_DRAWS = 0xf0_70_2e;

/** How many of the futures from this event on fail. */
export async function failingFutures(event: number, of: FuturesOf): Promise<number> {
  const { latencyMin, latencyMax } = of.plan.network;
  const spread = Math.max(0, LATENCIES_APART - (latencyMax - latencyMin));
  let failed = 0;
  for (let turn = 0; turn < FUTURES; turn += 1) {
    const seed = hash32(of.plan.seed, turn, FUTURE_DRAWS);
    if (of.fails(await of.watch(of.plan, { reroll: { event, seed, spread } }))) failed += 1;
  }
  return failed;
}

/** Looks for the event from which on nearly all futures fail, by halves. */
export async function unavoidableFrom(
  of: FuturesOf,
  fired: readonly FiredEvent[],
): Promise<Unavoidable> {
  const fromStart = await failingFutures(1, of);
  const found = { futures: FUTURES, failedBefore: fromStart };
  if (fromStart >= NEARLY_ALL) {
    return { event: 0, fired: undefined, ...found, failedAfter: fromStart };
  }
  // What is drawn anew once event `high` has happened changes nothing any more; before `low` it may.
  let [low, high] = [1, fired.length + 1];
  let [failedBefore, failedAfter] = [fromStart, FUTURES];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const failed = await failingFutures(middle, of);
    if (failed >= NEARLY_ALL) [high, failedAfter] = [middle, failed];
    else [low, failedBefore] = [middle, failed];
  }
  // Drawn anew from `high` on it fails, from the event before on it may not: that one decided.
  return { event: low, fired: fired[low - 1], futures: FUTURES, failedBefore, failedAfter };
}
