/** The runner: skips with a reason, fails with what there is to know, bounds time, keeps the order. */
import {
  cacheCases,
  type CaseResult,
  type ConformanceCase,
  engineDoor,
  reportJson,
  resultLines,
  runCacheCases,
  runStorageCases,
  summaryLines,
} from "kvdal/conformance";
import { describe, expect, test } from "vitest";
import { same } from "../../conformance/kit/check.ts";
import { ConformanceFailure } from "../../conformance/kit/failure.ts";
import { ATOMIC_RECORD_WRITE, KNOWN_OUTCOME } from "../../conformance/kit/need.ts";
import { SECOND } from "../../src/model/time.ts";
import { settle, steppedEnv } from "../fakes/stepped-env.ts";
import { flawedMemory, type Replacements } from "./flaws/flawed-memory.ts";
import { env, passTime } from "./judge.ts";

const base = { rules: ["TOK-4"], title: "It does.", needs: [] };
const passes: ConformanceCase = { ...base, id: "a/passes", run: async () => undefined };

async function run(cases: readonly ConformanceCase[], replaced: Replacements = {}, parallel = 4) {
  const door = await engineDoor(flawedMemory(replaced), env);
  return runStorageCases(cases, { engine: "memory", door }, { env, parallel });
}

test("a case whose need is not declared is skipped with the reason, and is not run", async () => {
  let ran = false;
  const needy: ConformanceCase = {
    ...base,
    id: "a/needy",
    needs: [KNOWN_OUTCOME, ATOMIC_RECORD_WRITE],
    run: async () => {
      ran = true;
    },
  };
  const report = await run([needy, passes], { capabilities: { atomicWrite: "item" } });
  expect(report).toMatchObject({ engine: "memory", passed: 1, failed: 0, skipped: 1 });
  expect(report.cases[0]).toMatchObject({ id: "a/needy", rules: ["TOK-4"], status: "skipped" });
  expect(report.cases[0]?.reason).toContain("a reader may see half of a put");
  expect(ran).toBe(false);
});

test("a failure says what was asked, found and wanted, the rules, and what repeats it", async () => {
  const fails: ConformanceCase = {
    ...base,
    id: "a/fails",
    run: async ({ record }) => {
      await record("r").put("k", Uint8Array.of(0xff));
      same("the value", (await record("r").get("k"))?.value, Uint8Array.of(0x00));
    },
  };
  const report = await run([fails]);
  const [result] = report.cases;
  expect(result).toMatchObject({
    status: "failed",
    what: "the value",
    found: "0xff",
    wanted: "0x00",
  });
  const text = result === undefined ? "" : resultLines(result).join("\n");
  expect(text).toContain("a/fails");
  expect(text).toContain("rules:   TOK-4");
  // No command is known that runs what a test of somebody's own has put together.
  expect(text).toContain('repeat:  storageCases.filter(({ id }) => id === "a/fails")');
  expect(summaryLines(report).at(-1)).toMatch(/^memory: 0 passed, 1 failed, 0 skipped of 1 cases/);
});

test("an error that no check expected fails the case by its message", async () => {
  const throws: ConformanceCase = {
    ...base,
    id: "a/throws",
    run: async ({ record }) => void (await record("").read()),
  };
  const [result] = (await run([throws])).cases;
  expect(result).toMatchObject({ status: "failed", wanted: "success" });
  expect(result?.found).toContain("INVALID_ARGUMENT: id is empty");
});

test("a case that hangs fails when its time is up, and leaves no timer", async () => {
  const stepped = steppedEnv();
  const hangs: ConformanceCase = {
    ...base,
    id: "a/hangs",
    run: () => new Promise(() => undefined),
  };
  const door = await engineDoor(flawedMemory({}), stepped);
  const options = { env: stepped, parallel: 1, caseTimeout: 3 * SECOND };
  const work = runStorageCases([hangs, passes], { engine: "memory", door }, options);
  const report = await passTime(stepped, work);
  expect(report.cases.map(({ status }) => status)).toEqual(["failed", "passed"]);
  expect(report.cases[0]?.found).toBe("no end after 3 s");
  expect(stepped.pendingTimers()).toBe(0);
});

test("a case that leaves something behind fails, and what it left is taken back", async () => {
  const stepped = steppedEnv();
  const leaves: ConformanceCase = {
    ...base,
    id: "a/leaves",
    run: async ({ client, namespace, engine }) => {
      engine.hold();
      const options = { timeoutMicros: 3600 * SECOND };
      void client.getItems({ namespace: namespace(), id: "r" }, options);
      await Promise.resolve();
    },
  };
  const door = await engineDoor(flawedMemory({}), stepped);
  const options = { env: stepped, parallel: 1 };
  const work = runStorageCases([leaves, passes], { engine: "memory", door }, options);
  const report = await passTime(stepped, work);
  expect(report.cases.map(({ status }) => status)).toEqual(["failed", "passed"]);
  expect(report.cases[0]?.message).toMatch(
    /leaves: found 1 timers, 1 engine calls \(readRange\), wanted nothing/,
  );
});

test("as many cases run at a time as asked for, and results keep the order of the cases", async () => {
  let running = 0;
  let most = 0;
  const cases = Array.from(
    { length: 9 },
    (_, i): ConformanceCase => ({
      ...base,
      id: `a/case-${i}`,
      run: async () => {
        running += 1;
        most = Math.max(most, running);
        for (let turns = 9 - i; turns > 0; turns -= 1) await settle();
        running -= 1;
      },
    }),
  );
  const report = await run(cases, {}, 3);
  expect(most).toBe(3);
  expect(report.cases.map(({ id }) => id)).toEqual(cases.map(({ id }) => id));
});

