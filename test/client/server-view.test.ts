// Goal: every name has a view of its own, what is heard reaches the token source, and memory is bounded.
import { expect, test } from "vitest";
import { resolveLimits } from "../../src/client/client-parts.ts";
import { ServerView } from "../../src/client/server-view.ts";
import type { ServerClock } from "../../src/policy/clock-skew.ts";
import { FACTS } from "../fakes/server-facts.ts";

function viewed(): { readonly view: ServerView; readonly clocks: readonly ServerClock[] } {
  const clocks: ServerClock[] = [];
  const next = (): never => {
    throw new Error("not asked for");
  };
  const observe = (clock: ServerClock): unknown => clocks.push(clock);
  return {
    view: new ServerView({ next, observe, refused: () => undefined }, resolveLimits()),
    clocks,
  };
}

test("of() gives each name its own view, and the same each time", () => {
  const { view } = viewed();
  const [a, b] = [view.of("a"), view.of("b")];
  expect(a).not.toBe(b);
  expect([view.of("a"), view.of("b"), view.of("b")]).toEqual([a, b, b]);
});

test("hear() keeps the facts and tells the token source of the server's clock", () => {
  const { view, clocks } = viewed();
  expect(view.facts("n")).toBeUndefined();
  view.hear(view.of("n"), FACTS, 7, 9);
  expect(view.facts("n")).toBe(FACTS);
  expect(clocks).toEqual([{ time: FACTS.time, sentAt: 7, maxDrift: FACTS.limits.tokenMaxDrift }]);
});

test("the name that was used first is forgotten when there are more than a thousand", () => {
  const { view } = viewed();
  for (let i = 0; i < 1_001; i += 1) view.hear(view.of(`n${i}`), FACTS, i, i);
  expect([view.facts("n0"), view.facts("n1")]).toEqual([undefined, FACTS]);
});
