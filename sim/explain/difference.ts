/** A failing run beside the nearest one that passes: the smallest change that helps, and what it changes. */
import { detailParts } from "../shrink/detail-parts.ts";
import type { Part } from "../shrink/part.ts";
import { settingParts } from "../shrink/setting-parts.ts";
import { necessaryParts } from "../shrink/shrink.ts";
import type { WatchedRun } from "../watch-plan.ts";
import type { FiredEvent } from "../world/event-tap.ts";
import type { Plan } from "../workload/plan.ts";
import { asksAsMuch } from "./asks-as-much.ts";
import { clockLines, sinceBeginning } from "../words/clock-words.ts";
import { eventWords } from "../words/event-words.ts";
import type { FuturesOf } from "./futures.ts";
import { namedBy, type ToldOperation, toldOperations } from "./told.ts";

/** An operation of one of the runs; those that the verdict names are shown of both. */
export type SideOperation = Pick<ToldOperation, "operation" | "isNamed" | "says">;

/** One of the two runs, from where they part. */
export type Side = {
  /** The first event that the other has not, or not so; empty where they do not part. */
  readonly event: string;
  /** Those of the verdict, then those that went another way than beside it. */
  readonly operations: readonly SideOperation[];
  /** What clocks decide of it, in sentences. */
  readonly clocks: readonly string[];
  readonly verdict: string;
};

/**
 * What a change does. `answers`: the verdict's operations are told something else. `judgement`: nothing happens but what
 * happened, and it is judged otherwise. `course`: they are told the same, and other things happen. `question`: one of them
 * asks for less, or is gone, and with it what the verdict is about.
 */
export type Effect = "answers" | "judgement" | "course" | "question";

/** Something that can be taken out for the plan to pass. */
export type Change = {
  readonly says: string;
  /** The number of an operation that is taken out as a whole. */
  readonly operation?: number;
  readonly effect: Effect;
  /** Number of the event at which the runs part, from 1; 0 where they do not. */
  readonly event: number;
};

/** How they differ. */
export type Difference = {
  readonly kind: "helped";
  /** Changes that were tried. */
  readonly tried: number;
  /** Those that help, the nearest first. */
  readonly changes: readonly [Change, ...Change[]];
  readonly failing: Side;
  readonly passing: Side;
};

/** Whatever is taken out, it fails. */
export type Unhelped = {
  readonly kind: "unhelped";
  readonly tried: number;
  readonly failing: Pick<Side, "operations" | "clocks" | "verdict">;
};

type Run = { readonly plan: Plan; readonly run: WatchedRun };
type Passing = Run & { readonly change: Change };

/** Undefined where the plan does not fail. */
export async function nearestPassing(of: FuturesOf): Promise<Difference | Unhelped | undefined> {
  const { plan, watch, fails } = of;
  const run = await watch(plan, { events: true });
  if (!fails(run)) return undefined;
  const parts = [...detailParts(plan), ...settingParts(plan), ...necessaryParts(plan)];
  const named = namedBy(run.violation);
  const failing = { plan, run };
  let nearest: Passing | undefined;
  const changes: Change[] = [];
  for (const part of parts) {
    const passing = await passingWithout(part, failing, of, named);
    if (passing === undefined) continue;
    changes.push(passing.change);
    if (nearest === undefined || nearness(passing.change) > nearness(nearest.change)) {
      nearest = passing;
    }
  }
  const tried = parts.length;
  if (nearest === undefined) return { kind: "unhelped", tried, failing: standing(failing, named) };
  const [first, ...others] = changes.toSorted((a, b) => nearness(b) - nearness(a));
  const { event } = nearest.change;
  return {
    kind: "helped",
    tried,
    changes: [first as Change, ...others],
    failing: sideOf(failing, nearest, event, named),
    passing: sideOf(nearest, failing, event, named),
  };
}

async function passingWithout(
  { says, operation, without }: Part,
  failing: Run,
  { watch }: FuturesOf,
  named: ReadonlySet<number>,
): Promise<Passing | undefined> {
  const plan = without(failing.plan);
  const run = await watch(plan, { events: true });
  if (run.violation !== undefined || run.inconclusive !== undefined) return undefined;
  const passing = { plan, run };
  const event = partingOf(failing.run.fired, run.fired);
  const hasParted = event <= Math.max(failing.run.fired.length, run.fired.length);
  const effect = effectOf(failing, passing, named, hasParted);
  const whole = operation === undefined ? {} : { operation };
  return { ...passing, change: { says, ...whole, effect, event: hasParted ? event : 0 } };
}

/** Other answers to the same questions tell most; after these, the longer two runs go together, the nearer they are. */
function nearness({ effect, event }: Change): number {
  const group = { answers: 2, judgement: 1, course: 1, question: 0 }[effect];
  return group * EVENTS_MAX + (event === 0 ? EVENTS_MAX - 1 : event);
}

const EVENTS_MAX = 1e9;

function effectOf(
  failing: Run,
  passing: Run,
  named: ReadonlySet<number>,
  hasParted: boolean,
): Effect {
  if (!asksAsMuch(failing.plan, passing.plan, named)) return "question";
  const [one, other] = [failing, passing].map(({ plan, run }) =>
    toldOperations(plan, run, named).filter(({ isNamed }) => named.size === 0 || isNamed),
  );
  const answers = new Map(one?.map(({ operation, answer }) => [operation, answer]));
  const isSame = other?.every(({ operation, answer }) => answers.get(operation) === answer);
  if (isSame !== true) return "answers";
  return hasParted ? "course" : "judgement";
}

/** Number of the first event in which two runs are not the same, from 1. */
export function partingOf(one: readonly FiredEvent[], other: readonly FiredEvent[]): number {
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
  if (fired === undefined) return "nothing further happens";
  const words = eventWords(fired, plan);
  const isTheSame = fired.time === beside?.time && fired.code === beside.code;
  return isTheSame ? `${words}, with another outcome at the client` : words;
}

function sideOf(side: Run, beside: Run, event: number, named: ReadonlySet<number>): Side {
  const others = new Set(toldOperations(beside.plan, beside.run, named).map(({ says }) => says));
  const { operations, ...rest } = standing(side, named);
  const different = toldOperations(side.plan, side.run, named).filter(
    ({ isNamed, says }) => !isNamed && !others.has(says),
  );
  const [fired, firedBeside] = [side.run.fired[event - 1], beside.run.fired[event - 1]];
  return {
    event: event === 0 ? "" : partingWords(side.plan, fired, firedBeside),
    operations: [...operations, ...different.map(shownOf)],
    ...rest,
  };
}

/** The operations of the verdict, whether or not this run has them, and how it was judged. */
function standing({ plan, run }: Run, named: ReadonlySet<number>): Omit<Side, "event"> {
  const told = toldOperations(plan, run, named).filter(({ isNamed }) => isNamed);
  const known = new Set(told.map(({ operation }) => operation));
  const gone = [...named].filter((operation) => !known.has(operation));
  const { violation } = run;
  return {
    operations: [
      ...told.map(shownOf),
      ...gone.map((operation) => ({ operation, isNamed: true, says: "is not asked" })),
    ],
    clocks: clockLines(plan, run.journal, named),
    verdict:
      violation === undefined
        ? "no rule is broken"
        : `${violation.rule} is broken: ${sinceBeginning(violation.what)}`,
  };
}

function shownOf({ operation, isNamed, says }: ToldOperation): SideOperation {
  return { operation, isNamed, says };
}
