import { stripVTControlCharacters } from "node:util";

/** What a step of the test run came to, in tests (a tool such as the compiler counts as one). */
export type Outcome = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Each failure by name, with the first lines of its reason: what the end of a run says again. */
  readonly failures: readonly string[];
};

export const NOTHING: Outcome = { passed: 0, failed: 0, skipped: 0, failures: [] };

export function addOutcomes(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
      failures: [...sum.failures, ...one.failures],
    }),
    NOTHING,
  );
}

/** The line that ends a run; programs read it, so it stands alone and keeps its form. */
export function countLine({ passed, failed, skipped }: Omit<Outcome, "failures">): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** What failed, said once more at the end, since a long run's own lines about it are far above. */
export function describeFailures({ failures }: Outcome): string[] {
  if (failures.length === 0) return [];
  return ["What failed:", ...failures.map((failure) => `  ${failure.replaceAll("\n", "\n    ")}`)];
}

/** A run under CI is worth nothing without its real engines; elsewhere their absence is only said. */
export function isRed(
  total: Pick<Outcome, "failed">,
  missingEngines: number,
  isCi: boolean,
): boolean {
  return total.failed > 0 || (isCi && missingEngines > 0);
}

const LINES = 6;
const WIDTH = 300;

/** The beginning of a reason: as much as tells what it is about. */
export function firstLines(text: string): string {
  const lines = stripVTControlCharacters(text).split("\n");
  const said = lines.filter((line) => line.trim() !== "" && !/^\s+at /.test(line));
  return said
    .slice(0, LINES)
    .map((line) => line.slice(0, WIDTH))
    .join("\n");
}
