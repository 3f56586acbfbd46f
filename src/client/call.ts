/** The one loop that carries a logical call through its attempts (RETRY-1, RETRY-2). */
import { KvError, withUnknownOutcome } from "../model/error.ts";
import type { KvRequest, KvResponseOf } from "../model/request.ts";
import type { Micros } from "../model/time.ts";
import { decideRetry, type RetryLimits } from "../policy/retry.ts";
import type { Env } from "../ports/env.ts";
import type { Random } from "../ports/random.ts";
import { sleep } from "../ports/timers.ts";
import type { Transport } from "../ports/transport.ts";

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
  /** Gives up: rejects with CANCELLED, and no further attempt is made. */
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
  const deadline = clock.monotonic() + bounds.timeout;
  let unknown = false;
  for (let attempts = 1; ; attempts += 1) {
    const budget = Math.min(parts.limits.attemptTimeoutMicros, deadline - clock.monotonic());
    try {
      return await parts.transport(request, { budget, signal: bounds.signal });
    } catch (thrown) {
      const error = asKvError(thrown);
      unknown ||= error.applied === "unknown" && request.kind !== "get_items";
      const decision = decideRetry(
        {
          attempts,
          retry: bounds.signal.aborted ? "never" : error.retry,
          repeatable: true,
          timeLeft: deadline - clock.monotonic(),
          draw: parts.random.below(0x1_0000),
        },
        parts.limits,
      );
      if (decision.kind === "give_up") throw unknown ? withUnknownOutcome(error) : error;
      await sleep(timers, decision.after);
    }
  }
}

/** Anything else than a `KvError` is a fault of this software, and says so. */
function asKvError(thrown: unknown): KvError {
  if (thrown instanceof KvError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new KvError("INTERNAL", `unexpected: ${message}`, { cause: thrown });
}
