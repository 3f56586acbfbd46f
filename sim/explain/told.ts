/** What clients did and were told in a run, in words. */
import type { Verdict } from "../check/index.ts";
import type { WatchedRun } from "../watch-plan.ts";
import { recordsOf } from "../workload/places.ts";
import type { Plan } from "../workload/plan.ts";
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

/** Questions about lists, and then reads of every record, end a world: numbered from here on. */
const STATUS_FIRST = 950_000;
const READ_BACK_FIRST = 900_000;
/** Mutations of lists are numbered from here on, so many a list at most. */
const LISTED_FIRST = 1_000_000;
const LISTED_A_LIST = 16;

/** Operations of the plan, and those of its end that the verdict names: in the order in which they began. */
export function toldOperations(plan: Plan, run: WatchedRun): readonly ToldOperation[] {
  const named = namedBy(run.violation);
  const words = new Map(
    plan.operations.flat().map((operation) => [operation.index, operationWords(operation)]),
  );
  const places = recordsOf(plan);
  return run.journal
    .filter(({ operation }) => words.has(operation) || named.has(operation))
    .map((entry) => {
      const { operation, client } = entry;
      const does = words.get(operation) ?? endWords(operation, places);
      const who = operation >= READ_BACK_FIRST ? "the reader" : `client ${client}`;
      const isNamed = named.has(operation);
      return { operation, client, isNamed, says: `${who} ${does}, ${times(entry)}` };
    });
}

/** Operations that a verdict names: those of lists stand for their list. */
function namedBy(violation: Verdict | undefined): ReadonlySet<number> {
  return new Set(violation?.operations.map(listOf));
}

function listOf(operation: number): number {
  return operation < LISTED_FIRST
    ? operation
    : Math.floor((operation - LISTED_FIRST) / LISTED_A_LIST);
}

function endWords(operation: number, places: number): string {
  if (operation >= STATUS_FIRST) return "asks in the end what became of a list";
  const [server, record] = [
    Math.floor((operation - READ_BACK_FIRST) / places),
    (operation - READ_BACK_FIRST) % places,
  ];
  return `reads record ${record} back through server ${server}`;
}

function times({ begun, ended, outcome, items }: JournalEntry): string {
  const from = `from ${duration(begun)}`;
  if (ended === undefined) return `${from}: never told anything`;
  const told = outcome === "ok" && items > 0 ? `ok, ${items} item${items > 1 ? "s" : ""}` : outcome;
  return `${from} to ${duration(ended)}: ${told}`;
}
