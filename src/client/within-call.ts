/** What a call waits for beside its requests, within its bounds (RES-1). */
import { asKvError, KvError, withoutEffect } from "../model/error.ts";
import type { Env } from "../ports/env.ts";
import { type CallBounds, checkSignal } from "./call.ts";

/**
 * What `work` comes to, which is done before a mutation is begun: a source of tokens that does not answer must not hold
 * the call. Rejects, nothing having been begun, with DEADLINE_EXCEEDED or CANCELLED, or as the work does.
 */
export async function withinCall<T>(
  work: Promise<T>,
  { deadline, signal }: Pick<CallBounds, "deadline" | "signal">,
  { clock, timers }: Pick<Env, "clock" | "timers">,
): Promise<T> {
  checkSignal(signal);
  const { promise, reject } = Promise.withResolvers<never>();
  const left = deadline - clock.monotonic();
  const cancelTimer = timers.after(left > 0 ? left : 0, () =>
    reject(new KvError("DEADLINE_EXCEEDED", "no token had come in the time of the call")),
  );
  const onAbort = (): void => reject(new KvError("CANCELLED", "the caller gave up"));
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } catch (thrown) {
    throw withoutEffect(asKvError(thrown));
  } finally {
    cancelTimer();
    signal.removeEventListener("abort", onAbort);
  }
}
