/** What may happen to requests between a client and its server, as cases put it there. */
import { KvError, type Micros, SECOND } from "kvdal";
import type { Env, KvRequest, ServerFacts, Transport } from "kvdal/client";
import type { Around } from "./door.ts";

/** Requests that were seen, in order, and the most that were out at once. */
export type Watched = {
  readonly around: Around;
  readonly requests: readonly KvRequest[];
  readonly mostAtOnce: () => number;
};

/** Watches and changes nothing. */
export function watched(): Watched {
  const requests: KvRequest[] = [];
  let [out, most] = [0, 0];
  return {
    requests,
    mostAtOnce: () => most,
    around: (transport) => async (request, call) => {
      requests.push(request);
      out += 1;
      most = Math.max(most, out);
      try {
        return await transport(request, call);
      } finally {
        out -= 1;
      }
    },
  };
}

/** Sends what `change` makes of each request, of the same kind. */
export function changing(change: (request: KvRequest) => KvRequest): Around {
  return (transport) => (request, call) => transport(change(request) as typeof request, call);
}

/** Fails each request that `isLost` says yes to; it never arrives. */
export function losing(isLost: (request: KvRequest) => boolean, code: KvError["code"]): Around {
  return (transport) => async (request, call) => {
    if (isLost(request)) throw new KvError(code, "lost on the way, as the case has it");
    return transport(request, call);
  };
}

/** Which attempt it is. */
export type AttemptName = {
  readonly request: KvRequest;
  /** Of which request of the client, from 0; handshakes are not counted. */
  readonly nth: number;
  /** 0 for its first attempt. */
  readonly turn: number;
};

/** An attempt as its client sent it. Times by the steady clock. */
export type SentAttempt = AttemptName & {
  readonly budget: Micros;
  readonly begun: Micros;
  /** When it was over for its client; undefined as long as it is not. */
  ended: Micros | undefined;
  /** Whether its client took it back. */
  isCancelled: () => boolean;
  /** Has it arrived, now, whatever became of its client; resolves when the server is done with it. */
  readonly deliver: () => Promise<unknown>;
};

/** Time that the server of a late attempt has. */
const LATE_BUDGET: Micros = 30 * SECOND;

/** What becomes of an attempt: it passes, it stays on the way until its client ends it, or it fails. */
export type OnTheWay = "pass" | "stay" | KvError;

/** Attempts on their way, as a case decides; handshakes pass and are not kept. */
export type Decided = {
  readonly around: Around;
  readonly sent: readonly SentAttempt[];
  /** Those of one request. */
  readonly of: (nth: number) => readonly SentAttempt[];
};

/** Decides what becomes of each attempt. */
export function deciding(
  decide: (attempt: AttemptName) => OnTheWay,
  { clock, timers }: Env,
): Decided {
  const sent: SentAttempt[] = [];
  let requests = -1;
  const around: Around = (transport) => async (request, call) => {
    if (request.kind === "handshake") return transport(request, call);
    if (call.turn === 0) requests += 1;
    const known = sent.find((one) => one.request === request);
    const name: AttemptName = { request, nth: known?.nth ?? requests, turn: call.turn };
    const attempt: SentAttempt = {
      ...name,
      budget: call.budget,
      begun: clock.monotonic(),
      ended: undefined,
      isCancelled: () => call.signal.aborted,
      deliver: () => transport(request, arrivingLate(call)),
    };
    const fate = decide(name);
    sent.push(attempt);
    try {
      if (fate === "pass") return await transport(request, call);
      if (fate === "stay") return await untilEnded(call, timers);
      throw fate;
    } finally {
      attempt.ended = clock.monotonic();
    }
  };
  return { around, sent, of: (nth) => sent.filter((one) => one.nth === nth) };
}

/** Taken back by nobody, and with time for an engine that shares its machine: what it does is the question here. */
function arrivingLate(call: Parameters<Transport>[1]): Parameters<Transport>[1] {
  return {
    ...call,
    budget: Math.max(call.budget, LATE_BUDGET),
    signal: new AbortController().signal,
  };
}

/** Never answered: over when the time is, or when the client takes it back. */
function untilEnded(
  { budget, signal }: Parameters<Transport>[1],
  timers: Env["timers"],
): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (code: KvError["code"]): void => {
      cancelTimer();
      signal.removeEventListener("abort", onAbort);
      reject(new KvError(code, "stayed on the way, as the case has it"));
    };
    const onAbort = (): void => end("CANCELLED");
    const cancelTimer = timers.after(budget, () => end("DEADLINE_EXCEEDED"));
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort);
  });
}

/** Has every reply tell other facts. */
export function telling(change: (facts: ServerFacts) => Partial<ServerFacts>): Around {
  return (transport) => async (request, call) => {
    const reply = await transport(request, call);
    return { ...reply, server: { ...reply.server, ...change(reply.server) } };
  };
}
