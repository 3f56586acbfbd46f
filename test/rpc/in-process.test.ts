// Goal: the wire that is none keeps a wire's promises: budget, abort, and nothing left of a call that has ended.
import { describe, expect, test } from "vitest";
import { PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import { KvError } from "../../src/model/error.ts";
import { matchAll } from "../../src/model/predicate.ts";
import type { GetItemsRequest, GetItemsResponse } from "../../src/model/request.ts";
import { inProcess } from "../../src/rpc/in-process.ts";
import type { ServiceCall } from "../../src/service/service-parts.ts";
import type { KvService } from "../../src/service/service.ts";
import { countedSignal } from "../fakes/counted-signal.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { settle, type SteppedEnv, steppedEnv } from "../fakes/stepped-env.ts";

const GET: GetItemsRequest = {
  kind: "get_items",
  namespace: "n",
  capabilities: PLAIN_CLIENT,
  id: "r",
  predicate: matchAll,
  selection: {},
};
const ANSWER: GetItemsResponse = { items: [], nextPageToken: undefined };

type Served = { readonly service: KvService; readonly calls: ServiceCall[] };

function serving(work: (call: ServiceCall) => Promise<GetItemsResponse>): Served {
  const calls: ServiceCall[] = [];
  const handle = (_request: unknown, call: ServiceCall): Promise<GetItemsResponse> => {
    calls.push(call);
    return work(call);
  };
  return { service: { handle: handle as KvService["handle"] }, calls };
}

/** A service that answers only by being stopped, in that very moment. */
const stopped = (call: ServiceCall): Promise<GetItemsResponse> =>
  new Promise((_resolve, reject) => {
    call.signal.addEventListener("abort", () => reject(new KvError("INTERNAL", "was stopped")));
  });

const never = (): Promise<GetItemsResponse> => Promise.withResolvers<GetItemsResponse>().promise;

function left(env: SteppedEnv, listeners: () => number): readonly number[] {
  return [env.pendingTimers(), listeners()];
}

describe("inProcess()", () => {
  test("hands the request on with the budget as a deadline, and leaves nothing behind", async () => {
    const env = steppedEnv();
    const { signal, listeners } = countedSignal();
    const { service, calls } = serving(async () => ANSWER);
    const begin = env.clock.monotonic();
    expect(await inProcess(service, env)(GET, { budget: 700, signal, turn: 0 })).toBe(ANSWER);
    expect(calls[0]?.deadline).toBe(begin + 700);
    expect(calls[0]?.signal.aborted).toBe(false);
    expect(left(env, listeners)).toEqual([0, 0]);
  });

  test("passes an error of the service on as it is", async () => {
    const env = steppedEnv();
    const { signal, listeners } = countedSignal();
    const error = new KvError("DATA_LOSS", "scripted");
    const { service } = serving(() => Promise.reject(error));
    expect(await rejectionOf(inProcess(service, env)(GET, { budget: 700, signal, turn: 0 }))).toBe(
      error,
    );
    expect(left(env, listeners)).toEqual([0, 0]);
  });

  test.each([
    ["never answers", never],
    ["answers only by being stopped", stopped],
  ])("ends a call when its budget runs out, though the service %s", async (_name, work) => {
    const env = steppedEnv();
    const { signal, listeners } = countedSignal();
    const { service, calls } = serving(work);
    const rejection = rejectionOf(inProcess(service, env)(GET, { budget: 700, signal, turn: 0 }));
    await env.advance(699);
    expect(calls[0]?.signal.aborted).toBe(false);
    await env.advance(1);
    const error = await rejection;
    expect([error?.code, error?.applied]).toEqual(["DEADLINE_EXCEEDED", "unknown"]);
    expect(calls[0]?.signal.aborted).toBe(true);
    expect(left(env, listeners)).toEqual([0, 0]);
  });

  test.each([
    ["never answers", never],
    ["answers only by being stopped", stopped],
  ])("ends a call when the caller gives up, though the service %s", async (_name, work) => {
    const env = steppedEnv();
    const { signal, listeners, abort } = countedSignal();
    const { service, calls } = serving(work);
    const rejection = rejectionOf(inProcess(service, env)(GET, { budget: 700, signal, turn: 0 }));
    await settle();
    abort();
    const error = await rejection;
    expect([error?.code, error?.applied]).toEqual(["CANCELLED", "unknown"]);
    expect(calls[0]?.signal.aborted).toBe(true);
    expect(left(env, listeners)).toEqual([0, 0]);
  });

  test("of a caller that has given up already reaches no service", async () => {
    const env = steppedEnv();
    const { service, calls } = serving(never);
    const signal = AbortSignal.abort();
    const error = await rejectionOf(inProcess(service, env)(GET, { budget: 700, signal, turn: 0 }));
    expect([error?.code, error?.applied]).toEqual(["CANCELLED", "no"]);
    expect([calls.length, env.pendingTimers()]).toEqual([0, 0]);
  });

  test("a service that fails after the call has ended disturbs nobody", async () => {
    const env = steppedEnv();
    const { signal } = countedSignal();
    const late = Promise.withResolvers<GetItemsResponse>();
    const { service } = serving(() => late.promise);
    const rejection = rejectionOf(inProcess(service, env)(GET, { budget: 1, signal, turn: 0 }));
    await env.advance(1);
    expect((await rejection)?.code).toBe("DEADLINE_EXCEEDED");
    // An unhandled rejection would fail the run.
    late.reject(new KvError("INTERNAL", "too late"));
    await settle();
  });

  test("a budget of nothing or less lets no time pass before the deadline", async () => {
    const env = steppedEnv();
    const { signal } = countedSignal();
    const { service, calls } = serving(never);
    const rejection = rejectionOf(inProcess(service, env)(GET, { budget: -5, signal, turn: 0 }));
    await env.advance(0);
    expect((await rejection)?.code).toBe("DEADLINE_EXCEEDED");
    expect(calls.every(({ deadline }) => deadline <= env.clock.monotonic())).toBe(true);
  });
});
