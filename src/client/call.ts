/** The one loop that carries a logical call through its attempts (RETRY-1, RETRY-2). */
import { asKvError, KvError, withUnknownOutcome } from "../model/error.ts";
import type { KvRequest, KvResponseOf } from "../model/request.ts";
import type { Micros } from "../model/time.ts";
import { decideRetry, type RetryLimits } from "../policy/retry.ts";
import type { Env } from "../ports/env.ts";
import type { Random } from "../ports/random.ts";
import type { Transport } from "../ports/transport.ts";
import { pause } from "./pause.ts";

/** The bounds of a logical call. */
export type CallLimits = RetryLimits & {
  /** Time a logical call has when its caller names none, microseconds. */
  readonly timeoutMicros: Micros;
  /** Most time one attempt gets, microseconds. */
  readonly attemptTimeoutMicros: Micros;
};

/** What a caller may say of one call. */
export type CallOptions = {
  /** Time the call may take with all its attempts, microseconds. */
  readonly timeoutMicros?: Micros;
  /** Gives up: rejects at once, with CANCELLED where the call would have gone on; no further attempt is made. */
  readonly signal?: AbortSignal;
};

/** What the loop works with. */
export type CallParts = {
  readonly env: Env;
  readonly random: Random;
  readonly transport: Transport;
  readonly limits: CallLimits;
};

/** Time and signal of one call, settled. */
export type CallBounds = { readonly timeout: Micros; readonly signal: AbortSignal };

/**
 * Sends `request` until it is answered or the error, the attempts or the time say stop. Every attempt is the same
 * value: same token, same absolute expiry (RETRY-1). Once an attempt of a mutation ended unknown, so does the
 * call, whatever a later attempt says, unless one succeeds (TOK-3).
 */
export async function callWithRetries<R extends KvRequest>(
  request: R,
  bounds: CallBounds,
  parts: CallParts,
): Promise<KvResponseOf<R>> {
  const { clock, timers } = parts.env;
  const { signal } = bounds;
  const deadline = clock.monotonic() + bounds.timeout;
  let unknown = false;
  let last: KvError | undefined;
  for (let attempts = 1; ; attempts += 1) {
    const left = deadline - clock.monotonic();
    const ended = endedBefore(left, signal, last);
    if (ended !== undefined) throw unknown ? withUnknownOutcome(ended) : ended;
    const budget = Math.min(parts.limits.attemptTimeoutMicros, left);
    try {
      return await parts.transport(request, { budget, signal });
    } catch (thrown) {
      last = asKvError(thrown);
      unknown ||= last.applied === "unknown" && request.kind !== "get_items";
      const decision = decideRetry(
        {
          attempts,
          retry: last.retry,
          repeatable: true,
          timeLeft: deadline - clock.monotonic(),
          draw: parts.random.below(0x1_0000),
        },
        parts.limits,
      );
      if (decision.kind === "give_up") throw unknown ? withUnknownOutcome(last) : last;
      await pause(timers, decision.after, signal);
    }
  }
}

/**
 * Why an attempt that is due does not start: the caller gave up, or the wait took all the time there was. Nothing
 * is sent, so what is known of the mutation is what the attempts before it told.
 */
function endedBefore(
  left: Micros,
  signal: AbortSignal,
  last: KvError | undefined,
): KvError | undefined {
  if (signal.aborted) {
    if (last?.code === "CANCELLED") return last;
    return new KvError("CANCELLED", "the caller gave up", { applied: "no", cause: last });
  }
  if (left > 0) return undefined;
  const found = `time left is ${left} µs, wanted more than 0`;
  return last ?? new KvError("DEADLINE_EXCEEDED", found, { applied: "no" });
}
