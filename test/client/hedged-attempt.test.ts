// Goal: the first answer counts, the loser is cancelled, and a failure is the truth about both attempts.
// Method: a transport that answers when told to, in a world whose time is stepped by hand.
import { describe, expect, test } from "vitest";
import { hedgedAttempt } from "../../src/client/hedged-attempt.ts";
import { PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import { KvError, type KvErrorCode } from "../../src/model/error.ts";
import { matchAll } from "../../src/model/predicate.ts";
import type { KvRequest, KvResponseOf } from "../../src/model/request.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { Transport, TransportCall } from "../../src/ports/transport.ts";
import { countedSignal } from "../fakes/counted-signal.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { FACTS } from "../fakes/server-facts.ts";
import { settle, type SteppedEnv, steppedEnv } from "../fakes/stepped-env.ts";

const COMMON = { namespace: "n", capabilities: PLAIN_CLIENT, id: "r" } as const;
const TOKEN = { generationTime: 1, nonce: new Uint8Array(16) };
const PUT: KvRequest = { ...COMMON, kind: "put_items", token: TOKEN, items: [] };
const GET: KvRequest = { ...COMMON, kind: "get_items", predicate: matchAll, selection: {} };
const AFTER = 100;
const BUDGET = 500;

/** An attempt as the transport got it, and its end. */
type Attempt = {
  readonly request: KvRequest;
  readonly call: TransportCall;
  readonly at: number;
  readonly answer: () => void;
  readonly fail: (code: KvErrorCode, applied?: "no" | "unknown") => void;
};

type Run = {
  readonly env: SteppedEnv;
  readonly attempts: readonly Attempt[];
  readonly result: Promise<unknown>;
  /** How often it was asked for leave, and how many hedges won. */
  readonly asked: () => number;
  readonly won: () => number;
};

function run(
  request: KvRequest,
  { signal = neverAborted, leave = true }: { signal?: AbortSignal; leave?: boolean } = {},
): Run {
  const env = steppedEnv();
  const attempts: Attempt[] = [];
  let [asked, won] = [0, 0];
  const begun = env.clock.monotonic();
  const transport: Transport = <R extends KvRequest>(given: R, call: TransportCall) =>
    new Promise<KvResponseOf<R>>((resolve, reject) => {
      const number = attempts.length;
      attempts.push({
        request: given,
        call,
        at: env.clock.monotonic() - begun,
        answer: () => resolve({ number, server: FACTS } as unknown as KvResponseOf<R>),
        fail: (code, applied) => reject(new KvError(code, `of ${number}`, applied && { applied })),
      });
      call.signal.addEventListener("abort", () => reject(new KvError("CANCELLED", `of ${number}`)));
    });
  const result = hedgedAttempt(
    request,
    { budget: BUDGET, signal, turn: 4 },
    {
      clock: env.clock,
      timers: env.timers,
      transport,
      after: AFTER,
      mayBegin: () => {
        asked += 1;
        return leave;
      },
      onWon: () => {
        won += 1;
      },
    },
  );
  return { env, attempts, result, asked: () => asked, won: () => won };
}

/** A run with both attempts out. */
async function hedgedRun(request: KvRequest, options?: { signal?: AbortSignal }): Promise<Run> {
  const both = run(request, options);
  await both.env.advance(AFTER);
  expect(both.attempts.length).toBe(2);
  return both;
}

describe("hedgedAttempt()", () => {
  test("answered before the target is one attempt, and leaves nothing", async () => {
    const { env, attempts, result, asked } = run(PUT);
    await env.advance(AFTER - 1);
    attempts[0]?.answer();
    expect(await result).toMatchObject({ number: 0 });
    expect([attempts.length, env.pendingTimers(), asked()]).toEqual([1, 0, 0]);
    expect(attempts[0]?.call).toMatchObject({ budget: BUDGET, turn: 4 });
  });

  test("sends the very same request again at the target, to another server, until the first one's end", async () => {
    const { attempts } = await hedgedRun(PUT);
    expect(attempts.map(({ request }) => request === PUT)).toEqual([true, true]);
    expect(attempts.map(({ at }) => at)).toEqual([0, AFTER]);
    expect(attempts.map(({ call }) => [call.budget, call.turn])).toEqual([
      [BUDGET, 4],
      [BUDGET - AFTER, 5],
    ]);
  });

  test.each([
    [0, 1, 0],
    [1, 0, 1],
  ])("the answer of attempt %d counts, and attempt %d is cancelled", async (winner, loser, won) => {
    const both = await hedgedRun(GET);
    both.attempts[winner]?.answer();
    expect(await both.result).toMatchObject({ number: winner });
    expect(both.attempts[loser]?.call.signal.aborted).toBe(true);
    expect(both.attempts[winner]?.call.signal.aborted).toBe(false);
    expect([both.won(), both.env.pendingTimers()]).toEqual([won, 0]);
    // A late loser changes nothing.
    both.attempts[loser]?.answer();
    await settle();
    expect(await both.result).toMatchObject({ number: winner });
  });

  test("without leave it stays one attempt, and is asked no second time", async () => {
    const { env, attempts, result, asked } = run(GET, { leave: false });
    await env.advance(BUDGET - 1);
    expect([attempts.length, asked(), env.pendingTimers()]).toEqual([1, 1, 0]);
    attempts[0]?.answer();
    expect(await result).toMatchObject({ number: 0 });
  });

  test("starts no second attempt once the time is over, however late the timer fires", async () => {
    const { env, attempts, asked } = run(GET);
    env.stall(BUDGET);
    await env.advance(0);
    expect([attempts.length, asked()]).toEqual([1, 0]);
  });

  test("a failure before the target is the end", async () => {
    const { env, attempts, result } = run(PUT);
    attempts[0]?.fail("UNAVAILABLE");
    expect((await rejectionOf(result))?.message).toBe("UNAVAILABLE: of 0");
    expect(env.pendingTimers()).toBe(0);
    await env.advance(BUDGET);
    expect(attempts.length).toBe(1);
  });

  test.each([0, 1])(
    "when attempt %d fails, the other one's answer is waited for",
    async (first) => {
      const { attempts, result } = await hedgedRun(PUT);
      attempts[first]?.fail("TOKEN_FROM_PAST");
      await settle();
      attempts[1 - first]?.answer();
      expect(await result).toMatchObject({ number: 1 - first });
    },
  );

  test.each<
    readonly [
      KvErrorCode,
      KvErrorCode,
      told: string,
      ofPut: "no" | "unknown",
      ofGet: "no" | "unknown",
    ]
  >([
    ["UNAVAILABLE", "OVERLOADED", "OVERLOADED: of 1", "no", "no"],
    ["OUTCOME_UNKNOWN", "UNAVAILABLE", "UNAVAILABLE: of 1", "unknown", "no"],
    ["UNAVAILABLE", "DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED: of 1", "unknown", "unknown"],
    ["DEADLINE_EXCEEDED", "TOKEN_FROM_PAST", "TOKEN_FROM_PAST: of 1", "unknown", "no"],
    ["TOO_LARGE", "OUTCOME_UNKNOWN", "TOO_LARGE: of 0", "unknown", "no"],
    ["TOO_LARGE", "INVALID_ARGUMENT", "TOO_LARGE: of 0", "no", "no"],
  ])("when both fail, %s then %s, it says %s", async (first, second, told, ofPut, ofGet) => {
    for (const [request, applied] of [
      [PUT, ofPut],
      [GET, ofGet],
    ] as const) {
      const { attempts, result, env } = await hedgedRun(request);
      const rejection = rejectionOf(result);
      attempts[0]?.fail(first);
      await settle();
      attempts[1]?.fail(second);
      const error = await rejection;
      expect([error?.message, error?.applied]).toEqual([told, applied]);
      expect(env.pendingTimers()).toBe(0);
    }
  });

  test("a caller who gives up cancels both, and is told what that leaves open", async () => {
    const { signal, abort, listeners } = countedSignal();
    const { attempts, result, env } = await hedgedRun(PUT, { signal });
    expect(listeners()).toBe(1);
    abort();
    const error = await rejectionOf(result);
    expect([error?.code, error?.applied]).toEqual(["CANCELLED", "unknown"]);
    expect(attempts.map(({ call }) => call.signal.aborted)).toEqual([true, true]);
    expect([listeners(), env.pendingTimers()]).toEqual([0, 0]);
  });

  test("a caller who gives up before the target has no second attempt made", async () => {
    const { signal, abort, listeners } = countedSignal();
    const { attempts, result, env } = run(GET, { signal });
    abort();
    expect((await rejectionOf(result))?.code).toBe("CANCELLED");
    await env.advance(BUDGET);
    expect([attempts.length, listeners(), env.pendingTimers()]).toEqual([1, 0, 0]);
  });

  test("a caller who could give up and does not keeps no listener", async () => {
    const { signal, listeners } = countedSignal();
    const { attempts, result } = await hedgedRun(GET, { signal });
    attempts[1]?.answer();
    await result;
    expect(listeners()).toBe(0);
  });
});
