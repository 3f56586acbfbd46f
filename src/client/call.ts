/** The one loop that carries a logical call through its attempts (RETRY-1, RETRY-2). */
import type { ServerFacts } from "../model/capabilities.ts";
import { asKvError, KvError, withUnknownOutcome } from "../model/error.ts";
import type { KvRequest, KvResponseOf } from "../model/request.ts";
import type { Micros } from "../model/time.ts";
import { decideRetry, type RetryLimits } from "../policy/retry.ts";
import type { Env } from "../ports/env.ts";
import type { Random } from "../ports/random.ts";
import type { Transport } from "../ports/transport.ts";
import { pause } from "../ports/pause.ts";

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
  /** Told what each answer said of its server, and when its request was sent, by the monotonic clock. */
  readonly observe: (namespace: string, server: ServerFacts, sentAt: Micros) => void;
};

/** Until when a call may go on, by the monotonic clock, and who may give it up. */
export type CallBounds = { readonly deadline: Micros; readonly signal: AbortSignal };

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
  const { deadline, signal } = bounds;
  const mutates = request.kind === "put_items" || request.kind === "delete_items";
  let unknown = false;
  let last: KvError | undefined;
  for (let attempts = 1; ; attempts += 1) {
    const sentAt = clock.monotonic();
    const left = deadline - sentAt;
    const ended = endedBefore(left, signal, last);
    if (ended !== undefined) throw unknown ? withUnknownOutcome(ended) : ended;
    const budget = Math.min(parts.limits.attemptTimeoutMicros, left);
    try {
      const answer = await parts.transport(request, { budget, signal });
      parts.observe(request.namespace, answer.server, sentAt);
      return answer;
    } catch (thrown) {
      last = asKvError(thrown);
      unknown ||= last.applied === "unknown" && mutates;
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
      parts.env.telemetry.count(`retries_after_${last.code}`);
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
