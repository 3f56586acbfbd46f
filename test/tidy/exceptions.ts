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

export const EXCEPTIONS: readonly Exception[] = [
  {
    path: "sim/world/drain.ts",
    subjects: ["node:v8", "process"],
    reason:
      "Draining microtasks synchronously needs the engine's own means; it is all this file does.",
  },
  {
    path: "sim/world/run-loop.ts",
    subjects: ["setImmediate"],
    reason:
      "A world is entered from a macrotask, since microtasks can be drained from nowhere else.",
  },
  {
    path: "sim/world/traps.ts",
    subjects: ["globalThis"],
    reason: "It replaces the ambient names by traps while a world runs, so it has to name them.",
  },
  {
    path: "sim/backends/real/scope.ts",
    subjects: ["node:async_hooks"],
    reason: "An adapter's code has to find the request it runs for across its awaits.",
  },
  {
    path: "sim/mutants/plant.ts",
    subjects: ["node:module", "import.meta"],
    reason:
      "Code is changed while a module is loaded, which only a hook that knows its place can do.",
  },
  {
    path: "src/cli/own-engine.ts",
    subjects: ["file"],
    reason: "The engine to be judged is the user's own: the command line says what is loaded.",
  },
];

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
