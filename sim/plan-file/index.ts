/** Door to plan files: failures that are kept, and read again. */
export { decodePlanFile, type PlanFileReading } from "./decode.ts";
export { encodePlanFile } from "./encode.ts";
export type { KeptFailure, KeptPlan } from "./kept-plan.ts";
export type { PlanFlaw } from "./plan-flaw.ts";
export { type Replay, replayOf } from "./replay.ts";
