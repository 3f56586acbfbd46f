/** Door to the simulator: plans, worlds, campaigns. */
export { POINTS } from "./amplify/list.ts";
export type { Point } from "./amplify/point.ts";
export type { BackendFactory } from "./backends/backend.ts";
export {
  openRealCache,
  type RealCacheFactory,
} from "./backends/cache/real-entries.ts";
export { CONDITIONAL } from "./backends/conditional/backend.ts";
export {
  REPLICATED,
  REPLICATED_SHORT,
  REPLICATED_WORLDS,
  TWO_REGIONS,
} from "./backends/replicated/backend.ts";
export {
  type Asked,
  countOf,
  joined,
  open as openTurns,
  SEED_MAX,
  seedAt,
  seedsAt,
  type Shard,
  type TurnRange,
  turnsOf,
} from "./campaign/asked.ts";
export {
  crashOf,
  type Failure,
  type FailureKind,
  FAILURE_KINDS,
  gravest,
} from "./campaign/failure.ts";
export { type Cell, countCells, coverageOf } from "./campaign/coverage.ts";
export { mergeShards, type NamedState } from "./campaign/merge.ts";
export {
  type CampaignEnd,
  type CampaignResult,
  type CorpusFailure,
  type CorpusRun,
  provesTooLittle,
} from "./campaign/result.ts";
export { runSeeds, type SeedsOptions, type WorldOptions } from "./campaign/run.ts";
export {
  askedLine,
  type CampaignState,
  differences,
  freshState,
  isComplete,
  type Part,
  partLine,
  resultOf,
  withPart,
} from "./campaign/state.ts";
export { addSums, noSums, printOf, type Sums } from "./campaign/sums.ts";
export { forgetCosts } from "./costs/once.ts";
export { FAULT_KINDS, type FaultKind } from "./faults/kinds.ts";
export { FAULT_SWITCHES, type FaultSwitch } from "./faults/only.ts";
export { onlyFaults } from "./faults/only.ts";
export { withoutFault } from "./faults/without.ts";
export {
  COST_FACTOR,
  countMutants,
  isProven,
  type MutantCounts,
  type Need,
  NEED_TRIALS_LEAST,
  proofOf,
  provenNeeds,
} from "./mutants/needs.ts";
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
export { FAULTS, type FaultEntry, type FaultName } from "./faults/registry/index.ts";
export { divergenceLine, divergenceLines } from "./divergence/lines.ts";
export type { DivergedSide, Divergence, ToldEvent } from "./divergence/locate.ts";
export { loggedRuns } from "./divergence/locate.ts";
export { type DivergenceSearch, searchDivergence } from "./divergence/search.ts";
export type { PlanResult } from "./plan-result.ts";
export { runPlan } from "./run-plan.ts";
export { shellWord } from "./words/shell-word.ts";
export { conclusive } from "./campaign/conclusive.ts";
export { number as figure } from "./report/figures.ts";
export { nextLines, type NextStep, stepsAfter } from "./report/next.ts";
export { planOfSeed } from "./campaign/plan-of-seed.ts";
export { drawPlan, type Plan, type Topology } from "./workload/plan.ts";
export { type Consumer, WORKLOAD_NAMES, type WorkloadName } from "./workload/consumers/consumer.ts";
export { CONSUMERS, consumerNamed, consumerOf } from "./workload/consumers/list.ts";
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
export { coverageLines } from "./report/coverage.ts";
export { summaryHtml } from "./report/html.ts";
export { summaryJunit } from "./report/junit.ts";
export { summaryJson } from "./report/json.ts";
export { summaryLines } from "./report/text.ts";
export {
  type LoadCall,
  type LoadPhase,
  type LoadPlan,
  type LoadResult,
  runLoad,
} from "./load/load-world.ts";
export {
  type DashboardQuery,
  type DashboardsPlan,
  runDashboards,
} from "./load/dashboards-world.ts";
export type { StationPlan } from "./load/station.ts";
export { diagramPage } from "./report/diagram/page.ts";
export { SHIVIZ_EXPRESSION, shivizLog } from "./report/shiviz.ts";
export type {
  Trace,
  TraceCall,
  TraceChain,
  TraceEvent,
  TraceFault,
  TraceMessage,
  TraceNode,
  TraceOperation,
  TraceVerdict,
} from "./trace/trace.ts";
export { originWords } from "./words/origin-words.ts";
export { tracePlan } from "./trace/trace-plan.ts";
