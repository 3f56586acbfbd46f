/** Says why a plan fails: what was violated, by which operations, by which faults, and from when on for certain. */
import type { Verdict } from "../check/index.ts";
import { faultParts } from "../shrink/fault-parts.ts";
import { eventWords } from "./event-words.ts";
import {
  FUTURES,
  failingFutures,
  type FuturesOf,
  type Unavoidable,
  unavoidableFrom,
} from "./futures.ts";
import { neededProperties, type ToldProperty } from "./properties.ts";
import { clockLines } from "./clock-words.ts";
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
  /** Properties of the operations that it needs. */
  readonly properties: readonly ToldProperty[];
  readonly faults: readonly ToldFault[];
  readonly unavoidable: Unavoidable & { readonly says: string };
};

/** Most faults that are tried: a plan that was cut down has fewer. */
const FAULTS_MAX = 8;

/** Undefined for a plan that does not fail. */
export async function explain(of: FuturesOf): Promise<Explanation | undefined> {
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
  const { fired } = unavoidable;
  const says = fired === undefined ? "" : eventWords(fired, plan);
  return {
    verdict: violation,
    operations: toldOperations(plan, run),
    clocks: clockLines(plan, run.journal, namedBy(violation)),
    properties,
    faults,
    unavoidable: { ...unavoidable, says },
  };
}
