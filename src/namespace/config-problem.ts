/** What is wrong with a configuration: where, what was found, what is wanted (NS-2). */

/** One flaw. Line and column count from 1. */
export type ConfigProblem = {
  /** Keys as they are written, such as `namespaces[1].persistence_configuration[0].id`; empty for the document. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly wanted: string;
};

/** One line for people: `profiles.yaml:7:15: path is FOUND, wanted WANTED`. */
export function problemLine(problem: ConfigProblem, file: string): string {
  const { path, line, column, found, wanted } = problem;
  return `${file}:${line}:${column}: ${path || "document"} is ${found}, wanted ${wanted}`;
}

/** A value as a message shows it: short, with its kind visible. */
export function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "empty";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return "a group of keys";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

/** The word that was probably meant: the nearest one, at most a third of its letters away; undefined when none is. */
export function nearest(found: string, words: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const word of words) {
    const distance = editDistance(found.toLowerCase(), word.toLowerCase());
    if (distance < least && distance * 3 <= Math.max(word.length, 3)) {
      [best, least] = [word, distance];
    }
  }
  return best;
}

/** Letters to change, insert, drop or swap with their neighbour to come from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      }
      row.push(cost);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] as number;
}
