/** What clients did, in words: also what is asked of a world's end. */
import { expect, test } from "vitest";
import { drawPlan, REPLICATED } from "../../sim/index.ts";
import { toldOperations } from "../../sim/explain/told.ts";
import { CORE_FIRST } from "../../sim/faults/core.ts";
import type { WatchedRun } from "../../sim/watch-plan.ts";
import { READ_BACK_FIRST } from "../../sim/workload/read-back.ts";
import { recordsOf } from "../../sim/workload/places.ts";
import { STATUS_FIRST } from "../../sim/workload/lists-plan.ts";

const plan = { ...drawPlan(1, REPLICATED.topology), operations: [] };

test.each([
  [CORE_FIRST, "puts key 0 of record 0, up to 8 bytes at the minimal core"],
  [CORE_FIRST + 1, "gets key 0 of record 0 at the minimal core"],
  [READ_BACK_FIRST + recordsOf(plan) + 1, "reads record 1 back through server 1"],
  [STATUS_FIRST, "asks in the end what became of a list"],
])("operation %i of a world's end is told as the reader's", (operation, does) => {
  const journal = [{ operation, client: 0, begun: 1_000, outcome: "open", items: 0 }];
  const violation = { rule: "X-1", what: "it", operations: [operation], also: [] };
  const told = toldOperations(plan, { journal, violation } as unknown as WatchedRun);
  expect(told.map(({ says }) => says)).toEqual([
    `the reader ${does}, from 1 ms: never told anything`,
  ]);
});
