/**
 * Goal: a shadow follows and never gets in the way (NS-6). Method: the port's own checks over an engine with a
 * shadow; then a primary and a shadow whose failures are scripted.
 */
import { describe, expect, test } from "vitest";
import { memory } from "../../../src/engines/memory/adapter.ts";
import { pageDifference } from "../../../src/engines/shared/compare-pages.ts";
import {
  type ShadowedEngine,
  type ShadowEvent,
  shadowEngine,
  type ShadowParts,
} from "../../../src/engines/shared/shadow-engine.ts";
import { utf8 } from "../../../src/model/bytes.ts";
import { KvError } from "../../../src/model/error.ts";
import { putVersion } from "../../../src/model/version.ts";
import { neverAborted } from "../../../src/ports/never-aborted.ts";
import type {
  EngineCall,
  Mutation,
  Row,
  StorageEngine,
} from "../../../src/ports/storage-engine.ts";
import { runNative } from "../../../src/system/native.ts";
import { fakeEngine } from "../../fakes/fake-engine.ts";
import { steppedEnv } from "../../fakes/stepped-env.ts";
import { testPort } from "../port-cases.ts";

const env = steppedEnv();
const call: EngineCall = {
  deadline: Infinity,
  signal: neverAborted,
  consistency: "quorum",
  now: 0,
};
const fail = (applied: "no" | "unknown") => async (): Promise<never> => {
  throw new KvError("UNAVAILABLE", "scripted", { applied });
};

function rowOf(key: string, value = key, time = 1): Row {
  const version = putVersion({ generationTime: time, nonce: new Uint8Array(16) }, 0);
  return { key: utf8(key), value: utf8(value), metadata: new Uint8Array(0), version };
}
const putOf = (row: Row): Mutation => ({ kind: "put", row });

type Stage = ShadowedEngine & { readonly shadow: StorageEngine; readonly events: ShadowEvent[] };

async function stage(
  change: { primary?: Partial<StorageEngine>; shadow?: Partial<StorageEngine> } = {},
  parts: Partial<ShadowParts> = {},
): Promise<Stage> {
  const open = (): Promise<StorageEngine> => memory().open({ env, native: runNative });
  const shadow = { ...(await open()), ...change.shadow };
  const events: ShadowEvent[] = [];
  const shadowed = shadowEngine({ ...(await open()), ...change.primary }, shadow, {
    write: true,
    readPerMillion: 1_000_000,
    tableOf: (table) => `${table}_2`,
    wait: 0,
    env,
    onEvent: (event) => events.push(event),
    ...parts,
  });
  await shadowed.engine.provision({ table: "data", retention: 0 }, call);
  return { ...shadowed, shadow, events };
}

const ALL = {
  range: {},
  reverse: false,
  rowLimit: 100,
  byteLimit: 1e6,
  projection: "rows",
} as const;
const inShadow = async ({ shadow, settled }: Stage): Promise<readonly string[]> => {
  await settled();
  const { rows } = await shadow.readRange({ ...ALL, table: "data_2", id: "r" }, call);
  return rows.map(({ value }) => Buffer.from(value).toString());
};
const record = { table: "data", id: "r" };

describe("an engine with a shadow", () => {
  testPort({
    name: "memory",
    open: async (context) => {
      const primary = await memory().open(context);
      const parts = { write: true, readPerMillion: 0, tableOf: String, wait: 0, env: context.env };
      // The cases count native calls and close engines: those of the primary alone.
      return { ...shadowEngine(primary, fakeEngine(), parts).engine, close: primary.close };
    },
  });
});

