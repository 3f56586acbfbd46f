/** A failing world is cut down before it is explained, and it is said how far, and whether time ended it. */
import { drawPlan, type Plan, REPLICATED } from "kvdal/sim";
import { sizeOf } from "kvdal/sim/shrink";
import { afterEach, expect, test, vi } from "vitest";
import { smallPlan, type WorldToCut } from "../../src/cli/small-plan.ts";

const RULE = "TOK-4";
const WHOLE = drawPlan(7, REPLICATED.topology);
const { operations, faults } = sizeOf(WHOLE);

/** A world that fails for as long as this is so; each look at the clock is `pace` seconds after the last. */
function worldFailing(isSo: (plan: Plan) => boolean, pace: number): WorldToCut {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += pace * 1_000));
  const watch = async (plan: Plan): Promise<unknown> => {
    return isSo(plan) ? { violation: { rule: RULE, operations: [] }, fired: [], journal: [] } : {};
  };
  return { plan: WHOLE, rule: RULE, sides: { watch } as WorldToCut["sides"] };
}

afterEach(() => vi.restoreAllMocks());

test("what always fails is cut down to nothing, and none of that can go", async () => {
  const small = await smallPlan(
    worldFailing(() => true, 0),
    10,
  );
  expect(sizeOf(small!.plan)).toEqual({ operations: 0, faults: 0 });
  expect(small!.notes).toEqual([
    `Cut down for this from ${operations} operations and ${faults} faults to 0 and 0, ` +
      "of which none can go; kvdal shrink writes such a plan to a file.",
  ]);
});

test("where time ends it, it is said that what is left may be too much", async () => {
  const small = await smallPlan(
    worldFailing((plan) => sizeOf(plan).operations > 20, 0.5),
    10,
  );
  const left = sizeOf(small!.plan);
  expect(left.operations).toBeGreaterThan(20);
  expect(left.operations).toBeLessThan(operations);
  expect(small!.notes).toEqual([
    `Cut down for this from ${operations} operations and ${faults} faults to ${left.operations} and ` +
      `${left.faults}, and 10 s were over before it was seen that none of these can go: --seconds.`,
  ]);
});

test("where there was no time at all, that is said", async () => {
  const small = await smallPlan(
    worldFailing(() => true, 60),
    10,
  );
  expect(small!.plan).toEqual(WHOLE);
  expect(small!.notes).toEqual([
    `None of ${operations} operations and ${faults} faults was taken out in 10 s: --seconds.`,
  ]);
});

test("a world that does not fail, or of which no rule is known, is not cut down", async () => {
  expect(
    await smallPlan(
      worldFailing(() => false, 0),
      10,
    ),
  ).toBeUndefined();
  const unknown = { ...worldFailing(() => true, 0), rule: undefined } as unknown as WorldToCut;
  expect(await smallPlan(unknown, 10)).toBeUndefined();
});
