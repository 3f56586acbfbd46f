/** The one loop that carries a logical call through its attempts (RETRY-1, RETRY-2, RETRY-3). */
import type { ClientCapabilities } from "../model/capabilities.ts";
import { asKvError, KvError, withUnknownOutcome } from "../model/error.ts";
import { isMutation, type KvRequest, type KvResponseOf } from "../model/request.ts";
import type { Priority } from "../model/signals.ts";
import type { Micros } from "../model/time.ts";
import { planAttempt } from "../policy/hedge.ts";
import { objectiveOf } from "../policy/latency-objective.ts";
import { decideRetry, type RetryLimits } from "../policy/retry.ts";
import type { Env } from "../ports/env.ts";
import { pause } from "../ports/pause.ts";
import type { Random } from "../ports/random.ts";
import type { Transport, TransportCall } from "../ports/transport.ts";
import { beforeCall } from "./before-call.ts";
import { hedgedAttempt } from "./hedged-attempt.ts";
import type { NamespaceView } from "./namespace-view.ts";
import type { ServerView } from "./server-view.ts";

/** The bounds of a logical call. */
export type CallLimits = RetryLimits & {
  /** Time a logical call has when its caller names none, microseconds. */
  readonly timeoutMicros: Micros;
  /** Most time one attempt gets, microseconds; the namespace's longest latency, once it is told, where that is less. */
  readonly attemptTimeoutMicros: Micros;
  /** Second attempts of calls that failed, for each call of a namespace on the average, 0 to 1 (RETRY-2). */
  readonly retryShare: number;
  /** Retries that a client may make of a namespace's calls before it has earned any by further calls. */
  readonly retryBurst: number;
  /** Attempts beside one that takes longer than the target, for each call on the average, 0 to 1; 0 for none (RETRY-3). */
  readonly hedgeShare: number;
  /** Most hedges that calls which needed none save up for those that do. */
  readonly hedgeBurst: number;
  /** Having heard nothing of a namespace's server for so long, a client asks it before the next call, microseconds. */
  readonly refreshMicros: Micros;
};

/** What a caller may say of one call. */
export type CallOptions = {
  /** Time the call may take with all its attempts, microseconds. */
  readonly timeoutMicros?: Micros;
  /** Gives up: rejects at once, with CANCELLED where the call would have gone on; no further attempt is made. */
  readonly signal?: AbortSignal;
  /** What the call is worth when a server asks for less: default `normal`; one that is not sent is OVERLOADED. */
  readonly priority?: Priority;
};

/** What the loop works with. */
export type CallParts = {
  readonly env: Env;
  readonly random: Random;
  readonly transport: Transport;
  readonly limits: CallLimits;
  readonly capabilities: ClientCapabilities;
  readonly view: ServerView;
};

/** The bounds of one verb's call, whose requests may be several. */
export type CallBounds = {
  /** Until when it may go on, by the monotonic clock. */
  readonly deadline: Micros;
  /** Who may give it up. */
  readonly signal: AbortSignal;
  readonly priority: Priority;
  /** Whether a request of it has been let go: a call is held back before the first of them, or not at all. */
  isUnderWay: boolean;
};

/**
 * Sends `request` until it is answered or the error, the attempts, the budget or the time say stop. Every attempt is
 * the same value: same token, same absolute expiry (RETRY-1). Once an attempt of a mutation ended unknown, so does
 * the call, whatever a later attempt says, unless one succeeds (TOK-3).
 */
export async function callWithRetries<R extends KvRequest>(
  request: R,
  bounds: CallBounds,
  parts: CallParts,
): Promise<KvResponseOf<R>> {
  const { clock, telemetry, timers } = parts.env;
  const { deadline, signal } = bounds;
  checkSignal(signal);
  const view = parts.view.of(request.namespace);
  let now = clock.monotonic();
  const held = beforeCall(request, now, bounds, view, parts);
  if (held !== undefined) {
    await held;
    now = clock.monotonic();
  }
  let unknown = false;
  let last: KvError | undefined;
  for (let attempts = 1; ; attempts += 1) {
    const left = deadline - now;
    const ended = endedBefore(left, signal, last);
    if (ended !== undefined) throw unknown ? withUnknownOutcome(ended) : ended;
    if (attempts === 1) view.beginCall();
    try {
      const answer = await attempt(request, { left, signal, turn: attempts - 1 }, now, view, parts);
      parts.view.hear(view, answer.server, now, clock.monotonic());
      return answer;
    } catch (thrown) {
      last = asKvError(thrown);
      unknown ||= last.applied === "unknown" && isMutation(request);
      if (last.code === "OVERLOADED") view.noteRefusal();
      const decision = decideRetry(
        {
          attempts,
          retry: last.retry,
          repeatable: true,
          timeLeft: deadline - clock.monotonic(),
          isAffordable: view.canRetry(),
          draw: parts.random.below(0x1_0000),
        },
        parts.limits,
      );
      if (decision.kind === "give_up") {
        if (decision.why === "budget") telemetry.count("retries_over_budget");
        throw unknown ? withUnknownOutcome(last) : last;
      }
      view.spendRetry();
      telemetry.count(`retries_after_${last.code}`);
      await pause(timers, decision.after, signal);
      now = clock.monotonic();
    }
  }
}

/** Throws INVALID_ARGUMENT for what cannot be listened to: a controller in place of its signal, by callers without types. */
export function checkSignal(signal: AbortSignal): void {
  if (typeof (signal as AbortSignal | null)?.addEventListener === "function") return;
  throw new KvError("INVALID_ARGUMENT", "signal cannot be listened to, wanted an AbortSignal");
}

/** An attempt that is due, in what is left of the call. */
type DueAttempt = Omit<TransportCall, "budget"> & { readonly left: Micros };

/** Makes it by what servers told of this kind of call: until the longest latency, hedged at the target. */
function attempt<R extends KvRequest>(
  request: R,
  { left, signal, turn }: DueAttempt,
  now: Micros,
  view: NamespaceView,
  { env, transport, limits }: CallParts,
): Promise<KvResponseOf<R>> {
  view.beginAttempt();
  const objective = objectiveOf(view.facts?.slo, request.kind);
  const mayHedge = objective !== undefined && view.canHedge(now);
  const limit = limits.attemptTimeoutMicros;
  const { budget, hedgeAfter } = planAttempt({ limit, timeLeft: left, objective, mayHedge });
  const call = { budget, signal, turn };
  if (hedgeAfter === undefined) return transport(request, call);
  const { clock, timers, telemetry } = env;
  return hedgedAttempt(request, call, {
    clock,
    timers,
    transport,
    after: hedgeAfter,
    mayBegin: () => {
      if (!view.canHedge(clock.monotonic())) return false;
      view.spendHedge();
      telemetry.count("hedges");
      return true;
    },
    onWon: () => telemetry.count("hedges_won"),
  });
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
