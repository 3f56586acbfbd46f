import type { Micros } from "../model/time.ts";
import type { KvRequest, KvResponseOf } from "../model/request.ts";

/** What goes with one attempt. */
export type TransportCall = {
  /** Time this attempt has, microseconds from now; it travels as a budget, clocks differ (SLO-3). */
  readonly budget: Micros;
  readonly signal: AbortSignal;
  /**
   * 0 for the first attempt of a request, one more for each after it, and for one beside it: a transport to several
   * servers sends each to another.
   */
  readonly turn: number;
};

/**
 * One attempt of one request at some server. Rejects with `KvError`: as the server said, or UNAVAILABLE when the
 * request certainly never left, OUTCOME_UNKNOWN when contact was lost, DEADLINE_EXCEEDED when the budget ran out.
 */
export type Transport = <R extends KvRequest>(
  request: R,
  call: TransportCall,
) => Promise<KvResponseOf<R>>;
