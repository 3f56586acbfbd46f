// Goal: a logical call ends in bounds, with the truth about its mutation, and leaves nothing behind.
// Method: a scripted transport in a world whose time is stepped by hand.
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { type CallBounds, type CallLimits, callWithRetries } from "../../src/client/call.ts";
import { ServerView } from "../../src/client/server-view.ts";
import { monotonicTokens } from "../../src/client/token-source.ts";
import { PLAIN_CLIENT, type ServerFacts } from "../../src/model/capabilities.ts";
import { ERROR_CODES, ERROR_TABLE, KvError, type KvErrorCode } from "../../src/model/error.ts";
import { matchAll } from "../../src/model/predicate.ts";
import type { KvRequest, KvResponseOf } from "../../src/model/request.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { Transport, TransportCall } from "../../src/ports/transport.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { countedSignal } from "../fakes/counted-signal.ts";
import { FACTS } from "../fakes/server-facts.ts";
import { settle, type SteppedEnv, steppedEnv } from "../fakes/stepped-env.ts";

const PUT: KvRequest = {
  kind: "put_items",
  namespace: "n",
  capabilities: PLAIN_CLIENT,
  id: "r",
  token: { generationTime: 1, nonce: new Uint8Array(16) },
  items: [],
};
const GET: KvRequest = {
  kind: "get_items",
  namespace: "n",
  capabilities: PLAIN_CLIENT,
  id: "r",
  predicate: matchAll,
  selection: {},
};

const LIMITS: CallLimits = {
  timeoutMicros: 1_000_000,
  attemptTimeoutMicros: 200_000,
  attemptsMax: 5,
  backoffBase: 10_000,
  backoffMax: 40_000,
  retryShare: 0.2,
  retryBurst: 10,
  hedgeShare: 0.5,
  hedgeBurst: 10,
  refreshMicros: 1_000_000,
};

/** What one attempt does: an answer, a failure, or something that takes its time. */
type Step = "answer" | KvError | Error | ((env: SteppedEnv, call: TransportCall) => unknown);

const failing = (code: KvErrorCode, applied?: "no" | "unknown"): KvError =>
  new KvError(code, "scripted", applied === undefined ? {} : { applied });

type Run = {
  readonly env: SteppedEnv;
  readonly view: ServerView;
  readonly seen: {
    readonly request: KvRequest;
    readonly call: TransportCall;
    readonly at: number;
  }[];
  readonly result: Promise<unknown>;
};

function run(
  request: KvRequest,
  steps: readonly Step[],
  bounds: {
    readonly timeout?: number;
    readonly signal?: AbortSignal;
    readonly limits?: Partial<CallLimits>;
    /** What the client was told before. */
    readonly told?: Partial<ServerFacts>;
    /** What answers tell. */
    readonly answered?: Partial<ServerFacts>;
  } = {},
): Run {
  const env = steppedEnv();
  const seen: Run["seen"] = [];
  const transport: Transport = async <R extends KvRequest>(given: R, call: TransportCall) => {
    const step = steps[Math.min(seen.length, steps.length - 1)] as Step;
    seen.push({ request: given, call, at: env.clock.monotonic() });
    if (step instanceof Error) throw step;
    const answer = step === "answer" ? { outcomes: ["applied"] } : await step(env, call);
    const server = { ...FACTS, ...bounds.answered };
    return { ...(answer as object), server } as KvResponseOf<R>;
  };
  const { timeout = LIMITS.timeoutMicros, signal = neverAborted } = bounds;
  const settled: CallBounds = {
    deadline: env.clock.monotonic() + timeout,
    signal,
    priority: "normal",
    isUnderWay: false,
  };
  const limits = { ...LIMITS, ...bounds.limits };
  const view = new ServerView(monotonicTokens(env), limits);
  if (bounds.told !== undefined) {
    const now = env.clock.monotonic();
    view.hear(view.of("n"), { ...FACTS, ...bounds.told }, now, now);
    for (let i = 0; i < 2; i += 1) view.of("n").beginCall();
  }
  const parts = {
    env,
    random: env.random,
    transport,
    limits,
    capabilities: PLAIN_CLIENT,
    view,
  };
  return { env, seen, view, result: callWithRetries(request, settled, parts) };
}

async function outcomeOf({ env, result }: Run): Promise<KvError | undefined> {
  const rejection = rejectionOf(result);
  await env.advance(5_000_000);
  const error = await rejection;
  expect(env.pendingTimers()).toBe(0);
  return error;
}

