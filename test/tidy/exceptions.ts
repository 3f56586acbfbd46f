import type { Violation } from "./violation.ts";

/**
 * A file that must do what its room may not. Kept short, each with its reason; one that is no longer
 * needed is itself a violation.
 */
export type Exception = {
  readonly path: string;
  /** Ambient names and import specifiers, as the report spells them. */
  readonly subjects: readonly string[];
  /** A sentence: why this file, and why not through `env`. */
  readonly reason: string;
};

export const EXCEPTIONS: readonly Exception[] = [];

/** What remains of the violations, and a violation for each exception that nothing needed. */
export function applyExceptions(
  violations: readonly Violation[],
  exceptions: readonly Exception[],
): Violation[] {
  const allows = (exception: Exception, violation: Violation): boolean =>
    exception.path === violation.path &&
    violation.subject !== undefined &&
    exception.subjects.includes(violation.subject);
  const remaining = violations.filter(
    (violation) => !exceptions.some((exception) => allows(exception, violation)),
  );
  const stale = exceptions.flatMap(({ path, subjects }) =>
    subjects
      .filter((subject) => !violations.some((one) => one.path === path && one.subject === subject))
      .map((subject) => staleException(path, subject)),
  );
  return [...remaining, ...stale];
}

function staleException(path: string, subject: string): Violation {
  const message = `the exception for "${subject}" is not needed; remove it`;
  return { path, line: 1, rule: "stale-exception", message };
}
