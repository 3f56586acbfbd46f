/** What clients of worlds are allowed. */
import { type ClientLimits, MILLISECOND } from "kvdal";
import type { TrafficLimits } from "../check/history.ts";

/** Bounds of a call: short, so that retries, hedges and silence happen within a world. */
export const LIMITS: TrafficLimits &
  Pick<ClientLimits, "timeoutMicros" | "attemptTimeoutMicros"> &
  Partial<ClientLimits> = {
  timeoutMicros: 150 * MILLISECOND,
  attemptTimeoutMicros: 30 * MILLISECOND,
  attemptsMax: 5,
  backoffBase: 2 * MILLISECOND,
  backoffMax: 20 * MILLISECOND,
  retryShare: 0.25,
  retryBurst: 12,
  hedgeShare: 0.25,
  hedgeBurst: 5,
  refreshMicros: 40 * MILLISECOND,
};
