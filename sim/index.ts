/** Door to the simulator: plans, worlds, campaigns. */
export type { BackendFactory } from "./backends/backend.ts";
export {
  openRealCache,
  type RealCacheFactory,
} from "./backends/cache/real-entries.ts";
export { CONDITIONAL } from "./backends/conditional/backend.ts";
export { REPLICATED } from "./backends/replicated/backend.ts";
export {
  type CampaignOptions,
  type CampaignResult,
  type Failure,
  runCampaign,
} from "./campaign.ts";
export { openCachePair } from "./fidelity/cache-pair.ts";
export {
  checkFidelity,
  type FidelityFailure,
  type FidelityPair,
  type FidelityReport,
} from "./fidelity/check.ts";
export { openStoragePair } from "./fidelity/storage-pair.ts";
export { simulatedCache } from "./standing/cache.ts";
export { conditional } from "./standing/conditional.ts";
export { replicated } from "./standing/replicated.ts";
export type { PlanResult } from "./plan-result.ts";
export { runPlan } from "./run-plan.ts";
export { drawPlan, type Plan, type Topology } from "./workload/plan.ts";
export {
  type Comparison,
  compareOracles,
  type ComparisonOptions,
  type DamageCount,
  type Disagreement,
} from "./check/brute/compare.ts";
export {
  type CorruptorResult,
  type CorruptorsOptions,
  runCorruptors,
} from "./corrupt/run-corruptors.ts";
export { type LoopEnd, inMacrotask, runEvents } from "./world/run-loop.ts";
export { World } from "./world/world.ts";
export { openRealEngine, type RealEngineFactory } from "./backends/real/backend.ts";
export { MUTANTS } from "./mutants/list.ts";
export type { Mutant } from "./mutants/mutant.ts";
export { type KeptFiles, summaryJson, summaryLines } from "./report/summary.ts";
export {
  type LoadCall,
  type LoadPhase,
  type LoadPlan,
  type LoadResult,
  runLoad,
} from "./load/load-world.ts";
export type { StationPlan } from "./load/station.ts";