test("every case has namespaces of its own, in every run", async () => {
  const names: string[] = [];
  const looks = (id: string): ConformanceCase => ({
    ...base,
    id,
    namespaces: { main: {}, other: {} },
    run: async ({ namespace }) => void names.push(namespace(), namespace("other")),
  });
  for (let i = 0; i < 2; i += 1) await run([looks("a/one"), looks("a/two")]);
  expect(new Set(names).size).toBe(8);
});

test("what a case leaves is dropped when it is over, passed or failed", async () => {
  const dropped: string[] = [];
  const door = await engineDoor(flawedMemory({}), env, {
    dropTable: async (table) => void dropped.push(table),
  });
  const made: string[] = [];
  const one = (id: string, ok: boolean): ConformanceCase => ({
    ...base,
    id,
    run: async ({ namespace }) => {
      const log = namespace().replace(/main$/, "log");
      made.push(namespace(), `${namespace()}_chunks`, log);
      same("it", ok, true);
    },
  });
  const cases = [one("a/passes", true), one("a/fails", false)];
  await runStorageCases(cases, { engine: "memory", door }, { env, parallel: 1 });
  expect(dropped).toEqual(made);
});

test("a case that fails is told by its own failure, whatever becomes of the clean-up after it", async () => {
  const fails: ConformanceCase = {
    ...base,
    id: "a/fails",
    run: async () => same("the value", "found", "wanted"),
  };
  const door = await engineDoor(flawedMemory({}), env, {
    dropTable: () => Promise.reject(new Error("cannot drop")),
  });
  const report = await runStorageCases(
    [fails, passes],
    { engine: "memory", door },
    { env, parallel: 1 },
  );
  const [first, second] = report.cases;
  expect(first).toMatchObject({ status: "failed", what: "the value", found: '"found"' });
  expect(second).toMatchObject({ status: "failed", found: "cannot drop" });
});

test("a case whose time is up says which calls of the engine never ended", async () => {
  const stepped = steppedEnv();
  const waits: ConformanceCase = {
    ...base,
    id: "a/waits",
    run: async ({ client, namespace }) => {
      await client.putItems(
        {
          namespace: namespace(),
          id: "r",
          items: [1, 2].map((byte) => ({ key: Uint8Array.of(byte), value: Uint8Array.of(byte) })),
        },
        { timeoutMicros: 3600 * SECOND },
      );
    },
  };
  const never = (): Promise<void> => new Promise(() => undefined);
  const door = await engineDoor(flawedMemory({ pause: never }), stepped);
  const options = { env: stepped, parallel: 1, caseTimeout: 3 * SECOND };
  const work = runStorageCases([waits], { engine: "memory", door }, options);
  const report = await passTime(stepped, work);
  expect(report.cases[0]?.found).toMatch(
    /^no end after 3 s; under way: \d+ timers, 1 engine calls \(write\)$/,
  );
  expect(stepped.pendingTimers()).toBe(0);
});

test("the JSON report has the fields that programs rely on", async () => {
  const report: unknown = JSON.parse(reportJson(await run([passes])));
  expect(report).toMatchObject({
    engine: "memory",
    passed: 1,
    failed: 0,
    skipped: 0,
    cases: [{ id: "a/passes", rules: ["TOK-4"], status: "passed" }],
  });
});

test("cache cases that need a shared cache are skipped where there is none", async () => {
  const cases = cacheCases.filter(({ needs }) => needs.length > 0);
  const door = { isShared: false, open: () => Promise.reject(new Error("not to be opened")) };
  const report = await runCacheCases(cases, { engine: "x", door }, { env, parallel: 1 });
  expect(report).toMatchObject({ passed: 0, failed: 0, skipped: cases.length });
});

describe("a case that fails for want of time beside others", () => {
  /** Fails in this way the first so many times. */
  function heldUp(times: number, found: string, more: Partial<ConformanceCase> = {}) {
    const state = { runs: 0 };
    const one: ConformanceCase = {
      ...base,
      ...more,
      id: "a/held-up",
      run: async () => {
        state.runs += 1;
        if (state.runs <= times) throw new ConformanceFailure("the case", found, "an answer");
      },
    };
    return { one, state };
  }
  const LATE = "DEADLINE_EXCEEDED: late";

  test.each([
    ["for want of time", 1, LATE, {}, 4, 2, "passed"],
    ["for want of time, alone, too", 2, LATE, {}, 4, 2, "failed"],
    ["by what it judges of time", 1, "3 ms", { isTimed: true as const }, 4, 2, "passed"],
    ["otherwise", 1, "3 ms", {}, 4, 1, "failed"],
    ["for want of time with nothing beside it", 1, LATE, {}, 1, 1, "failed"],
  ])("%s", async (_how, times, found, more, parallel, runs, status) => {
    const { one, state } = heldUp(times, found, more);
    const told: CaseResult[] = [];
    const door = await engineDoor(flawedMemory({}), env);
    const onResult = (result: CaseResult): void => void told.push(result);
    const options = { env, parallel, onResult };
    const report = await runStorageCases([one, passes], { engine: "memory", door }, options);
    expect(state.runs).toBe(runs);
    expect(report.cases.map(({ id }) => id)).toEqual(["a/held-up", "a/passes"]);
    expect(report.cases[0]).toMatchObject({ status });
    expect(told.filter(({ id }) => id === "a/held-up")).toEqual([report.cases[0]]);
    const text = resultLines(report.cases[0]!).join("\n");
    expect(text.includes("alone, once more; beside others:")).toBe(runs === 2);
  });
});
