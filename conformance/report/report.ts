/** The result of a run as data. */
import type { CaseResult } from "../kit/runner.ts";

/** What was run against what, and how it went. Written as JSON as it stands. */
export type ConformanceReport = {
  readonly engine: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The whole run, milliseconds. */
  readonly millis: number;
  readonly cases: readonly CaseResult[];
};

/** The report of these results. */
export function makeReport(
  engine: string,
  cases: readonly CaseResult[],
  millis: number,
): ConformanceReport {
  const count = (status: CaseResult["status"]): number =>
    cases.filter((one) => one.status === status).length;
  return {
    engine,
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("skipped"),
    millis,
    cases,
  };
}