describe("a write", () => {
  test("is in both, whatever becomes of the caller's bytes", async () => {
    const at = await stage();
    const row = { ...rowOf("k", "value"), value: Buffer.from("value") };
    await at.engine.write(record, [putOf(row)], call);
    row.value.fill(0);
    expect(await inShadow(at)).toEqual(["value"]);
    expect(at.counters).toMatchObject({ writes: 1, writeFailures: 0 });
  });

  test("goes to the shadow in as many parts as that takes", async () => {
    const capabilities = { ...fakeEngine().capabilities, mutationsPerWriteMax: 2 };
    const at = await stage({ shadow: { capabilities } });
    await at.engine.write(
      record,
      ["a", "b", "c"].map((key) => putOf(rowOf(key))),
      call,
    );
    expect(await inShadow(at)).toEqual(["a", "b", "c"]);
  });

  test("that the primary refused is in neither; one that may have been applied is", async () => {
    const refused = await stage({ primary: { write: fail("no") } });
    await expect(refused.engine.write(record, [putOf(rowOf("k"))], call)).rejects.toThrow(
      "scripted",
    );
    expect(await inShadow(refused)).toEqual([]);
    const unknown = await stage({ primary: { write: fail("unknown") } });
    await expect(unknown.engine.write(record, [putOf(rowOf("k"))], call)).rejects.toThrow(
      "scripted",
    );
    expect(await inShadow(unknown)).toEqual(["k"]);
  });

  test("that the shadow misses is answered, counted and told", async () => {
    const at = await stage({ shadow: { write: fail("no") } });
    expect(await at.engine.write(record, [putOf(rowOf("k"))], call)).toEqual([{ kind: "applied" }]);
    await at.settled();
    expect(at.counters.writeFailures).toBe(1);
    expect(at.events).toEqual([
      { kind: "write_failed", table: "data_2", what: "UNAVAILABLE: scripted" },
    ]);
  });

  test("does not wait for the shadow, and leaves out what would be too many", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = async (): Promise<[]> => {
      await promise;
      return [];
    };
    const at = await stage({ shadow: { write: slow } });
    for (let i = 0; i < 300; i += 1) await at.engine.write(record, [putOf(rowOf("k"))], call);
    expect(at.counters).toMatchObject({ writes: 256, skipped: 44 });
    resolve();
    await at.engine.close();
    expect(at.counters.writeFailures).toBe(0);
  });

  test("waits for the shadow where that is wanted, but not for ever", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = async (): Promise<[]> => {
      await promise;
      return [];
    };
    const at = await stage({ shadow: { write: slow } }, { wait: 500 });
    let answered = 0;
    const put = async (): Promise<void> => {
      const deadline = env.clock.monotonic() + 600;
      await at.engine.write(record, [putOf(rowOf("k"))], { ...call, deadline });
      answered += 1;
    };
    const first = put();
    await env.advance(299);
    expect(answered).toBe(0);
    // Half of what is left until the deadline.
    await env.advance(1);
    expect(answered).toBe(1);
    const second = put();
    resolve();
    await Promise.all([first, second]);
    expect(env.pendingTimers()).toBe(0);
  });

  test("only where absent follows the primary's decision", async () => {
    const at = await stage();
    await at.engine.putIfAbsent(record, rowOf("k", "first"), call);
    await at.engine.putIfAbsent(record, rowOf("k", "second", 2), call);
    expect(await inShadow(at)).toEqual(["first"]);
  });

  test("is left to the primary where the shadow is not to be written", async () => {
    const at = await stage({}, { write: false });
    await at.engine.write(record, [putOf(rowOf("k"))], call);
    expect(await inShadow(at)).toEqual([]);
  });
});

describe("a read", () => {
  test("is the primary's, and a difference is counted and told", async () => {
    const at = await stage();
    await at.engine.write(record, [putOf(rowOf("a")), putOf(rowOf("b"))], call);
    await at.settled();
    const keys = [utf8("a"), utf8("b")];
    await at.engine.readRange({ ...ALL, ...record }, call);
    await at.engine.readKeys({ ...record, keys, projection: "rows" }, call);
    await at.settled();
    expect(at.counters).toMatchObject({ reads: 2, mismatches: 0 });
    await at.shadow.write({ table: "data_2", id: "r" }, [putOf(rowOf("b", "x", 9))], call);
    const { rows } = await at.engine.readRange({ ...ALL, ...record }, call);
    expect(rows).toHaveLength(2);
    await at.settled();
    expect(at.events).toEqual([
      { kind: "mismatch", table: "data_2", what: "key 0x62 is newer in the shadow" },
    ]);
  });

  test("fails in the shadow without anybody noticing but who looks", async () => {
    const at = await stage({ shadow: { readRange: fail("no") } });
    await at.engine.readRange({ ...ALL, ...record }, call);
    await at.settled();
    expect(at.counters).toMatchObject({ reads: 1, readFailures: 1, mismatches: 0 });
  });

  test("is compared by sample", async () => {
    let draw = 0;
    const random = { ...env.random, fork: () => ({ ...env.random, below: () => draw }) };
    const at = await stage({}, { readPerMillion: 10, env: { ...env, random } });
    for (draw of [9, 10]) await at.engine.readRange({ ...ALL, ...record }, call);
    await at.settled();
    expect(at.counters.reads).toBe(1);
  });
});

describe("pageDifference()", () => {
  const page = (keys: string, resumeAfter?: string, value?: string) => ({
    rows: keys.split("").map((key) => rowOf(key, value ?? key)),
    rowsExamined: 0,
    resumeAfter: resumeAfter === undefined ? undefined : utf8(resumeAfter),
  });

  test.each([
    ["nothing", page(""), page(""), undefined],
    ["the same", page("abc"), page("abc"), undefined],
    ["a shorter page", page("abc"), page("ab", "b"), undefined],
    ["a longer page", page("ab", "b"), page("abc"), undefined],
    ["a missing row", page("abc"), page("ac"), "key 0x62 is missing in the shadow"],
    ["a missing end", page("abc"), page("ab"), "key 0x63 is missing in the shadow"],
    ["a row too many", page("ac"), page("abc"), "key 0x62 is in the shadow alone"],
    ["an end too many", page("ab"), page("abc"), "key 0x63 is in the shadow alone"],
    ["other bytes", page("a"), page("a", undefined, "x"), "key 0x61 has other bytes in the shadow"],
  ])("finds %s", (_what, primary, shadow, wanted) => {
    expect(pageDifference(primary, shadow, false, 0)).toBe(wanted);
    const back = (one: typeof primary) => ({ ...one, rows: one.rows.toReversed() });
    if (primary.resumeAfter === undefined && shadow.resumeAfter === undefined) {
      expect(pageDifference(back(primary), back(shadow), true, 0)).toBe(wanted);
    }
  });
});
