/**
 * Oracle for SLO-1 to SLO-3, PAGE-5, PAGE-6 and RES-2: what servers asked of their engine, when they answered, and what
 * they refused. Instants are of the
 * server's own monotonic clock.
 */
import type { History, Oracle, Violation } from "./history.ts";
import {
  exactly,
  operationsOf,
  type RequestRecord,
  requestWords,
  timeWords,
} from "./request-words.ts";
import type { AnswerRecord, EngineCallRecord, RefusalRecord } from "./server-history.ts";

type LevelRule = "SLO-1" | "SLO-2" | "SLO-3" | "PAGE-5" | "PAGE-6" | "RES-2";
type Broken = Violation<LevelRule> | undefined;

/** Judges the servers, of which clients see only the answers. */
export const serviceLevelsOracle: Oracle<LevelRule> = {
  name: "service levels",
  rules: ["SLO-1", "SLO-2", "SLO-3", "PAGE-5", "PAGE-6", "RES-2"],
  check: ({ calls, answers, refusals }: History) =>
    firstOf(calls, checkBegin) ??
    firstOf(calls, checkDeadline) ??
    firstOf(calls, checkProjection) ??
    firstOf(answers, checkAnswer) ??
    firstOf(refusals, checkRefusal) ??
    firstOf(calls, checkRows) ??
    firstOf(calls, checkWork),
};

function firstOf<T>(records: readonly T[], check: (record: T) => Broken): Broken {
  for (const record of records) {
    const broken = check(record);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

function checkBegin({ begun, over, request }: EngineCallRecord): Broken {
  if (begun < over) return undefined;
  const late = `the engine was asked ${exactly(begun - over)} after the time was over`;
  return broken("SLO-1", `${late}${timeWords(request)}`, request);
}

function checkDeadline({ begun, deadline, over, request }: EngineCallRecord): Broken {
  if (deadline <= over) return undefined;
  const given = `the engine was given ${exactly(deadline - begun)}`;
  const what = `${given}, ${exactly(over - begun)} were left${timeWords(request)}`;
  return broken("SLO-3", what, request);
}

function checkProjection({ begun, over, slowestRead, request }: EngineCallRecord): Broken {
  if (slowestRead === 0 || over - begun > slowestRead) return undefined;
  const found = `a read was begun with ${exactly(over - begun)} left`;
  const what = `${found}, after one that took ${exactly(slowestRead)}${timeWords(request)}`;
  return broken("SLO-2", what, request);
}

/** Timers run by true time and clocks do not: within a request they part by no more than this, microseconds. */
const DRIFT_MAX = 100;

function checkAnswer({ sent, over, request }: AnswerRecord): Broken {
  if (sent <= over + DRIFT_MAX) return undefined;
  const what = `a page was answered ${exactly(sent - over)} after its time${timeWords(request)}`;
  return broken("SLO-2", what, request);
}

function checkRefusal({ inProgress, requestsMax, request }: RefusalRecord): Broken {
  if (inProgress >= requestsMax) return undefined;
  const found = `a request was refused beside ${inProgress} in progress`;
  return broken("RES-2", `${found}, wanted ${requestsMax} or more`, request);
}

function checkRows({ rows, rowsMax, request }: EngineCallRecord): Broken {
  if (rows <= rowsMax) return undefined;
  const wanted = `wanted at most ${rowsMax} by the page token's average`;
  return broken("PAGE-6", `a page's first read asked for ${rows} rows, ${wanted}`, request);
}

function checkWork({ rows, rowsLeft, request }: EngineCallRecord): Broken {
  if (rows <= rowsLeft) return undefined;
  const what = `a page asked for ${rows} rows, wanted at most ${rowsLeft} more`;
  return broken("PAGE-5", what, request);
}

function broken(
  rule: LevelRule,
  what: string,
  request: RequestRecord | undefined,
): Violation<LevelRule> {
  return { rule, what: `${requestWords(request)}${what}`, operations: operationsOf(request) };
}
