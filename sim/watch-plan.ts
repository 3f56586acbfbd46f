/** Runs one plan and notes how it went: which operations, which events. For whoever looks into a failure. */
import type { RealCacheFactory } from "./backends/cache/real-entries.ts";
import type { BackendFactory } from "./backends/backend.ts";
import type { PlanResult } from "./plan-result.ts";
import { PlanRun } from "./plan-run.ts";
import { EventTap, type FiredEvent, type Reroll } from "./world/event-tap.ts";
import type { JournalEntry } from "./world/world.ts";
import type { Plan } from "./workload/plan.ts";

/** A run that was looked into. */
export type WatchedRun = PlanResult & {
  /** Operations in the order in which they began; those that read everything back are among them. */
  readonly journal: readonly JournalEntry[];
  /** Empty unless they were asked for. */
  readonly fired: readonly FiredEvent[];
};

/** What is asked of a run. */
export type WatchOptions = {
  /** Whether every event is noted. */
  readonly events?: boolean;
  readonly reroll?: Reroll;
};

/** What plans are run over: handed to whoever cuts a plan down or explains it. */
export type WatchPlan = (plan: Plan, options?: WatchOptions) => Promise<WatchedRun>;

/** What runs plans over this engine, and this real cache where one is given. */
export function watchPlans(factory: BackendFactory, realCache?: RealCacheFactory): WatchPlan {
  return async (plan, { events = false, reroll } = {}) => {
    const run = new PlanRun(plan, factory, realCache);
    const { world } = run;
    const journal: JournalEntry[] = [];
    world.journal = journal;
    const isTapped = events || reroll !== undefined;
    const tap = isTapped ? new EventTap(world, reroll) : undefined;
    if (tap !== undefined) world.fingerprint = tap;
    const result = run.result(await run.run());
    return { ...result, journal, fired: tap?.fired ?? [] };
  };
}
