/** A failing world, small enough to be looked into: cut down first where it is not. */
import { breaks, type Fails, shrink, sizeOf } from "kvdal/sim/shrink";
import type { Plan } from "kvdal/sim";
import type { FailingWorld } from "./failing-world.ts";
import { shrinkProgress } from "./shrink-progress.ts";

/** A plan to look into, and what was done to it, as a line; none where it is as it was kept. */
export type SmallPlan = {
  readonly plan: Plan;
  readonly fails: Fails;
  readonly notes: readonly string[];
};

/** A plan of more operations, or faults, is cut down. */
const OPERATIONS_MAX = 12;
const FAULTS_MAX = 6;

/** What is cut down, by which rule, and what it is run over. */
export type WorldToCut = Pick<FailingWorld, "plan" | "rule"> & {
  readonly sides: Pick<FailingWorld["sides"], "watch">;
};

/** The plan as it is, or cut down for at most so many seconds; undefined where it does not fail. */
export async function smallPlan(
  { plan, rule, sides: { watch } }: WorldToCut,
  seconds: number,
): Promise<SmallPlan | undefined> {
  if (rule === undefined) return undefined;
  const fails: Fails = (run) => breaks(rule, run);
  const before = sizeOf(plan);
  if (before.operations <= OPERATIONS_MAX && before.faults <= FAULTS_MAX) {
    return { plan, fails, notes: [] };
  }
  const end = performance.now() + seconds * 1000;
  const { tell, end: endProgress } = shrinkProgress();
  const isOver = (): boolean => performance.now() > end;
  const shrunk = await shrink({ plan, watch, fails, isOver, onProgress: tell });
  endProgress();
  if (shrunk === undefined) return undefined;
  const cut = { before, after: sizeOf(shrunk.plan), isMinimal: shrunk.isMinimal };
  return { plan: shrunk.plan, fails, notes: notesOf(cut, seconds) };
}

type Size = ReturnType<typeof sizeOf>;
type Cut = { readonly before: Size; readonly after: Size; readonly isMinimal: boolean };

function notesOf({ before, after, isMinimal }: Cut, seconds: number): readonly string[] {
  const whole = `${before.operations} operations and ${before.faults} faults`;
  if (after.operations === before.operations && after.faults === before.faults) {
    return isMinimal ? [] : [`None of ${whole} was taken out in ${seconds} s: --seconds.`];
  }
  const rest = isMinimal
    ? "of which none can go; kvdal shrink writes such a plan to a file."
    : `and ${seconds} s were over before it was seen that none of these can go: --seconds.`;
  return [`Cut down for this from ${whole} to ${after.operations} and ${after.faults}, ${rest}`];
}
