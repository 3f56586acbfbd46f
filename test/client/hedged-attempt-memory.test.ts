// Goal: what a platform still holds of an attempt that is over does not keep its answer (RES-1).
// Method: timers that never let go of what they were to call, and a collection of the whole heap.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { hedgedAttempt } from "../../src/client/hedged-attempt.ts";
import { PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import { matchAll } from "../../src/model/predicate.ts";
import type { KvRequest } from "../../src/model/request.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { Timers } from "../../src/ports/timers.ts";
import type { Transport } from "../../src/ports/transport.ts";
import { FACTS } from "../fakes/server-facts.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";

const GET: KvRequest = {
  namespace: "n",
  capabilities: PLAIN_CLIENT,
  id: "r",
  kind: "get_items",
  predicate: matchAll,
  selection: {},
};

test("a timer that is let go late does not hold the answer of the attempt that it was for", async () => {
  const held: (() => void)[] = [];
  const answered = await answeredWith({
    after: (_delay, fire) => {
      held.push(fire);
      return () => undefined;
    },
  });
  expect(answered.deref()).toBeDefined();
  // What was read stays until the turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  collectAll();
  expect(held.length).toBe(1);
  expect(answered.deref()).toBeUndefined();
});

/** An answer that nobody but what is tested can hold. */
async function answeredWith(timers: Timers): Promise<WeakRef<object>> {
  const { clock } = steppedEnv();
  const transport = (async () => ({ items: [], server: FACTS })) as unknown as Transport;
  const call = { budget: 500, turn: 0, signal: neverAborted };
  const answer = await hedgedAttempt(GET, call, {
    clock,
    timers,
    transport,
    after: 100,
    mayBegin: () => false,
    onWon: () => undefined,
  });
  return new WeakRef(answer);
}

function collectAll(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
