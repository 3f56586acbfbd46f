// Goal: the breaker of a cache opens for what the cache fails to do, and for nothing else (CACHE-3).
import { describe, expect, test } from "vitest";
import { KvError } from "../../src/model/error.ts";
import { MINUTE, SECOND } from "../../src/model/time.ts";
import type { NamespaceCache } from "../../src/namespace/caching.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { CacheEngine } from "../../src/ports/cache-engine.ts";
import { CacheAccess, CacheHealth } from "../../src/service/cache-access.ts";
import { Slots } from "../../src/service/cache-slots.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";

const slot = new Slots("users").record("ada");

/** A cache that fails each call; `asked` counts them. */
function stage() {
  const env = steppedEnv();
  const state = { asked: 0 };
  const fail = async (): Promise<never> => {
    state.asked += 1;
    throw new KvError("DEADLINE_EXCEEDED", "scripted", { applied: "unknown" });
  };
  const engine: CacheEngine = {
    capabilities: {
      engine: "scripted",
      valueBytesMax: 1_000,
      ttlGranularity: SECOND,
      ttlMax: MINUTE,
    },
    get: fail,
    set: fail,
    add: fail,
    delete: fail,
    close: async () => undefined,
  };
  const cache: NamespaceCache = {
    engine,
    ttl: MINUTE,
    chunkedTtl: MINUTE,
    timeout: SECOND,
    markerTtl: MINUTE,
    recordBytesMax: 1_000,
    breaker: { failuresMax: 5, openFor: SECOND },
    strict: true,
  };
  const access = new CacheAccess(cache, new CacheHealth(), env);
  const begun = { signal: neverAborted, consistency: "quorum" as const, now: env.clock.wall() };
  const read = (time: number) => ({ ...begun, deadline: env.clock.monotonic() + time });
  return { access, state, read };
}

describe("a cache that fails", () => {
  test("is left alone after five calls that had time", async () => {
    const { access, state, read } = stage();
    for (let i = 0; i < 5; i += 1) {
      const call = access.admit(read(SECOND));
      if (call !== undefined) await access.get(slot, call);
    }
    expect(state.asked).toBe(5);
    expect(access.admit(read(SECOND))).toBeUndefined();
  });

  test("is not asked by calls whose time is over, and none of them speaks against it", async () => {
    const { access, state, read } = stage();
    for (let i = 0; i < 9; i += 1) {
      const call = access.admit(read(0));
      if (call === undefined) throw new Error(`left alone after ${i} calls without time`);
      expect(await access.get(slot, call)).toEqual({ kind: "unknown" });
      expect(await access.add(slot, Uint8Array.of(1), MINUTE, call)).toBeUndefined();
      expect(await access.set(slot, Uint8Array.of(1), MINUTE, call)).toBe(false);
      await access.fill(slot, Uint8Array.of(1), MINUTE, call);
    }
    expect(state.asked).toBe(0);
  });
});
