/** The whole suite on a real engine, as `kvdal conformance` runs it, with the count of cases in the test's output. */
import { expect, test } from "vitest";
import { runConformance } from "../../src/cli/run-conformance.ts";
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
      const { cases } = await runConformance(name, { ids });
      const count = (wanted: CaseResult["status"]): number =>
        cases.filter(({ status }) => status === wanted).length;
      const [passed, failed, skipped] = [count("passed"), count("failed"), count("skipped")];
      console.log(`conformance on ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
      for (const { id, status, reason } of cases) {
        if (status === "skipped") console.log(`  skipped ${id}: ${reason}`);
      }
      for (const { id, beside } of cases) {
        if (beside !== undefined) console.log(`  once more, alone: ${id}: ${beside}`);
      }
      const found = failures(cases);
      for (const failure of found) console.log(`  failed ${failure}`);
      expect(found).toEqual([]);
      expect(passed).toBeGreaterThanOrEqual(least);
    },
  );
}
