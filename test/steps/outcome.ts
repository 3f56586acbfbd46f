/** What a step of the test run came to, in tests (a tool such as the compiler counts as one). */
export type Outcome = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
};

export const NOTHING: Outcome = { passed: 0, failed: 0, skipped: 0 };

export function addOutcomes(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
    }),
    NOTHING,
  );
}

/** The line that ends a run; programs read it, so it stands alone and keeps its form. */
export function countLine({ passed, failed, skipped }: Outcome): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** A run under CI is worth nothing without its real engines; elsewhere their absence is only said. */
export function isRed(total: Outcome, missingEngines: number, isCi: boolean): boolean {
  return total.failed > 0 || (isCi && missingEngines > 0);
}
