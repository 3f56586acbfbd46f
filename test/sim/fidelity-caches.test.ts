/** The fidelity check of two caches: it finds no difference of sound ones, and the flaw of one that has some. */
import { checkFidelity, type FidelityReport, openCachePair, simulatedCache } from "kvdal/sim";
import { describe, expect, test } from "vitest";
import { MILLISECOND, type Micros } from "../../src/model/time.ts";
import type { CacheAdapter, CacheEngine } from "../../src/ports/cache-engine.ts";
import type { Env } from "../../src/ports/env.ts";
import { type SteppedEnv, steppedEnv } from "../fakes/stepped-env.ts";

const LISTS = 100;

type Change = (engine: CacheEngine) => Partial<CacheEngine>;

function flawed(change: Change): CacheAdapter {
  const adapter = simulatedCache();
  return {
    name: "flawed",
    open: async (context) => {
      const engine = await adapter.open(context);
      return { ...engine, ...change(engine) };
    },
  };
}

/** A cache that goes by a clock ahead of the others'. */
function ahead(by: Micros): CacheAdapter {
  const adapter = simulatedCache();
  return {
    name: "ahead",
    open: async (context) => {
      const { clock } = context.env;
      const shifted = { wall: clock.wall, monotonic: () => clock.monotonic() + by };
      return await adapter.open({ ...context, env: { ...context.env, clock: shifted } });
    },
  };
}

/** What is waited for is over at once. */
function unhurried(env: SteppedEnv): Env {
  const after = (delay: Micros, fire: () => void): (() => void) => {
    env.stall(delay);
    queueMicrotask(fire);
    return () => undefined;
  };
  return { ...env, timers: { after } };
}

/** Time passes with every look-up, so that what is short-lived ends in the middle of lists. */
function slow(env: SteppedEnv, by: Micros): CacheAdapter {
  return flawed((engine) => ({
    get: async (key, call) => {
      const answer = await engine.get(key, call);
      env.stall(by);
      return answer;
    },
  }));
}

async function check(
  env: SteppedEnv,
  adapters: readonly [CacheAdapter, CacheAdapter],
): Promise<FidelityReport> {
  const shown = unhurried(env);
  const pair = await openCachePair({ name: "caches", adapters, env: shown, tag: "t" });
  const report = await checkFidelity(pair, { lists: LISTS, seed: 1, parallel: 1, env: shown });
  await pair.close();
  return report;
}

test("two sound ones: no difference", async () => {
  const report = await check(steppedEnv(), [simulatedCache(), simulatedCache()]);
  expect(report.differences).toEqual([]);
  expect(report.operations).toBeGreaterThan(5 * LISTS);
});

test("entries that end a little apart are no difference, and what comes after them is compared", async () => {
  const env = steppedEnv();
  const report = await check(env, [slow(env, 500 * MILLISECOND), ahead(700 * MILLISECOND)]);
  expect(report.differences).toEqual([]);
  expect(report.operations).toBeGreaterThan(13 * LISTS);
});

const FLAWS: Readonly<Record<string, Change>> = {
  "an add that overwrites": (engine) => ({ add: engine.set }),
  "a delete that does nothing": () => ({ delete: async () => undefined }),
  "a long value whose last byte is another": (engine) => ({
    get: async (key, call) => {
      const answer = await engine.get(key, call);
      if (answer.kind === "miss" || answer.value.length < 100) return answer;
      const { value } = answer;
      return { ...answer, value: value.with(value.length - 1, 0) };
    },
  }),
  "an entry that does not end": (engine) => ({
    set: (key, value, ttl, call) => engine.set(key, value, ttl === 0 ? 0 : 1_000 * ttl, call),
  }),
};

describe("finds", () => {
  test.each(Object.entries(FLAWS))("%s", async (_name, change) => {
    const report = await check(steppedEnv(), [simulatedCache(), flawed(change)]);
    expect(report.differences.length).toBeGreaterThan(0);
  });
});
