/** Door to the shrinker, and to whoever explains what it leaves. */
export { breaks } from "../check/breaks.ts";
export { type Shrunk, shrink, type ShrinkOptions, type ShrinkProgress, sizeOf } from "./shrink.ts";
export { type WatchedRun, type WatchPlan, watchPlans } from "../watch-plan.ts";
export type { Fails } from "./search.ts";
