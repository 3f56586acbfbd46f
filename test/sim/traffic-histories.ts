/** What a client sent, and a server asked of its engine, for tests of oracles. */
import type { ClientTraffic, EngineCallRecord, ExtraAttempt } from "../../sim/check/index.ts";

/** A client that did as it may. */
export const traffic: ClientTraffic = {
  extras: [],
  strays: [],
  otherIntents: [],
  givenUp: [{ operation: 1, attempts: 4, timeLeft: 9_000, retries: 2 }],
  longestSilence: { operation: 1, micros: 41_100 },
  longestBudget: { operation: 1, beyondMax: 0 },
  longestOverrun: { operation: 1, beyond: 100 },
  longestUnhedged: { operation: 1, calls: 30, beyond: 2_000 },
};
/** As many retries as allowed, as early as allowed. */
export const retry: ExtraAttempt = {
  operation: 1,
  kind: "retry",
  calls: 10,
  count: 7,
  turn: 1,
  waited: 500,
  target: 0,
};
/** A hedge at the target. */
export const hedge: ExtraAttempt = {
  ...retry,
  kind: "hedge",
  count: 1,
  waited: 2_000,
  target: 2_000,
};

/** A call in time. */
export const engineCall: EngineCallRecord = {
  begun: 50,
  over: 100,
  deadline: 100,
  slowestRead: 0,
  rows: 10,
  rowsMax: 10,
  rowsLeft: 100,
};
