/**
 * The house rules, held over the real tree. Method: every source file is parsed and judged by the
 * functions in `test/tidy/`; `test/tidy/planted.test.ts` shows that each of them can fail.
 */
import { expect, test } from "vitest";
import { checkProject } from "./tidy/check-project.ts";
import { EXCEPTIONS } from "./tidy/exceptions.ts";
import { checkLock } from "./tidy/lock-file.ts";
import { entryPoints, readLock, readManifest, readProject } from "./tidy/project.ts";
import { describeViolation } from "./tidy/violation.ts";

test("the project keeps its house rules", () => {
  const sources = readProject();
  const violations = checkProject(sources, entryPoints(readManifest()), EXCEPTIONS);
  expect(violations.map(describeViolation)).toEqual([]);
  expect(sources.length).toBeGreaterThan(0);
});

test("the lock file serves every platform", () => {
  expect(checkLock(readLock()).map(describeViolation)).toEqual([]);
});

test("every exception to the house rules has a reason in a sentence", () => {
  for (const { path, reason } of EXCEPTIONS) expect(reason, path).toMatch(/^[A-Z].{20,}\.$/s);
});
