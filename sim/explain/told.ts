/** What clients did and were told in a run, in words. */
import type { Verdict } from "../check/index.ts";
import type { WatchedRun } from "../watch-plan.ts";
import { CORE_FIRST, coreOperations } from "../faults/core.ts";
import { listOf, STATUS_FIRST } from "../workload/lists-plan.ts";
import { recordsOf } from "../workload/places.ts";
import type { Plan } from "../workload/plan.ts";
import { READ_BACK_FIRST } from "../workload/read-back.ts";
import type { JournalEntry } from "../world/world.ts";
import { operationWords } from "./operation-words.ts";
import { duration } from "./words.ts";

/** An operation of a failure. */
export type ToldOperation = {
  readonly operation: number;
  readonly client: number;
  /** Whether the verdict names it. */
  readonly isNamed: boolean;
  readonly says: string;
};

/** Operations of the plan, and those of its end that the verdict names: in the order in which they began. */
export function toldOperations(plan: Plan, run: WatchedRun): readonly ToldOperation[] {
  const named = namedBy(run.violation);
  const words = new Map(
    plan.operations.flat().map((operation) => [operation.index, operationWords(operation)]),
  );
  return run.journal
    .filter(({ operation }) => words.has(operation) || named.has(operation))
    .map((entry) => {
      const { operation, client } = entry;
      const does = words.get(operation) ?? endWords(operation, plan);
      const who = operation >= CORE_FIRST ? "the reader" : `client ${client}`;
      const isNamed = named.has(operation);
      return { operation, client, isNamed, says: `${who} ${does}, ${times(entry)}` };
    });
}

/** Operations that a verdict names: those of lists stand for their list. */
function namedBy(violation: Verdict | undefined): ReadonlySet<number> {
  return new Set(violation?.operations.map(listOf));
}

/** A minimal core is asked first of all, then what became of lists, and then every record is read. */
function endWords(operation: number, plan: Plan): string {
  if (operation >= STATUS_FIRST) return "asks in the end what became of a list";
  if (operation < READ_BACK_FIRST) return coreWords(operation, plan);
  const places = recordsOf(plan);
  const [server, record] = [
    Math.floor((operation - READ_BACK_FIRST) / places),
    (operation - READ_BACK_FIRST) % places,
  ];
  return `reads record ${record} back through server ${server}`;
}

function coreWords(operation: number, { records }: Plan): string {
  const asked = coreOperations(records).find(({ index }) => index === operation);
  return asked === undefined
    ? `does #${operation}`
    : `${operationWords(asked)} at the minimal core`;
}

function times({ begun, ended, outcome, items }: JournalEntry): string {
  const from = `from ${duration(begun)}`;
  if (ended === undefined) return `${from}: never told anything`;
  const told = outcome === "ok" && items > 0 ? `ok, ${items} item${items > 1 ? "s" : ""}` : outcome;
  return `${from} to ${duration(ended)}: ${told}`;
}
