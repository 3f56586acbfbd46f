/** The run of all tests counts truthfully: a failure that belongs to no test is still a failure. */
import { describe, expect, test } from "vitest";
import { heldLines } from "./held-lines.ts";
import { addOutcomes, countLine, isRed } from "./outcome.ts";
import { describeMissing } from "./real-engines.ts";
import { countReport, type VitestReport } from "./vitest-project.ts";

const report = (changes: Partial<VitestReport>): VitestReport => ({
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...changes,
});

describe("countReport()", () => {
  test("counts passed, failed and skipped tests", () => {
    const counts = countReport(
      report({ numFailedTests: 2, numPendingTests: 3, numTodoTests: 1 }),
      1,
    );
    expect(counts).toEqual({ passed: 5, failed: 2, skipped: 4 });
  });

  test("counts a file that could not be loaded as one failure", () => {
    const testResults = [{ status: "failed", assertionResults: [] }];
    expect(countReport(report({ testResults }), 1).failed).toBe(1);
  });

  test("does not count a failed test's file a second time", () => {
    const testResults = [{ status: "failed", assertionResults: [{ status: "failed" }] }];
    expect(countReport(report({ numFailedTests: 1, testResults }), 1).failed).toBe(1);
  });

  test("counts an exit code that no test explains", () => {
    expect(countReport(report({}), 1).failed).toBe(1);
    expect(countReport(report({}), 0).failed).toBe(0);
  });

  test("counts a missing report as a failure", () => {
    expect(countReport(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe("countLine()", () => {
  test("names skipped tests only when there are any", () => {
    const one = { passed: 1, failed: 0, skipped: 0 };
    expect(countLine(addOutcomes([one, one]))).toBe("2 passed, 0 failed");
    expect(countLine({ ...one, skipped: 4 })).toBe("1 passed, 0 failed, 4 skipped");
  });
});

test("heldLines() shows nothing before its turn, then everything in order", () => {
  const shown: string[] = [];
  const lines = heldLines((line) => shown.push(line));
  lines.say("one");
  lines.say("two");
  expect(shown).toEqual([]);
  lines.release();
  lines.say("three");
  expect(shown).toEqual(["one", "two", "three"]);
});

describe("isRed()", () => {
  const green = { passed: 5, failed: 0, skipped: 2 };

  test("holds a missing engine against the run only under CI", () => {
    expect([isRed(green, 1, true), isRed(green, 1, false), isRed(green, 0, true)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("holds a failed test against the run anywhere", () => {
    expect(isRed({ ...green, failed: 1 }, 0, false)).toBe(true);
  });
});

describe("describeMissing()", () => {
  const missing = [
    { available: false, engine: "cassandra", why: "No Docker.", howToGet: "Install it." },
  ] as const;

  test("says what is missing, how to get it and what did not run", () => {
    const text = describeMissing(missing, true).join("\n");
    for (const part of ["cassandra", "No Docker.", "Install it.", "Not run", "fails"]) {
      expect(text).toContain(part);
    }
  });

  test("says nothing when nothing is missing", () => {
    expect(describeMissing([], true)).toEqual([]);
  });
});
