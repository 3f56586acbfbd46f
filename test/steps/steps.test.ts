/** The run of all tests counts truthfully: a failure that belongs to no test is still a failure. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { heldLines } from "./held-lines.ts";
import { addOutcomes, countLine, describeFailures, isRed, NOTHING } from "./outcome.ts";
import { describeMissing } from "./real-engines.ts";
import { commitIn, seedOf } from "../../src/cli/sim/seed-of-commit.ts";
import { seedOfCheckout } from "./property-seed.ts";
import { PROJECT_ROOT } from "./run-program.ts";
import { countReport, type VitestReport } from "./vitest-project.ts";

const report = (changes: Partial<VitestReport>): VitestReport => ({
  numPassedTests: 5,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...changes,
});

const file = { name: join(PROJECT_ROOT, "test/one.test.ts"), message: "", assertionResults: [] };
const failedTest = {
  status: "failed",
  fullName: "one test",
  failureMessages: ["Error: \u001b[31mexpected 1\u001b[39m\n    at test/one.test.ts:3:4"],
};

test("seeds follow from the first 28 bits of a commit, from 1 on", () => {
  expect(seedOf("0000000c92cae")).toBe(1);
  expect(seedOf("92c2cae55")).toBe(1 + 0x92c2cae);
});

test.skipIf(!existsSync(join(PROJECT_ROOT, ".git")))(
  "the seed of properties is that of the commit",
  () => {
    expect(seedOfCheckout()).toBe(seedOf(commitIn(PROJECT_ROOT)));
  },
);

describe("countReport()", () => {
  test("counts passed, failed and skipped tests", () => {
    const assertionResults = [failedTest, failedTest, { ...failedTest, status: "passed" }];
    const testResults = [{ ...file, status: "failed", assertionResults }];
    const counts = countReport(report({ numPendingTests: 3, numTodoTests: 1, testResults }), 1);
    expect(counts).toMatchObject({ passed: 5, failed: 2, skipped: 4 });
  });

  test("names a failed test once, with its file and its reason", () => {
    const testResults = [{ ...file, status: "failed", assertionResults: [failedTest] }];
    const { failed, failures } = countReport(report({ testResults }), 1);
    expect(failed).toBe(1);
    expect(failures).toEqual(["test/one.test.ts: one test\nError: expected 1"]);
  });

  test("counts a file that could not be loaded as one failure", () => {
    const testResults = [{ ...file, status: "failed", message: "No such module." }];
    const { failed, failures } = countReport(report({ testResults }), 1);
    expect(failed).toBe(1);
    expect(failures).toEqual(["test/one.test.ts: No such module."]);
  });

  test("counts an exit code that no test explains", () => {
    expect(countReport(report({}), 1)).toMatchObject({
      failed: 1,
      failures: [expect.stringContaining("outside of any test")],
    });
    expect(countReport(report({}), 0)).toMatchObject({ failed: 0, failures: [] });
  });

  test("counts a missing report as a failure", () => {
    expect(countReport(undefined, 0)).toMatchObject({ passed: 0, failed: 1, skipped: 0 });
  });
});

test("describeFailures() says each failure, its reason further in, and nothing when all is well", () => {
  const total = { ...NOTHING, failed: 1, failures: ["a file: a test\nits reason"] };
  expect(describeFailures(total)).toEqual(["What failed:", "  a file: a test\n    its reason"]);
  expect(describeFailures(NOTHING)).toEqual([]);
});

describe("countLine()", () => {
  test("names skipped tests only when there are any", () => {
    const one = { passed: 1, failed: 0, skipped: 0 };
    const outcome = { ...one, failures: [] };
    expect(countLine(addOutcomes([outcome, outcome]))).toBe("2 passed, 0 failed");
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
