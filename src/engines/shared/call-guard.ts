/** What every adapter asks before each native call. */
import { KvError } from "../../model/error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { EngineCall } from "../../ports/storage-engine.ts";

/**
 * Throws DEADLINE_EXCEEDED or CANCELLED when the call may start no more native work (SLO-1, SLO-3). Call it
 * before each native call; `applied` is `no` as long as none of them wrote.
 */
export function checkCall(call: EngineCall, clock: Clock, applied: "no" | "unknown"): void {
  if (call.signal.aborted) throw new KvError("CANCELLED", "the caller gave up", { applied });
  const late = clock.monotonic() - call.deadline;
  if (late >= 0) {
    throw new KvError("DEADLINE_EXCEEDED", `the deadline passed ${late} µs ago`, { applied });
  }
}

/** Milliseconds left for the next native call, at least 1, for client libraries that take a time-out. */
export function millisLeft(call: EngineCall, clock: Clock): number {
  return Math.max(1, Math.ceil((call.deadline - clock.monotonic()) / 1000));
}
