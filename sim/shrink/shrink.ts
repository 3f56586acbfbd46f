/** Cuts a failing plan down to one in which nothing can be spared. */
import type { WatchPlan } from "../watch-plan.ts";
import type { Plan } from "../workload/plan.ts";
import { faultParts } from "./fault-parts.ts";
import { keepOperations, keepTimes, operationParts } from "./operation-parts.ts";
import type { Part } from "./part.ts";
import { asItIs, type Failing, type Fails, Search, type Variant } from "./search.ts";
import { settingParts } from "./setting-parts.ts";
import { tidyUp } from "./tidy-up.ts";

/** What is cut down, and for how long. */
export type ShrinkOptions = {
  readonly plan: Plan;
  /** Runs a plan over whatever it failed over. */
  readonly watch: WatchPlan;
  /** Whether a run fails in the way that is to be kept. */
  readonly fails: Fails;
  readonly isOver: () => boolean;
  readonly onProgress?: (progress: ShrinkProgress) => void;
};

/** How far it has come. */
export type ShrinkProgress = {
  readonly runs: number;
  readonly operations: number;
  readonly faults: number;
};

/** What it came to. */
export type Shrunk = Failing & {
  /** Worlds that were run. */
  readonly runs: number;
  /** Whether it was seen that no operation and no fault can be spared. False when time was over before. */
  readonly isMinimal: boolean;
};

/** How often a smaller plan that does not fail is tried under other draws of the environment. */
const REROLLS = 6;

/** Undefined for a plan that does not fail in the first place. */
export async function shrink(options: ShrinkOptions): Promise<Shrunk | undefined> {
  const { plan, watch, fails, isOver, onProgress } = options;
  const run = await watch(plan);
  if (!fails(run)) return undefined;
  const tell = ({ best, runs }: Search): void => onProgress?.({ runs, ...sizeOf(best.plan) });
  const search = new Search({ plan, run }, { watch, fails, isOver, onProgress: tell });
  await focus(search);
  await faultsAndSettings(search, 0);
  await operations(search, 0);
  let isMinimal = false;
  while (!isMinimal && !search.isOver) {
    await faultsAndSettings(search, REROLLS);
    await operations(search, REROLLS);
    await tidyUp(search);
    isMinimal = await isOneMinimal(search);
  }
  tell(search);
  return { ...search.best, runs: search.runs, isMinimal };
}

/** Operations and faults of a plan. */
export function sizeOf(plan: Plan): Pick<ShrinkProgress, "operations" | "faults"> {
  return { operations: plan.operations.flat().length, faults: faultParts(plan).length };
}

const withTimes: Variant = (plan, { run }) => keepTimes(plan, run.journal);
/** Operations that stay begin as they did, or as soon as those before them have ended. */
const BOTH_WAYS: readonly Variant[] = [withTimes, asItIs];

/** First guesses: the operations that the verdict names, then those of the same records, then those begun until then. */
async function focus(search: Search): Promise<void> {
  const { plan, run } = search.best;
  const named = new Set(run.violation?.operations);
  const all = plan.operations.flat();
  const records = new Set(all.filter(({ index }) => named.has(index)).map(({ record }) => record));
  const ends = run.journal.filter(({ operation }) => named.has(operation));
  const last = Math.max(...ends.map(({ ended, begun }) => ended ?? begun));
  const begun = new Map(run.journal.map((entry) => [entry.operation, entry.begun]));
  const isInTime = (index: number): boolean => (begun.get(index) ?? Infinity) <= last;
  const guesses: readonly ((operation: { index: number; record: number }) => boolean)[] = [
    ({ index }) => named.has(index),
    ({ index, record }) => records.has(record) && isInTime(index),
    ({ record }) => records.has(record),
    ({ index }) => isInTime(index),
  ];
  for (const isKept of guesses) {
    const kept = keepOperations(plan, isKept);
    for (const variant of BOTH_WAYS) if (await search.try(variant(kept, { plan, run }))) return;
  }
}

async function faultsAndSettings(search: Search, rerolls: number): Promise<void> {
  await search.reduce(faultParts(search.best.plan), [asItIs], rerolls);
  await search.reduce(settingParts(search.best.plan), [asItIs], rerolls);
}

/** Whole clients first, then any operations of all of them. */
async function operations(search: Search, rerolls: number): Promise<void> {
  const clients = search.best.plan.operations.map(
    (list, client): Part => ({
      kind: "operation",
      says: `all of client ${client}`,
      without: (plan) => keepOperations(plan, (operation) => !list.includes(operation)),
    }),
  );
  const busy = clients.filter(
    (_, client) => (search.best.plan.operations[client] ?? []).length > 1,
  );
  for (const client of busy) await search.reduce([client], BOTH_WAYS, rerolls);
  await search.reduce(operationParts(search.best.plan), BOTH_WAYS, rerolls);
}

/** Every operation and every fault that the plan could lack. */
export function necessaryParts(plan: Plan): readonly Part[] {
  return [...operationParts(plan), ...faultParts(plan)];
}

/** Whether none of them can be spared. One that can be is taken out. */
async function isOneMinimal(search: Search): Promise<boolean> {
  for (const part of necessaryParts(search.best.plan)) {
    for (const variant of BOTH_WAYS) {
      const { best } = search;
      if (await search.try(variant(part.without(best.plan), best))) return false;
    }
  }
  return !search.isOver;
}
