/** The report for programs. */
import type { ConformanceReport } from "./report.ts";

/** JSON of the report, indented, with a line feed at the end. */
export function reportJson(report: ConformanceReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
