// Goal: no deadline is missed or early, and of calls that end within their turn, or later, nothing is left.
import { expect, test } from "vitest";
import { DeadlineWatch } from "../../src/rpc/deadline-watch.ts";
import { steppedEnv, type SteppedEnv } from "../fakes/stepped-env.ts";

function watching(): { readonly env: SteppedEnv; readonly watch: DeadlineWatch } {
  const env = steppedEnv();
  return { env, watch: new DeadlineWatch(env.clock, env.timers) };
}

test("calls that end within their turn leave nothing, and share one timer", () => {
  const { env, watch } = watching();
  const late = (): never => {
    throw new Error("was late");
  };
  const calls = [1, 2, 3].map((i) => watch.begin(env.clock.monotonic() + i, late));
  expect(env.pendingTimers()).toBe(1);
  for (const call of calls) watch.end(call);
  expect(env.pendingTimers()).toBe(0);
});

test("each call that outlasts its turn is late at its own deadline", async () => {
  const { env, watch } = watching();
  const begun = env.clock.monotonic();
  const late: (readonly [number, number])[] = [];
  const calls = [500, 100, 300].map((budget, i) =>
    watch.begin(begun + budget, () => late.push([i, env.clock.monotonic() - begun])),
  );
  watch.end(calls[2]!);
  await env.advance(0);
  expect(env.pendingTimers()).toBe(2);
  await env.advance(1_000);
  expect(late).toEqual([
    [1, 100],
    [0, 500],
  ]);
  expect(env.pendingTimers()).toBe(0);
});

test("a call that ends after its turn takes its timer back; ending twice is harmless", async () => {
  const { env, watch } = watching();
  const call = watch.begin(env.clock.monotonic() + 500, () => expect.unreachable());
  await env.advance(10);
  watch.end(call);
  watch.end(call);
  expect(env.pendingTimers()).toBe(0);
  await env.advance(1_000);
});

test("a turn that took all the time makes the call late as soon as it is over", async () => {
  const { env, watch } = watching();
  let late = 0;
  watch.begin(env.clock.monotonic() + 500, () => (late += 1));
  env.stall(700);
  await env.advance(0);
  expect(late).toBe(1);
});

test("calls of later turns are watched like those of the first", async () => {
  const { env, watch } = watching();
  watch.end(watch.begin(env.clock.monotonic() + 5, () => expect.unreachable()));
  let late = 0;
  watch.begin(env.clock.monotonic() + 5, () => (late += 1));
  await env.advance(1);
  watch.begin(env.clock.monotonic() + 5, () => (late += 1));
  await env.advance(10);
  expect(late).toBe(2);
});
