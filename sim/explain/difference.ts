/** A failing run beside the nearest one that passes: the smallest change that helps, and what it changes. */
import { detailParts } from "../shrink/detail-parts.ts";
import type { Part } from "../shrink/part.ts";
import { settingParts } from "../shrink/setting-parts.ts";
import { necessaryParts } from "../shrink/shrink.ts";
import type { WatchedRun } from "../watch-plan.ts";
import type { FiredEvent } from "../world/event-tap.ts";
import type { Plan } from "../workload/plan.ts";
import { eventWords } from "./event-words.ts";
import type { FuturesOf } from "./futures.ts";
import { toldOperations } from "./told.ts";

/** One of the two runs, from where they part. */
export type Side = {
  /** The first event that the other has not, or not so. */
  readonly event: string;
  /** Operations that went another way than beside it. */
  readonly operations: readonly { readonly operation: number; readonly says: string }[];
  readonly verdict: string;
};

/** How they differ. */
export type Difference = {
  /** What was taken out for the plan to pass. */
  readonly change: string;
  /** Changes that were tried, and of those such that help. */
  readonly tried: number;
  readonly helpful: number;
  /** Number of the event at which the runs part, from 1; 0 where they do not, and one is only judged otherwise. */
  readonly event: number;
  readonly failing: Side;
  readonly passing: Side;
};

type Passing = {
  readonly part: Part;
  readonly plan: Plan;
  readonly run: WatchedRun;
  readonly event: number;
  /** The higher, the nearer. */
  readonly nearness: number;
};

/** Undefined where the plan does not fail, or nothing that can be taken out of it helps. */
export async function nearestPassing(of: FuturesOf): Promise<Difference | undefined> {
  const { plan, watch, fails } = of;
  const run = await watch(plan, { events: true });
  if (!fails(run)) return undefined;
  const parts = [...detailParts(plan), ...settingParts(plan), ...necessaryParts(plan)];
  const named = new Set(run.violation?.operations);
  let helpful = 0;
  let nearest: Passing | undefined;
  for (const part of parts) {
    const without = part.without(plan);
    const other = await watch(without, { events: true });
    if (other.violation !== undefined || other.inconclusive !== undefined) continue;
    helpful += 1;
    const event = partingOf(run.fired, other.fired);
    // Without an operation that is in conflict there is none: no help, if there is other.
    const nearness = namedIn(without, named) < namedIn(plan, named) ? 0 : event;
    if (nearest === undefined || nearness > nearest.nearness) {
      nearest = { part, plan: without, run: other, event, nearness };
    }
  }
  if (nearest === undefined) return undefined;
  return {
    change: nearest.part.says,
    tried: parts.length,
    helpful,
    event: nearest.event > Math.max(run.events, nearest.run.events) ? 0 : nearest.event,
    failing: sideOf({ plan, run }, nearest, nearest.event),
    passing: sideOf(nearest, { plan, run }, nearest.event),
  };
}

function namedIn({ operations }: Plan, named: ReadonlySet<number>): number {
  return operations.flat().filter(({ index }) => named.has(index)).length;
}

/** Number of the first event in which two runs are not the same, from 1. */
function partingOf(one: readonly FiredEvent[], other: readonly FiredEvent[]): number {
  const at = one.findIndex((event, i) => !isSame(event, other[i]));
  return (at < 0 ? one.length : at) + 1;
}

function isSame(one: FiredEvent, other: FiredEvent | undefined): boolean {
  return (
    one.time === other?.time &&
    one.code === other.code &&
    one.answers.length === other.answers.length &&
    one.answers.every((answer, i) => answer === other.answers[i])
  );
}

/** The event with which one of them goes its own way. */
function partingWords(
  plan: Plan,
  fired: FiredEvent | undefined,
  beside: FiredEvent | undefined,
): string {
  if (fired === undefined) {
    return beside === undefined ? "goes the same way to its end" : "nothing further happens";
  }
  const words = eventWords(fired, plan);
  const isToldOtherwise = fired.time === beside?.time && fired.code === beside.code;
  return isToldOtherwise ? `${words}, and the client is told something else` : words;
}

function sideOf(
  { plan, run }: Pick<Passing, "plan" | "run">,
  beside: Pick<Passing, "plan" | "run">,
  event: number,
): Side {
  const others = new Set(toldOperations(beside.plan, beside.run).map(({ says }) => says));
  return {
    event: partingWords(plan, run.fired[event - 1], beside.run.fired[event - 1]),
    operations: toldOperations(plan, run)
      .filter(({ says }) => !others.has(says))
      .map(({ operation, says }) => ({ operation, says })),
    verdict:
      run.violation === undefined
        ? "no rule is broken"
        : `${run.violation.rule} is broken: ${run.violation.what}`,
  };
}
