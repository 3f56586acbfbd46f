/**
 * The cache cases: passed by the cache in memory and by a plain shared one, and each of them failed by a planted
 * flaw. Time is stepped, so that nothing really waits.
 */
import { cacheCases, cacheDoor, type ConformanceReport, runCacheCases } from "kvdal/conformance";
import { afterAll, describe, expect, test } from "vitest";
import { memoryCache } from "../../src/engines/memory-cache/adapter.ts";
import { SECOND } from "../../src/model/time.ts";
import type { CacheAdapter } from "../../src/ports/cache-engine.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";
import { CACHE_FLAWS } from "./flaws/cache-flaws.ts";
import { flawedCache } from "./flaws/flawed-cache.ts";
import { failedIds, failures, passTime } from "./judge.ts";

function judgeCache(adapter: CacheAdapter, isShared: boolean): Promise<ConformanceReport> {
  const stepped = steppedEnv();
  let prefix = 0;
  // The stepped world's bytes repeat from fork to fork; prefixes of cases must not.
  const random = {
    ...stepped.random,
    bytes: (length: number) => new Uint8Array(length).fill(++prefix),
  };
  const env = { ...stepped, random };
  const door = cacheDoor(adapter, env, isShared);
  const options = { env, parallel: 8, caseTimeout: 120 * SECOND };
  return passTime(stepped, runCacheCases(cacheCases, { engine: adapter.name, door }, options));
}

test("the cache in memory passes every case that needs no shared cache", async () => {
  const report = await judgeCache(memoryCache({ maxBytes: 64 * 1024 * 1024 }), false);
  expect(failures(report.cases)).toEqual([]);
  expect(report.skipped).toBe(cacheCases.filter(({ needs }) => needs.length > 0).length);
});

test("a plain shared cache passes every case", async () => {
  const report = await judgeCache(flawedCache({}), true);
  expect(failures(report.cases)).toEqual([]);
  expect(report.passed).toBe(cacheCases.length);
});

describe("a flaw is found", () => {
  const failed = new Set<string>();

  test.each(CACHE_FLAWS)("$id", async ({ replaced }) => {
    const found = failedIds(await judgeCache(flawedCache(replaced), true));
    for (const one of found) failed.add(one);
    expect(found.length).toBeGreaterThan(0);
  });

  afterAll(() => {
    const idle = cacheCases.map(({ id }) => id).filter((id) => !failed.has(id));
    expect(idle, "cases that no planted flaw fails").toEqual([]);
  });
});
