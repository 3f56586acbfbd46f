/** Faults of a plan as they are shown: troubles by their family, in the words of explanations. */
import { expect, test } from "vitest";
import { TROUBLES } from "../../sim/faults/registry/index.ts";
import type { Trouble } from "../../sim/faults/trouble.ts";
import { drawPlan, REPLICATED } from "../../sim/index.ts";
import { faultsOf } from "../../sim/trace/plan-faults.ts";

const drawn = drawPlan(1, REPLICATED.topology);
const KINDS = { time: "clock", network: "partition", storage: "storage" } as const;

test.each(TROUBLES)("$name is shown as a fault of its family", ({ name, family }) => {
  const trouble: Trouble = { kind: name, node: 0, at: 123, until: 456, by: 1, other: -1 };
  const shown = faultsOf({ ...drawn, troubles: [trouble] }, [], []);
  const found = shown.filter(({ from, until }) => from === 123 && until === 456);
  const kind = family in KINDS ? KINDS[family as keyof typeof KINDS] : "node";
  expect(found.map((fault) => fault.kind)).toEqual([kind]);
});
