/**
 * Oracle for SLO-1 to SLO-3, PAGE-5, PAGE-6 and RES-2: what servers asked of their engine, when they answered, and what
 * they refused. Instants are of the
 * server's own monotonic clock.
 */
import type { History, Oracle, Violation } from "./history.ts";
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

function checkBegin({ begun, over }: EngineCallRecord): Broken {
  if (begun < over) return undefined;
  return broken("SLO-1", `backend work was begun ${begun - over} µs after the deadline`);
}

function checkDeadline({ deadline, over }: EngineCallRecord): Broken {
  if (deadline <= over) return undefined;
  return broken("SLO-3", `the engine was given ${deadline - over} µs more than there were`);
}

function checkProjection({ begun, over, slowestRead }: EngineCallRecord): Broken {
  if (slowestRead === 0 || over - begun > slowestRead) return undefined;
  const found = `a read was begun with ${over - begun} µs left`;
  return broken("SLO-2", `${found}, after one that took ${slowestRead}`);
}

/** Timers run by true time and clocks do not: within a request they part by no more than this, microseconds. */
const DRIFT_MAX = 100;

function checkAnswer({ sent, over }: AnswerRecord): Broken {
  if (sent <= over + DRIFT_MAX) return undefined;
  return broken("SLO-2", `a page was answered ${sent - over} µs after its time`);
}

function checkRefusal({ inProgress, requestsMax }: RefusalRecord): Broken {
  if (inProgress >= requestsMax) return undefined;
  const found = `a request was refused beside ${inProgress} in progress`;
  return broken("RES-2", `${found}, wanted ${requestsMax} or more`);
}

function checkRows({ rows, rowsMax }: EngineCallRecord): Broken {
  if (rows <= rowsMax) return undefined;
  const wanted = `wanted at most ${rowsMax} by the page token's average`;
  return broken("PAGE-6", `a page's first read asked for ${rows} rows, ${wanted}`);
}

function checkWork({ rows, rowsLeft }: EngineCallRecord): Broken {
  if (rows <= rowsLeft) return undefined;
  return broken("PAGE-5", `a page asked for ${rows} rows, wanted at most ${rowsLeft} more`);
}

function broken(rule: LevelRule, what: string): Violation<LevelRule> {
  return { rule, what, operations: [] };
}
