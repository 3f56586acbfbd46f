/** One breach of a house rule, at a place that an editor can jump to. */
export type Violation = {
  readonly path: string;
  /** 1-based; 1 where the whole file is meant. */
  readonly line: number;
  readonly rule: string;
  /** What an exception would have to name: the ambient name or the import's specifier. */
  readonly subject?: string;
  readonly message: string;
};

/** The form in which a failing test shows a breach: one line each. */
export function describeViolation(violation: Violation): string {
  const { path, line, rule, message } = violation;
  return `${path}:${line} [${rule}] ${message}`;
}