describe("callWithRetries()", () => {
  test("sends the very same request each time, and answers with what the last attempt brought", async () => {
    const call = run(PUT, [failing("UNAVAILABLE"), failing("OUTCOME_UNKNOWN"), "answer"]);
    expect(await outcomeOf(call)).toBeUndefined();
    expect(await call.result).toMatchObject({ outcomes: ["applied"] });
    expect(call.seen.map(({ request }) => request === PUT)).toEqual([true, true, true]);
  });

  test.each(ERROR_CODES)(
    "makes attempts after %s as its facts say, and no more than allowed",
    async (code) => {
      const call = run(PUT, [failing(code)]);
      const error = await outcomeOf(call);
      expect(error?.code).toBe(code);
      expect(error?.applied).toBe(ERROR_TABLE[code].applied);
      expect(call.seen.length).toBe(ERROR_TABLE[code].retry === "never" ? 1 : LIMITS.attemptsMax);
    },
  );

  const certain = ERROR_CODES.filter((code) => ERROR_TABLE[code].applied === "no");
  test.each(certain)(
    "says unknown of a mutation for ever after one such attempt: then %s",
    async (code) => {
      const error = await outcomeOf(run(PUT, [failing("OUTCOME_UNKNOWN"), failing(code)]));
      expect([error?.code, error?.applied]).toEqual([code, "unknown"]);
      expect(error?.message).toBe(`${code}: scripted`);
    },
  );

  test("says of a read what its last attempt says", async () => {
    const error = await outcomeOf(run(GET, [failing("OUTCOME_UNKNOWN"), failing("UNAVAILABLE")]));
    expect([error?.code, error?.applied]).toEqual(["UNAVAILABLE", "no"]);
  });

  test("calls anything that is no KvError INTERNAL, once, with its cause", async () => {
    const bug = new TypeError("x is not a function");
    const call = run(PUT, [bug]);
    const error = await outcomeOf(call);
    expect([error?.code, error?.applied, error?.cause]).toEqual(["INTERNAL", "unknown", bug]);
    expect(call.seen.length).toBe(1);
  });

  test("gives each attempt its limit or what is left, whichever is less", async () => {
    const slow: Step = (env, { budget }) => {
      env.stall(budget - 1);
      throw failing("UNAVAILABLE");
    };
    const call = run(PUT, [slow], { timeout: 500_000 });
    expect((await outcomeOf(call))?.code).toBe("UNAVAILABLE");
    const begin = (call.seen[0] as Run["seen"][number]).at;
    for (const { at, call: attempt } of call.seen) {
      expect(attempt.budget).toBe(Math.min(200_000, begin + 500_000 - at));
      expect(attempt.budget).toBeGreaterThan(0);
    }
    expect(call.seen.length).toBe(3);
  });

  test.each([0, -1, Number.NaN])(
    "with a time-out of %d sends nothing and says so",
    async (timeout) => {
      const call = run(PUT, ["answer"], { timeout });
      const error = await outcomeOf(call);
      expect([error?.code, error?.applied]).toEqual(["DEADLINE_EXCEEDED", "no"]);
      expect(call.seen.length).toBe(0);
    },
  );

  test.each([
    ["UNAVAILABLE", "no"],
    ["OUTCOME_UNKNOWN", "unknown"],
  ] as const)(
    "starts no attempt when the wait after %s outlasts the time",
    async (code, applied) => {
      const call = run(PUT, [failing(code), "answer"]);
      const rejection = rejectionOf(call.result);
      await settle();
      call.env.stall(2_000_000);
      await call.env.advance(0);
      const error = await rejection;
      expect([error?.code, error?.applied]).toEqual([code, applied]);
      expect(call.seen.length).toBe(1);
    },
  );

  test("follows advice from its arrival on, however long the answer was on its way", async () => {
    const slow: Step = (env) => {
      env.stall(1_500_000);
      return { outcomes: ["applied"] };
    };
    const call = run(PUT, [slow], { timeout: 9_000_000, answered: { advice: "shed" } });
    await call.result;
    const now = call.env.clock.monotonic();
    const { view } = call;
    expect([view.of("n").advice(now), view.of("n").advice(now + 999_999)]).toEqual([
      "shed",
      "shed",
    ]);
    expect(view.of("n").advice(now + 1_000_000)).toBe("go_on");
  });

  test("of a caller that has given up already sends nothing", async () => {
    const call = run(PUT, ["answer"], { signal: AbortSignal.abort() });
    const error = await outcomeOf(call);
    expect([error?.code, error?.applied]).toEqual(["CANCELLED", "no"]);
    expect(call.seen.length).toBe(0);
  });

  test.each([
    ["UNAVAILABLE", "no"],
    ["OUTCOME_UNKNOWN", "unknown"],
    ["DEADLINE_EXCEEDED", "unknown"],
  ] as const)(
    "ends at once when the caller gives up in the wait after %s",
    async (code, applied) => {
      const { signal, listeners, abort } = countedSignal();
      const call = run(PUT, [failing(code), "answer"], { signal });
      const rejection = rejectionOf(call.result);
      await settle();
      expect([call.env.pendingTimers(), listeners()]).toEqual([1, 1]);
      abort();
      const error = await rejection;
      expect([error?.code, error?.applied]).toEqual(["CANCELLED", applied]);
      expect(call.seen.length).toBe(1);
      expect([call.env.pendingTimers(), listeners()]).toEqual([0, 0]);
    },
  );

  test("ends with the transport's own word when the caller gives up during an attempt", async () => {
    const { signal, listeners, abort } = countedSignal();
    const given: Step = () => {
      abort();
      throw failing("CANCELLED");
    };
    const call = run(PUT, [given, "answer"], { signal });
    const error = await outcomeOf(call);
    expect([error?.message, error?.applied]).toEqual(["CANCELLED: scripted", "unknown"]);
    expect([call.seen.length, listeners()]).toEqual([1, 0]);
  });

  test("leaves no listener behind after waits that ran their length", async () => {
    const { signal, listeners } = countedSignal();
    const call = run(PUT, [failing("UNAVAILABLE"), failing("OVERLOADED"), "answer"], { signal });
    expect(await outcomeOf(call)).toBeUndefined();
    expect([call.seen.length, listeners()]).toEqual([3, 0]);
  });

  test("makes no more retries than the budget has, and says what the last attempt said", async () => {
    const call = run(PUT, [failing("OUTCOME_UNKNOWN"), failing("OVERLOADED")], {
      limits: { retryBurst: 2 },
    });
    const error = await outcomeOf(call);
    expect([error?.code, error?.applied]).toEqual(["OVERLOADED", "unknown"]);
    expect(call.seen.length).toBe(3);
    const { telemetry } = call.env;
    expect(telemetry.counter("retries_over_budget")).toBe(1);
    expect(telemetry.counter("retries_after_OUTCOME_UNKNOWN")).toBe(1);
    expect(telemetry.counter("retries_after_OVERLOADED")).toBe(1);
  });

  test("shares the budget of a namespace among its calls", async () => {
    const call = run(PUT, [failing("UNAVAILABLE")], { limits: { retryBurst: 6 } });
    await outcomeOf(call);
    expect(call.seen.length).toBe(5);
    const view = call.view.of("n");
    expect(view.canRetry()).toBe(true);
    view.spendRetry();
    view.spendRetry();
    expect(view.canRetry()).toBe(false);
  });

  test("counts its attempts to the transport, so that each can go to another server", async () => {
    const call = run(PUT, [failing("UNAVAILABLE")]);
    await outcomeOf(call);
    expect(call.seen.map((one) => one.call.turn)).toEqual([0, 1, 2, 3, 4]);
  });

  const slo = { read: { target: 10_000, max: 60_000 }, write: { target: 20_000, max: 70_000 } };
  const never: Step = (env, { budget }) =>
    new Promise((_resolve, reject) => {
      env.timers.after(budget, () => reject(failing("DEADLINE_EXCEEDED")));
    });

  test.each([
    [GET, 60_000],
    [PUT, 70_000],
  ])("gives an attempt no more than the longest latency told: $kind", async (request, max) => {
    const call = run(request, [never], { told: { slo }, limits: { hedgeShare: 0 } });
    expect((await outcomeOf(call))?.code).toBe("DEADLINE_EXCEEDED");
    expect(call.seen.map((one) => one.call.budget)).toEqual(Array(5).fill(max));
  });

  test.each([
    [GET, 10_000],
    [PUT, 20_000],
  ])("makes a second attempt at the target told: $kind", async (request, target) => {
    const call = run(request, [never, "answer"], { told: { slo } });
    expect(await outcomeOf(call)).toBeUndefined();
    const [first, second] = call.seen;
    expect(call.seen.length).toBe(2);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(target);
    expect(second?.request).toBe(first?.request);
    const { telemetry } = call.env;
    expect([telemetry.counter("hedges"), telemetry.counter("hedges_won")]).toEqual([1, 1]);
  });

  test.each<readonly [string, Partial<ServerFacts>, Partial<CallLimits>]>([
    ["without service levels", {}, {}],
    ["while a server asks for less", { slo, advice: "slow_down" }, {}],
    ["without credit", { slo }, { hedgeShare: 0 }],
  ])("makes no second attempt %s", async (_name, told, limits) => {
    const call = run(GET, [never, "answer"], { told, limits });
    expect(await outcomeOf(call)).toBeUndefined();
    expect(call.env.telemetry.counter("hedges")).toBe(0);
  });

  const scripts = fc.array(
    fc.record({
      code: fc.constantFrom(...ERROR_CODES),
      applied: fc.constantFrom("no" as const, "unknown" as const),
      takes: fc.integer({ min: 0, max: 300_000 }),
      answers: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  );

  test.prop([scripts, fc.integer({ min: 1, max: 1_200_000 })], { numRuns: 200 })(
    "is bounded in attempts and time, and never says less than it knows",
    async (script, timeout) => {
      let mayHave = false;
      const steps = script.map(
        ({ code, applied, takes, answers }): Step =>
          (env) => {
            env.stall(takes);
            if (answers && code === "UNAVAILABLE") return { outcomes: [] };
            mayHave ||= applied === "unknown";
            throw failing(code, applied);
          },
      );
      const call = run(PUT, steps, { timeout });
      const error = await outcomeOf(call);
      expect(call.seen.length).toBeLessThanOrEqual(LIMITS.attemptsMax);
      const begin = call.seen[0]?.at ?? 0;
      for (const { at, call: attempt } of call.seen) {
        expect(attempt.budget).toBeGreaterThan(0);
        expect(at + attempt.budget).toBeLessThanOrEqual(begin + timeout);
      }
      if (error !== undefined) expect(error.applied).toBe(mayHave ? "unknown" : "no");
    },
  );
});
