/** The operations of a plan, each as a part that it can do without, and the times at which those that stay begin. */
import type { Micros } from "kvdal";
import type { Operation } from "../workload/operation.ts";
import type { Plan } from "../workload/plan.ts";
import type { JournalEntry } from "../world/world.ts";
import type { Part } from "./part.ts";
import { operationWords } from "../words/operation-words.ts";

/** Every operation of the plan. */
export function operationParts(plan: Plan): readonly Part[] {
  return plan.operations.flatMap((list, client) =>
    list.map((operation) => ({
      kind: "operation" as const,
      operation: operation.index,
      says: `operation ${operation.index}: client ${client} ${operationWords(operation)}`,
      without: (rest: Plan): Plan => keepOperations(rest, ({ index }) => index !== operation.index),
    })),
  );
}

/** The plan with those operations alone that are to be kept. */
export function keepOperations(plan: Plan, isKept: (operation: Operation) => boolean): Plan {
  return { ...plan, operations: plan.operations.map((list) => list.filter(isKept)) };
}

/**
 * The plan in which each operation waits so long that it begins when it began in a run of all of them: what was taken
 * out before it has left a pause, and changes nothing for others by its absence in time.
 */
export function keepTimes(plan: Plan, journal: readonly JournalEntry[]): Plan {
  const times = new Map(journal.map((entry) => [entry.operation, entry]));
  return { ...plan, operations: plan.operations.map((list) => timed(list, times)) };
}

function timed(
  list: readonly Operation[],
  times: ReadonlyMap<number, JournalEntry>,
): readonly Operation[] {
  let last: Micros = 0;
  return list.map((operation) => {
    const entry = times.get(operation.index);
    if (entry === undefined) return operation;
    const think = entry.begun - last;
    last = entry.ended ?? entry.begun;
    return think === operation.think ? operation : { ...operation, think: Math.max(0, think) };
  });
}
