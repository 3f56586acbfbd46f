/** The whole suite on a real engine, as `kvdal conformance` runs it, with the count of cases in the test's output. */
import { expect, test } from "vitest";
import { type ConformanceWish, runConformance } from "../../src/cli/run-conformance.ts";
import { cacheCases, type CaseResult, storageCases } from "kvdal/conformance";
import { failures } from "./judge.ts";

/** Cases of the engine's clock wait a minute and more. */
const TIMEOUT_MILLIS = 600_000;

/** Registers the test; without the variable that names the engine's endpoint it is skipped, and says so. */
export function testRealEngine(name: string, variable: string | undefined, least: number): void {
  const isMissing = variable !== undefined && (process.env[variable] ?? "") === "";
  const why = isMissing ? ` (skipped: ${variable} is not set)` : "";
  test.skipIf(isMissing)(
    `${name} passes the conformance suite${why}`,
    { timeout: TIMEOUT_MILLIS },
    async () => {
      const ids = new Set([...storageCases, ...cacheCases].map(({ id }) => id));
      const cases = await unhurriedCases(name, { ids });
      const count = (wanted: CaseResult["status"]): number =>
        cases.filter(({ status }) => status === wanted).length;
      const [passed, failed, skipped] = [count("passed"), count("failed"), count("skipped")];
      console.log(`conformance on ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
      for (const { id, status, reason } of cases) {
        if (status === "skipped") console.log(`  skipped ${id}: ${reason}`);
      }
      const found = failures(cases);
      for (const failure of found) console.log(`  failed ${failure}`);
      expect(found).toEqual([]);
      expect(passed).toBeGreaterThanOrEqual(least);
    },
  );
}

/** Cases of how a client spends its time, which over a real engine is that of the machine. */
const TIMED = /^(retries|hedges|signals)\//;

/** What any case is told where a real cache, or a real engine, had no time for it. */
const WAS_LATE = /the cache did not answer|^(?:DEADLINE_EXCEEDED|OUTCOME_UNKNOWN): |^no end after /;

/**
 * The results of a suite, with those of cases that failed for want of time taken again, alone: where it went to somebody
 * else's work, nothing is known of what is judged.
 */
export async function unhurriedCases(
  name: string,
  wish: ConformanceWish,
): Promise<readonly CaseResult[]> {
  const { cases: results } = await runConformance(name, wish);
  const upset = results.filter(
    ({ id, status, found = "" }) => status === "failed" && (TIMED.test(id) || WAS_LATE.test(found)),
  );
  if (upset.length === 0) return results;
  for (const failure of failures(upset)) console.log(`  once more, alone: ${failure}`);
  const ids = new Set(upset.map(({ id }) => id));
  const { cases } = await runConformance(name, { ...wish, ids, parallel: 1 });
  return results.map((result) => cases.find(({ id }) => id === result.id) ?? result);
}
