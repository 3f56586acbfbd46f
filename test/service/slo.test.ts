// Goal: no backend work for a call that is over (SLO-1), early pages that go on (SLO-2), deadlines handed on (SLO-3).
import { describe, expect, test } from "vitest";
import { PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import { utf8 } from "../../src/model/bytes.ts";
import { matchAll } from "../../src/model/predicate.ts";
import type { DeleteItemsRequest, GetItemsRequest } from "../../src/model/request.ts";
import { MILLISECOND, SECOND } from "../../src/model/time.ts";
import type { SloOptions } from "../../src/namespace/slo.ts";
import type { EngineCall, StorageEngine } from "../../src/ports/storage-engine.ts";
import { countedSignal } from "../fakes/counted-signal.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { fakeEngine } from "../fakes/fake-engine.ts";
import { type SteppedEnv, steppedEnv } from "../fakes/stepped-env.ts";
import { listedRowsEngine } from "./listed-rows-engine.ts";
import { serviceStage, tokenAt } from "./service-stage.ts";

const GET: GetItemsRequest = {
  kind: "get_items",
  namespace: "users",
  capabilities: PLAIN_CLIENT,
  id: "r",
  predicate: matchAll,
  selection: {},
};
const DELETE: DeleteItemsRequest = {
  kind: "delete_items",
  namespace: "users",
  capabilities: PLAIN_CLIENT,
  id: "r",
  predicate: matchAll,
  token: tokenAt(),
};
const SLO: SloOptions = {
  read: { target: 10 * MILLISECOND, max: 100 * MILLISECOND },
  write: { target: 10 * MILLISECOND, max: 200 * MILLISECOND },
};

/** Twenty rows, five a read, each read taking so long; notes what calls the engine was given. */
function slowEngine(
  env: SteppedEnv,
  readMicros: number,
): { readonly engine: StorageEngine; readonly calls: EngineCall[] } {
  const calls: EngineCall[] = [];
  const list = Array.from({ length: 20 }, (_, i) => ({
    key: Uint8Array.of(i),
    value: utf8("0123456789"),
    state: "live" as const,
  }));
  const manner = { strides: [5], countsHidden: true, keysPerReadMax: 100 };
  const listed = listedRowsEngine(list, manner);
  const engine = fakeEngine({
    readRange: (read, call) => {
      calls.push(call);
      env.stall(readMicros);
      return listed.readRange(read, call);
    },
    write: async (_partition, mutations, call) => {
      calls.push(call);
      return mutations.map(() => ({ kind: "applied" }));
    },
  });
  return { engine, calls };
}

describe("a namespace with service levels", () => {
  test.each([
    ["reads", GET, 100 * MILLISECOND],
    ["writes", DELETE, 200 * MILLISECOND],
  ])(
    "hands %s on with its own longest latency, or a nearer deadline",
    async (_kind, request, max) => {
      const env = steppedEnv();
      const { engine, calls } = slowEngine(env, 0);
      const { handle, call } = serviceStage(engine, { slo: SLO }, env);
      const begun = env.clock.monotonic();
      await handle(request, call());
      await handle(request, call({ deadline: begun + 40 * MILLISECOND }));
      const deadlines = calls.map(({ deadline }) => deadline - begun);
      expect(deadlines[0]).toBe(max);
      expect(Math.max(...deadlines.slice(-1))).toBeLessThanOrEqual(40 * MILLISECOND);
    },
  );

  test("leaves the request's deadline alone when it has none", async () => {
    const env = steppedEnv();
    const { engine, calls } = slowEngine(env, 0);
    const { handle, call } = serviceStage(engine, {}, env);
    await handle(DELETE, call());
    expect(calls[0]?.deadline).toBe(env.clock.monotonic() + 10 * SECOND);
  });

  test("reads all of a record from a slow engine in pages that all end in time", async () => {
    const env = steppedEnv();
    const { engine, calls } = slowEngine(env, 40 * MILLISECOND);
    const { handle, call } = serviceStage(engine, { slo: SLO }, env);
    const seen: number[] = [];
    let pageToken: Uint8Array | undefined;
    do {
      const begun = env.clock.monotonic();
      const page = await handle({ ...GET, pageToken }, call());
      expect(env.clock.monotonic() - begun).toBeLessThan(100 * MILLISECOND);
      expect(page.items.length).toBeGreaterThan(0);
      seen.push(...page.items.map(({ key }) => key[0] as number));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(calls.length).toBe(4);
  });

  test("asks a later read to end before the call does, so that what is there is still returned", async () => {
    const env = steppedEnv();
    const { engine, calls } = slowEngine(env, 10 * MILLISECOND);
    const { handle, call } = serviceStage(engine, { slo: SLO }, env);
    const deadline = env.clock.monotonic() + 100 * MILLISECOND;
    await handle(GET, call());
    expect(calls[0]?.deadline).toBe(deadline);
    expect(calls[1]?.deadline).toBe(deadline - 6_250);
  });
});

describe("a call that is over", () => {
  test.each([GET, DELETE])("starts no backend work: $kind", async (request) => {
    const engine = fakeEngine();
    const { handle, call, env } = serviceStage(engine);
    const late = call({ deadline: env.clock.monotonic() });
    expect((await rejectionOf(handle(request, late)))?.code).toBe("DEADLINE_EXCEEDED");
    expect((await rejectionOf(handle(request, late)))?.applied).toBe("no");
    const { signal, abort } = countedSignal();
    abort();
    const error = await rejectionOf(handle(request, call({ signal })));
    expect([error?.code, error?.applied]).toEqual(["CANCELLED", "no"]);
    expect(engine.calls).toEqual([]);
  });

  test("starts no further read once its caller has given up", async () => {
    const env = steppedEnv();
    const { signal, abort } = countedSignal();
    const slow = slowEngine(env, 0);
    const engine: StorageEngine = {
      ...slow.engine,
      readRange: (read, call) => {
        abort();
        return slow.engine.readRange(read, call);
      },
    };
    const { handle, call } = serviceStage(engine, {}, env);
    expect((await rejectionOf(handle(GET, call({ signal }))))?.code).toBe("CANCELLED");
    expect(slow.calls.length).toBe(1);
  });
});
