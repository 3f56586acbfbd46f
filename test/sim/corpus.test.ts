/** The corpus: its plans pass with the code as it is, and fail as they are said to with their bugs planted. */
import { expect, test } from "vitest";
import { corpusPlans } from "../../src/cli/corpus-files.ts";
import { SIMULATED_ENGINES } from "../../src/cli/sim/engines.ts";
import { kvdalJson } from "./kvdal.ts";

type Outcome = { readonly name: string; readonly trouble: string | null };

test("every plan of the corpus passes, and fails with its bug planted", async () => {
  const outcomes = await kvdalJson<readonly Outcome[]>(["corpus"]);
  expect(outcomes.length).toBeGreaterThan(10);
  const rotten = outcomes.filter(({ trouble }) => trouble !== null);
  expect(rotten, "shrink another in its place, or take it out").toEqual([]);
}, 240_000);

const OPERATIONS_MAX = 12;
/** How often calls are hedged is judged over as many of them as one that goes unhedged is a surprise. */
const HEDGING_OPERATIONS_MAX = 25;

test("plans of the corpus are small, and say why they are kept", async () => {
  for (const { name, kept } of await corpusPlans()) {
    expect(kept.reason, name).not.toBe("");
    const most = kept.failure.rule === "RETRY-3" ? HEDGING_OPERATIONS_MAX : OPERATIONS_MAX;
    expect(kept.plan.operations.flat().length, name).toBeLessThanOrEqual(most);
    expect(SIMULATED_ENGINES, name).toContain(kept.engine);
  }
});
