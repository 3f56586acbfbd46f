/** An explanation as a few lines of text. */
import type { Explanation, ToldFault } from "./explain.ts";
import { sinceBeginning } from "../words/clock-words.ts";
import type { ToldProperty } from "./properties.ts";
import { wrappedLines } from "../words/columns.ts";

/** Most lines of an explanation. */
const LINES_MAX = 15;
const FAULTS_MAX = 4;
/** Where so many of the networks before an event fail, too, the event tells nothing. */
const MOST = 0.75;

/** What the caller knows beside it, a line each; the explanation is so much shorter. */
export type Beside = {
  readonly afterVerdict: readonly string[];
  readonly atEnd: readonly string[];
};

/** The explanation, line by line; where there is room for it, none is wider than a terminal. */
export function explanationLines(
  explanation: Explanation,
  { afterVerdict, atEnd }: Beside,
): readonly string[] {
  const { verdict, clocks, faults, properties } = explanation;
  const head = [`${verdict.rule} is broken: ${sinceBeginning(verdict.what)}.`, ...afterVerdict];
  const tail = [
    ...clocks,
    ...needLines(faults, properties),
    ...unavoidableLines(explanation),
    ...atEnd,
  ];
  const room = LINES_MAX - head.length - tail.length - 1;
  return wrappedLines([...head, ...operationLines(explanation, room), ...tail], LINES_MAX);
}

/** Those that the verdict names before others, all in the order in which they began. */
function operationLines(
  { operations, verdict }: Pick<Explanation, "operations" | "verdict">,
  room: number,
): readonly string[] {
  const named = operations.filter(({ isNamed }) => isNamed);
  const others = operations.filter(({ isNamed }) => !isNamed);
  const most = operations.length > room ? room - 1 : room;
  const shown = new Set([...named, ...others].slice(0, most));
  const left = operations.length - shown.size;
  const lines = operations
    .filter((each) => shown.has(each))
    .map(({ operation, says, isNamed }) => `  ${isNamed ? "*" : " "} ${operation}: ${says}`);
  return [
    operationsHead(operations.length, named.length, verdict.check),
    ...lines,
    ...(left > 0 ? [`    and ${left} more`] : []),
  ];
}

/** No legend for stars that are not there. */
function operationsHead(count: number, named: number, check: string | undefined): string {
  if (count === 0) {
    const of = check === undefined ? "" : `, a check of ${check}`;
    return `By no operation of the plan: what is done at a world's end shows it${of}.`;
  }
  if (named === 0) return "By these operations, none of which the verdict names:";
  return `By these operations (${named > 1 ? "* are in conflict" : "* is named by the verdict"}):`;
}

function needLines(
  faults: readonly ToldFault[],
  properties: readonly ToldProperty[],
): readonly string[] {
  const needed = properties.map((each) => `Needed: ${each.says}; ${withoutWords(each)}.`);
  return [...faultLines(faults), ...needed];
}

/** Without it. */
function withoutWords({ failedWithout, futures }: ToldProperty): string {
  const passing =
    failedWithout === 0
      ? `all ${futures + 1} networks pass`
      : `this network passes, and ${futures - failedWithout} of ${futures} others`;
  return `without it ${passing}`;
}

function faultLines(faults: readonly ToldFault[]): readonly string[] {
  if (faults.length === 0) return ["No fault is needed for it."];
  const necessary = faults.filter(({ isNecessary }) => isNecessary);
  const shown = [...necessary, ...faults.filter((each) => !necessary.includes(each))];
  return shown.slice(0, FAULTS_MAX).map((fault) => {
    const { says, isNecessary } = fault;
    if (!isNecessary) return `Not needed: ${says}; without it the plan fails, too.`;
    return `Needed: ${says}; ${withoutWords(fault)}.`;
  });
}

function unavoidableLines({ unavoidable, verdict }: Explanation): readonly string[] {
  const { event, says, futures, failedBefore, failedAfter } = unavoidable;
  if (event === 0) {
    return [
      `Unavoidable from the start: drawn anew, ${failedAfter} of ${futures} networks break ${verdict.rule}.`,
    ];
  }
  if (failedBefore >= MOST * futures) {
    return [
      `Unavoidable nearly from the start: drawn anew, ${failedBefore} of ${futures} networks break ${verdict.rule}.`,
    ];
  }
  return [
    `Unavoidable from event ${event} on: ${sinceBeginning(says)}.`,
    `  Drawn anew before it, ${failedBefore} of ${futures} networks break ${verdict.rule}; after it, ${failedAfter}.`,
  ];
}
