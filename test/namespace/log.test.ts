// Goal: a log has every bound decided, refuses those that are none, and keeps its name for itself.
import { expect, test } from "vitest";
import { MINUTE, SECOND } from "../../src/model/time.ts";
import { logTable, resolveLog } from "../../src/namespace/log.ts";
import { resolveNamespace } from "../../src/namespace/namespace.ts";
import { errorOf } from "../fakes/error-of.ts";
import { fakeEngine } from "../fakes/fake-engine.ts";

const engine = fakeEngine({ capabilities: { consistency: ["eventual", "quorum"] } });

test("resolveLog() decides every bound", () => {
  const log = resolveLog({ pendingMax: 7 }, engine);
  expect(log).toMatchObject({ table: "kvdal_log", consistency: "quorum", pendingMax: 7 });
  expect(log).toMatchObject({ everyMicros: SECOND, bucketMicros: MINUTE, attemptsMax: 5 });
  expect(log.lagMicrosMax).toBe(Number.POSITIVE_INFINITY);
  expect(logTable(log).table).toBe("kvdal_log");
});

test("resolveLog() refuses bounds that are none, and an engine without agreement", () => {
  for (const options of [{ pendingMax: 0 }, { everyMicros: 1.5 }, { attemptsMax: -1 }]) {
    const [field = ""] = Object.keys(options);
    expect(errorOf(() => resolveLog(options, engine))?.message).toContain(`log field ${field}`);
  }
  const weak = fakeEngine({ capabilities: { consistency: ["eventual"] } });
  expect(errorOf(() => resolveLog({}, weak))?.code).toBe("UNSUPPORTED");
});

test("no namespace, and no namespace's table, is called as the log is", () => {
  for (const options of [{ name: "kvdal_log" }, { name: "users", table: "kvdal_log" }]) {
    const error = errorOf(() => resolveNamespace(options, { primary: engine }));
    expect(error?.message).toContain("is kvdal_log, wanted");
  }
  expect(resolveNamespace({ name: "kvdal_logs" }, { primary: engine }).table).toBe("kvdal_logs");
});

test("a namespace's longest apply follows from its retention, or is covered by it (DEL-5)", () => {
  const tokens = { maxAge: MINUTE, maxDrift: SECOND };
  const of = (options: { readonly applyMicrosMax?: number }) => {
    const asked = { name: "users", tokens, retentionMicros: 11 * MINUTE + SECOND, ...options };
    return resolveNamespace(asked, { primary: engine }).applyMax;
  };
  expect(of({})).toBe(10 * MINUTE);
  expect(of({ applyMicrosMax: 10 * MINUTE })).toBe(10 * MINUTE);
  expect(errorOf(() => of({ applyMicrosMax: 10 * MINUTE + 1 }))?.message).toContain("DEL-5");
  expect(errorOf(() => of({ applyMicrosMax: MINUTE - 1 }))?.message).toContain("applyMicrosMax");
});
