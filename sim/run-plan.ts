/** Runs one plan from chaos to verdict. */
import type { RealCacheFactory } from "./backends/cache/real-entries.ts";
import type { BackendFactory } from "./backends/backend.ts";
import { type Judge, judge } from "./check/index.ts";
import type { PlanResult } from "./plan-result.ts";
import { PlanRun } from "./plan-run.ts";
import type { Plan } from "./workload/plan.ts";

/** Runs `plan` over `factory`'s engine, and a real cache where one is given. Rejects only for faults of the simulator itself. */
export async function runPlan(
  plan: Plan,
  factory: BackendFactory,
  realCache?: RealCacheFactory,
  judgedBy: Judge = judge,
): Promise<PlanResult> {
  const run = new PlanRun(plan, factory, realCache);
  return run.result(await run.run(), judgedBy);
}
