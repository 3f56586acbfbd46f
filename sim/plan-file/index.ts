/** Door to files that are read again: plans of failures that are kept, and what there is of a campaign. */
export { decodePlanFile, type PlanFileReading } from "./decode.ts";
export { encodePlanFile } from "./encode.ts";
export type { KeptFailure, KeptPlan } from "./kept-plan.ts";
export type { PlanFlaw } from "./plan-flaw.ts";
export { type Replay, replayOf } from "./replay.ts";
export { readState, type StateReading } from "./read-state.ts";
