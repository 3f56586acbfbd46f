/** Says why a plan fails: what was violated, by which operations, by which faults, and from when on for certain. */
import type { Verdict } from "../check/index.ts";
import { faultParts } from "../shrink/fault-parts.ts";
import type { Trace } from "../trace/trace.ts";
import type { WatchedRun } from "../watch-plan.ts";
import type { Plan } from "../workload/plan.ts";
import { arrivalWords } from "./arrival-words.ts";
import { eventWords } from "../words/event-words.ts";
import { kindOf, linkOf, nodeOf } from "../world/event-codes.ts";
import {
  FUTURES,
  failingFutures,
  type FuturesOf,
  type Unavoidable,
  unavoidableFrom,
} from "./futures.ts";
import { neededProperties, type ToldProperty } from "./properties.ts";
import { clockLines } from "../words/clock-words.ts";
import { type Happening, happenings } from "./happenings.ts";
import { byPlace } from "../words/mutation-words.ts";
import { namedBy, type ToldOperation, toldOperations } from "./told.ts";

/** A fault of the plan, and whether it is needed. */
export type ToldFault = {
  readonly says: string;
  /** Without it, the plan passes: it was run. */
  readonly isNecessary: boolean;
  /** Without it, so many of `futures` other environments fail all the same. */
  readonly failedWithout: number;
  readonly futures: number;
};

/** An explanation. */
export type Explanation = {
  readonly verdict: Verdict;
  readonly operations: readonly ToldOperation[];
  /** What clocks decide of it, in sentences. */
  readonly clocks: readonly string[];
  /** Properties of the operations, and of how the world is set up, that it needs. */
  readonly properties: readonly ToldProperty[];
  readonly faults: readonly ToldFault[];
  readonly unavoidable: Unavoidable & { readonly says: string };
  /** What servers did about it, where the run was traced. */
  readonly happened: readonly Happening[];
};

/** What is explained. */
export type ExplainedOf = FuturesOf & {
  /** Traces the run of a plan; absent where there are no traces. */
  readonly trace?: (plan: Plan) => Promise<Trace>;
};

/** Most faults that are tried: a plan that was cut down has fewer. */
const FAULTS_MAX = 8;

/** Undefined for a plan that does not fail. */
export async function explain(of: ExplainedOf): Promise<Explanation | undefined> {
  const { plan, watch, fails } = of;
  const run = await watch(plan, { events: true });
  const { violation } = run;
  if (!fails(run) || violation === undefined) return undefined;
  const faults: ToldFault[] = [];
  for (const { says, without } of faultParts(plan).slice(0, FAULTS_MAX)) {
    const rest = { ...of, plan: without(plan) };
    const isNecessary = !fails(await watch(rest.plan));
    const failedWithout = isNecessary ? await failingFutures(1, rest) : FUTURES;
    faults.push({ says, isNecessary, failedWithout, futures: FUTURES });
  }
  const properties = await neededProperties(of, run);
  const unavoidable = await unavoidableFrom(of, run.fired);
  const trace = await sameRun(run, of);
  return {
    verdict: violation,
    operations: toldOperations(plan, run),
    clocks: clockLines(plan, run.journal, namedBy(violation)),
    properties,
    faults,
    unavoidable: { ...unavoidable, says: decidingWords(unavoidable, run, plan, trace) },
    happened: trace === undefined ? [] : happenings(trace, plan),
  };
}

/** The trace of this very run; undefined where there is none, as over a real engine. */
async function sameRun(
  { fingerprint }: WatchedRun,
  { plan, trace }: ExplainedOf,
): Promise<Trace | undefined> {
  const traced = await trace?.(plan);
  return traced?.fingerprint === fingerprint ? traced : undefined;
}

/** The event that decided, with what it says if it is a message, and the points that fire at it. */
function decidingWords(
  { event, fired }: Unavoidable,
  run: WatchedRun,
  plan: Plan,
  trace: Trace | undefined,
): string {
  if (fired === undefined) return "";
  const words = eventWords(fired, plan);
  if (trace === undefined) return words;
  const link = kindOf(fired.code) === undefined ? linkOf(fired.code) : undefined;
  const message = arrivalWords(run.fired, event - 1, link, trace);
  const points = trace.events
    .filter(
      ({ kind, at, node }) => kind === "point" && at === fired.time && node === nodeOf(fired.code),
    )
    .map(({ text, label = text }) => `; then ${label}`);
  return [words, message === "" ? "" : ` (${byPlace(plan)(message)})`, ...new Set(points)].join("");
}
