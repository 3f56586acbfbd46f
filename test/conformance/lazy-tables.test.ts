// Goal: a table that no record of was written or read is never made, and nobody sees the difference.
import { expect, test } from "vitest";
import { lazyTables } from "../../conformance/kit/lazy-tables.ts";
import { memory } from "../../src/engines/memory/adapter.ts";
import { EMPTY_BYTES, utf8 } from "../../src/model/bytes.ts";
import { putVersion } from "../../src/model/version.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import { runNative } from "../../src/system/native.ts";
import { systemEnv } from "../../src/system/env.ts";
import { fakeEngine } from "../fakes/fake-engine.ts";

const call = {
  deadline: Number.POSITIVE_INFINITY,
  signal: neverAborted,
  consistency: "quorum",
  now: 1_000,
} as const;
const version = putVersion({ generationTime: 5, nonce: new Uint8Array(16) }, 0);
const row = { key: utf8("k"), value: utf8("v"), metadata: EMPTY_BYTES, version };
const keys = { table: "late", id: "r", keys: [row.key], projection: "rows" } as const;
const put = [{ kind: "put", row }] as const;

test("scans and sweeps of a table that was not made find nothing, and ask nobody", async () => {
  const bare = fakeEngine();
  const engine = lazyTables(bare, () => true);
  await engine.provision({ table: "late", retention: 1 }, call);
  const whole = { table: "late", cursor: undefined, rowLimit: 9 };
  const segment = { index: 0, of: 1 };
  expect((await engine.scan({ ...whole, segment, projection: "keys" }, call)).entries).toEqual([]);
  expect((await engine.sweep({ ...whole, retention: 1 }, call)).cursor).toBeUndefined();
  expect(bare.calls).toEqual([]);
});

test("what another server wrote is read by one that has written nothing", async () => {
  const bare = await memory().open({ env: systemEnv(), native: runNative });
  const [one, other] = [lazyTables(bare, () => true), lazyTables(bare, () => true)];
  for (const engine of [one, other]) await engine.provision({ table: "late", retention: 1 }, call);
  await one.write({ table: "late", id: "r" }, put, call);
  expect((await other.readKeys(keys, call)).rows).toHaveLength(1);
  const range = { ...keys, range: {}, reverse: false, rowLimit: 9, byteLimit: 9 };
  expect((await other.readRange(range, call)).rows).toHaveLength(1);
});

test("the first writes make it, once, and then it is the engine's", async () => {
  const bare = await memory().open({ env: systemEnv(), native: runNative });
  const engine = lazyTables(bare, ({ table }) => table === "late");
  await engine.provision({ table: "late", retention: 1 }, call);
  const target = { table: "late", id: "r" };
  await Promise.all([engine.write(target, put, call), engine.write(target, put, call)]);
  expect((await engine.readKeys(keys, call)).rows).toHaveLength(1);
  expect((await bare.readKeys(keys, call)).rows).toHaveLength(1);
});

test("a table that could not be made is tried again with the next write", async () => {
  let tries = 0;
  const bare = fakeEngine({
    provision: async () => {
      tries += 1;
      if (tries === 1) throw new Error("not yet");
    },
  });
  const engine = lazyTables(bare, () => true);
  await engine.provision({ table: "late", retention: 1 }, call);
  await expect(engine.write({ table: "late", id: "r" }, put, call)).rejects.toThrow("not yet");
  await engine.write({ table: "late", id: "r" }, put, call);
  expect(tries).toBe(2);
});
