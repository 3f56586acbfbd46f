import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { firstLines, type Outcome } from "./outcome.ts";
import { PROJECT_ROOT, runProgram } from "./run-program.ts";

/** Where reports lie after a run: one JSON and one JUnit file a project. */
export const REPORT_FOLDER = ".kvdal/test";

export type VitestRun = {
  /** A project of test/vitest.config.ts. */
  readonly project: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/** Runs one vitest project and counts from its report, not from what it prints. */
export async function runVitestProject({ project, env, signal }: VitestRun): Promise<Outcome> {
  const report = join(REPORT_FOLDER, `${project}.json`);
  mkdirSync(join(PROJECT_ROOT, REPORT_FOLDER), { recursive: true });
  // A report of an earlier run must not be counted when this one ends before it writes any.
  rmSync(join(PROJECT_ROOT, report), { force: true });
  const args = ["run", "--config=test/vitest.config.ts", `--project=${project}`];
  args.push("--passWithNoTests", "--reporter=default", "--reporter=json", "--reporter=junit");
  args.push(`--outputFile.json=${report}`, `--outputFile.junit=${REPORT_FOLDER}/${project}.xml`);
  const { code } = await runProgram("vitest", args, {
    output: "show",
    ...(env === undefined ? {} : { env }),
    ...(signal === undefined ? {} : { signal }),
  });
  return countReport(readReport(join(PROJECT_ROOT, report)), code);
}

/** The fields of vitest's JSON report that are counted. */
export type VitestReport = {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly FileReport[];
};

type FileReport = {
  readonly name: string;
  readonly status: string;
  /** Why the file could not be loaded. */
  readonly message: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages: readonly string[] | null;
  }[];
};

/**
 * A file that could not be loaded has no tests to count, and an error outside of any test belongs to
 * none: each counts as one failure, so that a failed run never ends with "0 failed".
 */
export function countReport(report: VitestReport | undefined, exitCode: number): Outcome {
  if (report === undefined) {
    return { passed: 0, failed: 1, skipped: 0, failures: ["vitest left no report"] };
  }
  const named = report.testResults.flatMap(failuresOfFile);
  const failures =
    named.length === 0 && exitCode !== 0
      ? [`vitest ended with ${exitCode}, for an error outside of any test`]
      : named;
  return {
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  };
}

function failuresOfFile({ name, status, message, assertionResults }: FileReport): string[] {
  const file = relative(PROJECT_ROOT, name);
  const failed = assertionResults.filter((one) => one.status === "failed");
  if (failed.length === 0) return status === "failed" ? [`${file}: ${firstLines(message)}`] : [];
  return failed.map(
    ({ fullName, failureMessages }) =>
      `${file}: ${fullName}\n${firstLines((failureMessages ?? []).join("\n"))}`,
  );
}

function readReport(path: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as VitestReport;
  } catch {
    return undefined;
  }
}
