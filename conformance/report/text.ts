/** The report for people. */
import type { CaseResult } from "../kit/runner.ts";
import type { ConformanceReport } from "./report.ts";

/** One line of progress, as a case ends; a failure says at once what there is to know. */
export function resultLines(result: CaseResult): readonly string[] {
  const { id, title, status, millis } = result;
  switch (status) {
    case "passed":
      return [`  ok    ${id}  (${millis} ms)`, ...besideLines(result)];
    case "skipped":
      return [`  skip  ${id}: ${result.reason ?? "no reason given"}`];
    case "failed":
      return [`  FAIL  ${id}  ${title}  (${millis} ms)`, ...failureLines(result)];
    default:
      throw status satisfies never;
  }
}

function failureLines(result: CaseResult): readonly string[] {
  return [
    `        rules:   ${result.rules.join(", ")}`,
    `        asked:   ${result.what ?? ""}`,
    `        found:   ${result.found ?? ""}`,
    `        wanted:  ${result.wanted ?? ""}`,
    `        repeat:  ${result.repeat ?? ""}`,
    ...besideLines(result),
  ];
}

/** Of a case that was run once more. */
function besideLines({ beside }: CaseResult): readonly string[] {
  return beside === undefined ? [] : [`        alone, once more; beside others: ${beside}`];
}

/** The end of the run: what failed, by name, what was skipped, by reason, and the count. */
export function summaryLines(report: ConformanceReport): readonly string[] {
  const { engine, passed, failed, skipped, cases, millis } = report;
  const failures = cases.filter((one) => one.status === "failed").map(({ id }) => id);
  const seconds = (millis / 1000).toFixed(1);
  return [
    "",
    ...(failures.length === 0 ? [] : [`  failed   ${failures.join(", ")}`]),
    ...skippedLines(cases),
    `${engine}: ${passed} passed, ${failed} failed, ${skipped} skipped of ${cases.length} cases in ${seconds} s`,
  ];
}

/** A line a reason: several cases may need what the engine has not. */
function skippedLines(cases: readonly CaseResult[]): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, status, reason = "no reason given" } of cases) {
    if (status === "skipped") byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  return [...byReason].map(([reason, ids]) => `  skipped  ${ids.join(", ")}: ${reason}`);
}
