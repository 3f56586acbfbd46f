// Goal: rounds one after another, none beside another, none after the end, and an error ends nothing (RES-1).
import { expect, test } from "vitest";
import { KvError } from "../../src/model/error.ts";
import { SECOND } from "../../src/model/time.ts";
import { startApplier } from "../../src/service/applier.ts";
import type { ApplyReport } from "../../src/service/apply-lists.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";
import { logStage } from "./log-stage.ts";

const REPORT: ApplyReport = { applied: 0, deadLetters: 0, pending: 0 };

test("startApplier() goes round after round until it is stopped, and leaves no timer", async () => {
  const { log } = await logStage();
  const env = steppedEnv((bound) => Math.floor(bound / 2));
  const rounds: unknown[] = [];
  const down = new KvError("UNAVAILABLE", "scripted");
  const apply = async (): Promise<ApplyReport> => {
    if (rounds.length === 1) throw down;
    return REPORT;
  };
  const onRound = (result: unknown): unknown => rounds.push(result);
  const applier = startApplier({ env, log: { ...log, apply }, onRound });
  await env.advance(SECOND / 2 - 1);
  expect(rounds).toEqual([]);
  await env.advance(1);
  expect(rounds).toEqual([REPORT]);
  await env.advance(2 * SECOND);
  expect(rounds).toEqual([REPORT, down, REPORT]);
  await applier.stop();
  await env.advance(10 * SECOND);
  expect([rounds.length, env.pendingTimers()]).toEqual([3, 0]);
  await applier.stop();
});

test("stop() gives up the round that is out, and waits for it", async () => {
  const { log } = await logStage();
  const env = steppedEnv();
  const signals: AbortSignal[] = [];
  const apply = (signal: AbortSignal): Promise<ApplyReport> =>
    new Promise((_resolve, reject) => {
      signals.push(signal);
      signal.addEventListener("abort", () => reject(new KvError("CANCELLED", "scripted")));
    });
  const applier = startApplier({ env, log: { ...log, apply } });
  await env.advance(SECOND);
  await applier.stop();
  expect([signals.length, signals[0]?.aborted, env.pendingTimers()]).toEqual([1, true, 0]);
});
