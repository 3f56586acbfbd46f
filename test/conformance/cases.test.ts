/**
 * The cases themselves: complete, told apart, and passed by the engine in memory. Method: the whole suite runs, as
 * it would for an author, and the report is looked at.
 */
import { cacheCases, engineDoor, inMode, runStorageCases, storageCases } from "kvdal/conformance";
import type { Env } from "../../src/ports/env.ts";
import { describe, expect, test } from "vitest";
import { memoryCache } from "../../src/engines/memory-cache/adapter.ts";
import { memory } from "../../src/engines/memory/adapter.ts";
import { installedCodecs } from "../../src/open.ts";
import { MILLISECOND, SECOND } from "../../src/model/time.ts";
import type { EngineAdapter } from "../../src/ports/storage-engine.ts";
import { sleep } from "../../src/ports/timers.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";
import { clockedMemory } from "./flaws/engine-clock-flaws.ts";
import { flawedMemory } from "./flaws/flawed-memory.ts";
import { failures, judge, passTime } from "./judge.ts";

/** The least that the suite must hold for every engine. */
const CASES_LEAST = 45;

describe("cases", () => {
  const all = [...storageCases, ...cacheCases];

  test("have ids of topic and name, each once", () => {
    const ids = all.map(({ id }) => id);
    expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*\/[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  test("name at least one rule, none twice, and say what they promise in a sentence", () => {
    for (const { id, rules, title } of all) {
      expect(rules.length, id).toBeGreaterThan(0);
      expect(new Set(rules).size, id).toBe(rules.length);
      expect(title, id).toMatch(/^[A-Z0-9][^\n]*\.$/);
    }
    const titles = all.map(({ title }) => title);
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  });
});

/** Cases that an engine in memory declares nothing for. */
const ofOtherEngines = (id: string): boolean =>
  id.startsWith("engine-clock/") ||
  id === "consistency/global-quorum" ||
  id === "namespaces/published-columns" ||
  id === "conditional-puts/unsupported";

const needsCache = (id: string): boolean => id.startsWith("cached/");

test("the engine in memory passes every case that needs no clock of its own, and no other region", async () => {
  const cache = memoryCache({ maxBytes: 1024 * 1024 });
  const report = await judge("memory", (env) => engineDoor(memory(), env, { cache }));
  expect(failures(report.cases)).toEqual([]);
  expect(report.passed).toBeGreaterThanOrEqual(CASES_LEAST);
  const skipped = report.cases.filter(({ status }) => status === "skipped").map(({ id }) => id);
  expect(skipped.filter((id) => !ofOtherEngines(id))).toEqual([]);
});

test.each([0, 100])(
  "the engine in memory passes every case when values above %d bytes lie in chunks",
  async (chunkAbove) => {
    const mode = { chunkAbove };
    const open = (env: Env) => engineDoor(memory(), env, { overlay: inMode(mode) });
    const report = await judge("memory", open, mode);
    expect(failures(report.cases)).toEqual([]);
    const skipped = report.cases.filter(({ status }) => status === "skipped").map(({ id }) => id);
    expect(skipped.filter((id) => !ofOtherEngines(id) && !needsCache(id))).toEqual([
      "chunks/at-the-default-bound",
    ]);
  },
);

test.each(["zstd", "lz4"] as const)(
  "the engine in memory passes every case when values are compressed by %s",
  async (compress) => {
    const mode = { compress };
    const { codecs } = await installedCodecs();
    const open = (env: Env) => engineDoor(memory(), env, { overlay: inMode(mode), codecs });
    const report = await judge("memory", open, mode);
    expect(failures(report.cases)).toEqual([]);
    const skipped = report.cases.filter(({ status }) => status === "skipped").map(({ id }) => id);
    expect(skipped.filter((id) => !ofOtherEngines(id) && !needsCache(id))).toEqual([
      "chunks/at-the-default-bound",
    ]);
  },
);

test("the engine in memory passes every case with a cache in front of every namespace", async () => {
  const mode = { cache: "memory-cache" };
  const cache = memoryCache({ maxBytes: 1024 * 1024 });
  const open = (env: Env) => engineDoor(memory(), env, { overlay: inMode(mode), cache });
  const report = await judge("memory", open, mode);
  expect(failures(report.cases)).toEqual([]);
  const skipped = report.cases.filter(({ status }) => status === "skipped").map(({ id }) => id);
  expect(skipped.filter((id) => !ofOtherEngines(id))).toEqual([
    "chunks/at-the-default-bound",
    "resources/every-ending",
  ]);
});

test("an engine with a clock of its own passes the cases of that clock, without really waiting", async () => {
  const stepped = steppedEnv();
  const adapter = clockedMemory();
  const door = await engineDoor(adapter, stepped);
  const cases = storageCases.filter(({ id }) => id.startsWith("engine-clock/"));
  const target = { engine: "clocked", door, engineClock: { door, removalWithin: SECOND } };
  const work = runStorageCases(cases, target, { env: stepped, parallel: 3 });
  const report = await passTime(stepped, work);
  expect(failures(report.cases)).toEqual([]);
  expect(report.passed).toBe(cases.length);
});

test("the engine into which flaws are planted passes as long as none is", async () => {
  const report = await judge("memory", (env) => engineDoor(flawedMemory({}), env));
  expect(failures(report.cases)).toEqual([]);
});

/** Keeps what it reads in memory and writes to a disk, as embedded engines do: reads end without a turn of the loop. */
function slowToWrite(): EngineAdapter {
  const usual = memory();
  return {
    ...usual,
    open: async (context) => {
      const engine = await usual.open(context);
      return {
        ...engine,
        write: async (...args) => {
          await sleep(context.env.timers, MILLISECOND);
          return engine.write(...args);
        },
      };
    },
  };
}

test("an engine that answers reads at once and waits to write passes", async () => {
  const report = await judge("slow to write", (env) => engineDoor(slowToWrite(), env));
  expect(failures(report.cases)).toEqual([]);
});
