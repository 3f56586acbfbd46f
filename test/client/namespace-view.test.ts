// Goal: what is earned is spent once, what is told holds for its time, and refusals are forgotten in the end.
import { describe, expect, test } from "vitest";
import { NamespaceView } from "../../src/client/namespace-view.ts";
import { SECOND } from "../../src/model/time.ts";
import { extraBudget } from "../../src/policy/extra-budget.ts";
import { FACTS } from "../fakes/server-facts.ts";

const REFRESH = 10 * SECOND;
const view = (): NamespaceView =>
  new NamespaceView("n", {
    retries: extraBudget({ share: 0.5, burst: 1 }),
    hedges: extraBudget({ share: 0.5, burst: 1 }),
    refreshMicros: REFRESH,
  });

describe("NamespaceView", () => {
  test("begins with its retries saved up, and without hedges", () => {
    const one = view();
    expect([one.canRetry(), one.canHedge(0)]).toEqual([true, false]);
    one.spendRetry();
    one.beginCall();
    expect([one.canRetry(), one.canHedge(0)]).toEqual([false, false]);
    one.beginCall();
    expect([one.canRetry(), one.canHedge(0)]).toEqual([true, true]);
    one.spendHedge();
    expect([one.canRetry(), one.canHedge(0)]).toEqual([true, false]);
  });

  test("without any saved up at first still earns retries, one at a time", () => {
    const one = new NamespaceView("n", {
      retries: extraBudget({ share: 0.5, burst: 0 }),
      hedges: extraBudget({ share: 0.5, burst: 0 }),
      refreshMicros: REFRESH,
    });
    expect(one.canRetry()).toBe(false);
    for (let call = 0; call < 4; call += 1) one.beginCall();
    expect(one.canRetry()).toBe(true);
    one.spendRetry();
    expect([one.canRetry(), one.canHedge(0)]).toEqual([false, true]);
  });

  test("follows advice for a second, and hedges nothing meanwhile", () => {
    const one = view();
    one.beginCall();
    one.beginCall();
    one.hear({ ...FACTS, advice: "slow_down" }, 100);
    expect([one.advice(100), one.advice(99 + SECOND), one.advice(100 + SECOND)]).toEqual([
      "slow_down",
      "slow_down",
      "go_on",
    ]);
    expect([one.canHedge(200), one.canHedge(100 + SECOND)]).toEqual([false, true]);
    expect(one.pressure(200)).toEqual({ attempts: 0, refused: 0 });
    expect(one.pressure(100 + SECOND)).toBeUndefined();
  });

  test("is silent after an interval without a word or a question, not before it has ever been told anything", () => {
    const one = view();
    expect(one.isSilent(100 * REFRESH)).toBe(false);
    one.hear(FACTS, 5);
    expect([one.isSilent(4 + REFRESH), one.isSilent(5 + REFRESH)]).toEqual([false, true]);
    one.ask(5 + REFRESH);
    expect([one.isSilent(6 + REFRESH), one.isSilent(5 + 2 * REFRESH)]).toEqual([false, true]);
    one.hear(FACTS, 20 * REFRESH);
    expect(one.isSilent(20 * REFRESH + 1)).toBe(false);
  });

  test("is quiet as long as nothing is to be heeded", () => {
    const one = view();
    expect(one.isQuiet(0)).toBe(false);
    expect(one.pressure(0)).toBeUndefined();
    one.hear(FACTS, 0);
    expect([one.isQuiet(1), one.isQuiet(REFRESH)]).toEqual([true, false]);
    one.noteRefusal();
    expect(one.isQuiet(1)).toBe(false);
    one.hear(FACTS, 2);
    expect(one.isQuiet(3)).toBe(false);
  });

  test("halves attempts and refusals every five seconds, until there are none", () => {
    const one = view();
    one.pressure(0);
    for (let i = 0; i < 8; i += 1) one.beginAttempt();
    for (let i = 0; i < 3; i += 1) one.noteRefusal();
    one.dropCall();
    const at = (seconds: number): unknown => one.pressure(seconds * SECOND);
    expect(at(4)).toEqual({ attempts: 9, refused: 4 });
    expect(at(5)).toEqual({ attempts: 4, refused: 2 });
    expect(at(9)).toEqual({ attempts: 4, refused: 2 });
    expect(at(10)).toEqual({ attempts: 2, refused: 1 });
    expect(at(15)).toBeUndefined();
    for (let i = 0; i < 40; i += 1) one.dropCall();
    expect(at(35)).toEqual({ attempts: 2, refused: 2 });
  });
});
