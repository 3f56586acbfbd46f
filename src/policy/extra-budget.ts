/** How many extra requests there may be for so many calls: bounds retries and hedges, whatever goes wrong (RETRY-2, 3). */

/** A bound on extra requests. */
export type ExtraLimits = {
  /** Extra requests for each call, on the average; 0 for none, 1 for one each. */
  readonly share: number;
  /** Most that may be saved up while none are needed, requests; below one, a single one that was earned. */
  readonly burst: number;
};

/** The bound in whole numbers, so that however many shares add up exactly. Credit is counted in millionths. */
export type ExtraBudget = {
  readonly earned: number;
  /** What the burst is worth, for whoever has it before anything was earned. */
  readonly burst: number;
  readonly most: number;
};

/** What one extra request costs. */
const REQUEST = 1_000_000;

/** The budget by these limits. A share smaller than a millionth counts as none. */
export function extraBudget({ share, burst }: ExtraLimits): ExtraBudget {
  // A bound below the price of one request would forbid what was earned.
  return {
    earned: Math.floor(share * REQUEST),
    burst: burst * REQUEST,
    most: Math.max(1, burst) * REQUEST,
  };
}

/** The credit after another call. */
export function creditAfterCall(credit: number, { earned, most }: ExtraBudget): number {
  return Math.min(credit + earned, most);
}

/** Whether the credit is enough for an extra request. */
export function canAfford(credit: number): boolean {
  return credit >= REQUEST;
}

/** The credit after an extra request that it was enough for. */
export function creditAfterExtra(credit: number): number {
  return credit - REQUEST;
}
