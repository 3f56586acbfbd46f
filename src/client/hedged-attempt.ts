/** An attempt that may get a second one beside it: the first answer counts, the other is cancelled (RETRY-3). */
import { asKvError, KvError, withUnknownOutcome } from "../model/error.ts";
import { isMutation, type KvRequest, type KvResponseOf } from "../model/request.ts";
import type { Micros } from "../model/time.ts";
import type { Clock } from "../ports/clock.ts";
import { neverAborted } from "../ports/never-aborted.ts";
import type { CancelTimer, Timers } from "../ports/timers.ts";
import type { Transport, TransportCall } from "../ports/transport.ts";

/** How an attempt is hedged. */
export type Hedging = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly transport: Transport;
  /** Time until the second attempt; shorter than the budget of the first. */
  readonly after: Micros;
  /** Asked when that time has come: whether there is to be a second attempt. */
  readonly mayBegin: () => boolean;
  /** Told when the second attempt's answer is the one that counts. */
  readonly onWon: () => void;
};

/**
 * Both attempts are the same request and end when the first one's budget does. One that fails while the other is out
 * is not the end: the other's answer is waited for, since a mutation that may yet take effect has not failed. What
 * rejects in the end is the last failure, or one that no repetition mends; of a mutation it says unknown when either
 * attempt did (TOK-3). Nothing is left of the loser but what its server may still do with it, which changes nothing.
 */
export function hedgedAttempt<R extends KvRequest>(
  request: R,
  call: TransportCall,
  hedging: Hedging,
): Promise<KvResponseOf<R>> {
  return new Promise((resolve, reject) => {
    new HedgedAttempt(request, call, hedging, { resolve, reject }).start();
  });
}

/** Who waits for the attempt. */
type Caller<R extends KvRequest> = {
  readonly resolve: (answer: KvResponseOf<R>) => void;
  readonly reject: (error: KvError) => void;
};

class HedgedAttempt<R extends KvRequest> {
  readonly #request: R;
  readonly #call: TransportCall;
  readonly #hedging: Hedging;
  /**
   * Let go when the attempt is over: timers and signals of the platform are let go late, and by its caller an attempt
   * that is over would keep the whole answer, a page of megabytes, until all of the heap is collected.
   */
  #caller: Caller<R> | undefined;
  readonly #giveUp: () => void;
  readonly #begun: Micros;
  readonly #cancelTimer: CancelTimer;
  /** Attempts that are out, at most two. */
  #out: AbortController[] = [];
  #failure: KvError | undefined;

  constructor(request: R, call: TransportCall, hedging: Hedging, caller: Caller<R>) {
    this.#request = request;
    this.#call = call;
    this.#hedging = hedging;
    this.#caller = caller;
    this.#giveUp = () => this.#cancelAll();
    this.#begun = hedging.clock.monotonic();
    this.#cancelTimer = hedging.timers.after(hedging.after, () => this.#hedge());
  }

  start(): void {
    const { budget, turn, signal } = this.#call;
    if (signal !== neverAborted) signal.addEventListener("abort", this.#giveUp, { once: true });
    this.#send(budget, turn);
  }

  #hedge(): void {
    const { clock, mayBegin } = this.#hedging;
    const left = this.#call.budget - (clock.monotonic() - this.#begun);
    if (left > 0 && mayBegin()) this.#send(left, this.#call.turn + 1);
  }

  #send(budget: Micros, turn: number): void {
    const attempt = new AbortController();
    this.#out.push(attempt);
    this.#hedging.transport(this.#request, { budget, turn, signal: attempt.signal }).then(
      (answer) => {
        if (!this.#isOut(attempt)) return;
        const caller = this.#end(attempt);
        if (turn !== this.#call.turn) this.#hedging.onWon();
        caller?.resolve(answer);
      },
      (thrown: unknown) => {
        if (this.#isOut(attempt)) this.#fail(attempt, asKvError(thrown));
      },
    );
  }

  /** Not so for the loser: whatever comes of it is nobody's business any more. */
  #isOut(attempt: AbortController): boolean {
    return this.#out.includes(attempt);
  }

  #fail(attempt: AbortController, error: KvError): void {
    this.#failure = told(this.#failure, error, isMutation(this.#request));
    this.#out = this.#out.filter((other) => other !== attempt);
    if (this.#out.length > 0) return;
    this.#end(attempt)?.reject(this.#failure);
  }

  /** Each attempt says by itself that it was cancelled, and what that leaves open. */
  #cancelAll(): void {
    this.#cancelTimer();
    for (const attempt of this.#out) attempt.abort(GIVEN_UP);
  }

  #end(last: AbortController): Caller<R> | undefined {
    this.#cancelTimer();
    const { signal } = this.#call;
    if (signal !== neverAborted) signal.removeEventListener("abort", this.#giveUp);
    const out = this.#out;
    this.#out = [];
    for (const other of out) if (other !== last) other.abort(LOST);
    const caller = this.#caller;
    this.#caller = undefined;
    return caller;
  }
}

/** Reasons of aborts, made once: without one a `DOMException` is made each time, with its stack. */
const GIVEN_UP = new KvError("CANCELLED", "the caller gave up");
const LOST = new KvError("CANCELLED", "another attempt was faster");

/** What both failures come to. */
function told(first: KvError | undefined, second: KvError, mutates: boolean): KvError {
  if (first === undefined) return second;
  const one = first.retry === "never" ? first : second;
  const isOpen = mutates && (first.applied === "unknown" || second.applied === "unknown");
  return isOpen ? withUnknownOutcome(one) : one;
}
