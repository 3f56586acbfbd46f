/** What clients did and were told in a run, in words. */
import type { Verdict } from "../check/index.ts";
import type { WatchedRun } from "../watch-plan.ts";
import { CORE_FIRST, coreOperations } from "../faults/core.ts";
import { listOf, STATUS_FIRST } from "../workload/lists-plan.ts";
import type { Operation } from "../workload/operation.ts";
import { recordsOf } from "../workload/places.ts";
import type { Plan } from "../workload/plan.ts";
import { READ_BACK_FIRST } from "../workload/read-back.ts";
import type { JournalEntry } from "../world/world.ts";
import { answerWords } from "../words/answer-words.ts";
import { operationWords } from "../words/operation-words.ts";
import { duration } from "../words/measures.ts";

/** An operation of a failure. */
export type ToldOperation = {
  readonly operation: number;
  readonly client: number;
  /** Whether the verdict names it. */
  readonly isNamed: boolean;
  readonly says: string;
  /** The end of it: what its client was told. */
  readonly answer: string;
};

/**
 * Operations of the plan, and those of its end that are named, by the run's verdict unless others are given: in the order
 * in which they began.
 */
export function toldOperations(
  plan: Plan,
  run: WatchedRun,
  named: ReadonlySet<number> = namedBy(run.violation),
): readonly ToldOperation[] {
  const own = new Map(plan.operations.flat().map((operation) => [operation.index, operation]));
  return run.journal
    .filter(({ operation }) => own.has(operation) || named.has(operation))
    .map((entry) => {
      const { operation, client } = entry;
      const asked = own.get(operation) ?? coreOperation(operation, plan);
      const does = own.has(operation)
        ? operationWords(asked as Operation)
        : endWords(operation, plan);
      const who = operation >= CORE_FIRST ? "the reader" : `client ${client}`;
      const answer = answerWords(entry, isRead(operation, asked));
      const says = `${who} ${does}, ${times(entry)}: ${answer}`;
      return { operation, client, isNamed: named.has(operation), says, answer };
    });
}

function isRead(number: number, asked: Operation | undefined): boolean {
  if (asked === undefined) return number >= READ_BACK_FIRST && number < STATUS_FIRST;
  return asked.kind === "get" || asked.kind === "page" || asked.kind === "scan";
}

/** Operations that a verdict names: those of lists stand for their list. */
export function namedBy(violation: Verdict | undefined): ReadonlySet<number> {
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

function coreWords(operation: number, plan: Plan): string {
  const asked = coreOperation(operation, plan);
  return asked === undefined
    ? `does #${operation}`
    : `${operationWords(asked)} at the minimal core`;
}

function coreOperation(operation: number, { records }: Plan): Operation | undefined {
  return coreOperations(records).find(({ index }) => index === operation);
}

function times({ begun, ended }: JournalEntry): string {
  const from = `from ${duration(begun)}`;
  return ended === undefined ? from : `${from} to ${duration(ended)}`;
}
