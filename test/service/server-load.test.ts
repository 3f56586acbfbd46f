// Goal: a server takes no more than its bound, tells percentages that are true, and asks clients for less in time.
import { describe, expect, test } from "vitest";
import { PLAIN_CLIENT, type ServerFacts } from "../../src/model/capabilities.ts";
import { matchAll } from "../../src/model/predicate.ts";
import type { GetItemsRequest, HandshakeRequest } from "../../src/model/request.ts";
import { MILLISECOND, SECOND } from "../../src/model/time.ts";
import type { NamespaceOptions } from "../../src/namespace/namespace.ts";
import type { ServiceParts } from "../../src/service/service-parts.ts";
import { errorOf, rejectionOf } from "../fakes/error-of.ts";
import { fakeEngine } from "../fakes/fake-engine.ts";
import { settle, steppedEnv, type SteppedEnv } from "../fakes/stepped-env.ts";
import { serviceStage, type ServiceStage } from "./service-stage.ts";

const COMMON = { namespace: "users", capabilities: PLAIN_CLIENT } as const;
const HANDSHAKE: HandshakeRequest = { ...COMMON, kind: "handshake" };
const GET: GetItemsRequest = {
  ...COMMON,
  kind: "get_items",
  id: "r",
  predicate: matchAll,
  selection: {},
};
const SLO = { read: { target: 10 * MILLISECOND, max: 100 * MILLISECOND } };

type Stage = ServiceStage & {
  readonly facts: () => Promise<ServerFacts>;
  /** Reads that each take so long. */
  readonly read: (times: number, micros: number) => Promise<void>;
};

function stage(
  options: Partial<NamespaceOptions> = {},
  parts: Partial<ServiceParts> = {},
  env: SteppedEnv = steppedEnv(),
): Stage {
  let takes = 0;
  const engine = fakeEngine({
    readRange: async () => {
      env.stall(takes);
      return { rows: [], rowsExamined: 0, resumeAfter: undefined };
    },
  });
  const served = serviceStage(engine, options, env, parts);
  return {
    ...served,
    facts: async () => (await served.handle(HANDSHAKE, served.call())).server,
    read: async (times, micros) => {
      takes = micros;
      for (let i = 0; i < times; i += 1) await served.handle(GET, served.call());
    },
  };
}

describe("what a server tells", () => {
  test("is the namespace's service levels and limits, and no load when there is none", async () => {
    const { facts } = stage({ slo: SLO, rowsPerCallMax: 77 });
    const { slo, limits, utilization, advice } = await facts();
    const write = { target: 10 * MILLISECOND, max: 500 * MILLISECOND };
    expect(slo).toEqual({ ...SLO, write });
    expect(limits).toMatchObject({ rowsPerCallMax: 77, pageBytesMax: 8 * 1024 * 1024 });
    expect(advice).toBe("go_on");
    // The request that asks is itself in progress.
    const latency = { overTarget: 0, overMax: 0 };
    const unknown = { storage: undefined, compute: undefined };
    expect(utilization).toEqual({ overall: 1, latency, ...unknown, requests: 1 });
  });

  test("has the shares of requests over target and over max", async () => {
    const { facts, read, env } = stage({ slo: SLO });
    await read(90, 10 * MILLISECOND);
    await read(8, 11 * MILLISECOND);
    await read(2, 101 * MILLISECOND).catch(() => undefined);
    env.stall(SECOND / 10);
    expect((await facts()).utilization.latency).toEqual({ overTarget: 10, overMax: 2 });
  });

  test("forgets latencies when two windows have passed", async () => {
    const { facts, read, env } = stage({ slo: SLO });
    await read(10, 11 * MILLISECOND);
    const overTarget = async (after: number): Promise<number> => {
      env.stall(after);
      return (await facts()).utilization.latency.overTarget;
    };
    expect(await overTarget(4 * SECOND)).toBe(100);
    expect(await overTarget(2 * SECOND)).toBe(100);
    expect(await overTarget(5 * SECOND)).toBe(0);
  });

  test("measures nothing for a namespace without levels", async () => {
    const { facts, read } = stage();
    await read(10, SECOND);
    expect((await facts()).utilization.latency).toEqual({ overTarget: 0, overMax: 0 });
  });

  test("has processors and storage from the place that the server runs at, asked once a second", async () => {
    let asked = 0;
    const load = {
      compute: () => {
        asked += 1;
        return 70;
      },
      storage: (namespace: string) => (namespace === "users" ? 17 : undefined),
    };
    const { facts, env } = stage({}, { load });
    const { utilization, advice } = await facts();
    expect(utilization).toMatchObject({ overall: 70, compute: 70, storage: 17 });
    expect(advice).toBe("slow_down");
    for (let i = 0; i < 10; i += 1) await facts();
    expect(asked).toBe(1);
    env.stall(SECOND);
    await facts();
    expect(asked).toBe(2);
  });
});

describe("a server with too much to do", () => {
  test("refuses what is beyond its bound before any work, says how things stand, and goes on afterwards", async () => {
    const env = steppedEnv();
    const { promise, resolve } = Promise.withResolvers<void>();
    const engine = fakeEngine({
      readRange: async () => {
        await promise;
        return { rows: [], rowsExamined: 0, resumeAfter: undefined };
      },
    });
    const { handle, call } = serviceStage(engine, {}, env, { requestsMax: 5 });
    const taken = Array.from({ length: 3 }, () => handle(GET, call()));
    await settle();
    const told = await handle(HANDSHAKE, call());
    expect(told.server).toMatchObject({ advice: "shed", utilization: { requests: 80 } });
    taken.push(...Array.from({ length: 2 }, () => handle(GET, call())));
    await settle();
    const error = await rejectionOf(handle(GET, call()));
    expect([error?.code, error?.applied, error?.retry]).toEqual(["OVERLOADED", "no", "safe"]);
    expect(error?.message).toContain("5 requests are in progress, wanted fewer than 5");
    expect(engine.calls.length).toBe(5);
    expect(env.telemetry.counter("requests_shed")).toBe(1);
    expect((await handle(HANDSHAKE, call())).server.advice).toBe("shed");
    resolve();
    await Promise.all(taken);
    expect((await handle(GET, call())).server.advice).toBe("go_on");
  });

  test.each([0, Number.NaN])("is not made with a bound of %d", (requestsMax) => {
    const error = errorOf(() => stage({}, { requestsMax }));
    expect(error?.message).toContain(`requestsMax is ${requestsMax}, wanted 1 or more`);
  });

  test("counts requests that fail as over", async () => {
    const { handle, call } = stage({}, { requestsMax: 1 });
    for (let i = 0; i < 3; i += 1) {
      const error = await rejectionOf(handle({ ...GET, namespace: "nowhere" }, call()));
      expect(error?.code).toBe("NAMESPACE_NOT_FOUND");
    }
    await handle(GET, call());
  });
});
