/** A file of JSON lines that a later run goes on with: the first says what it is of, the others are only ever added. */
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { CliError, EXIT_USAGE } from "./exit.ts";

/** The lines after the first. */
export class KeptLines<Line extends object> {
  /** Those that a run before has kept. */
  readonly before: readonly Line[];
  readonly #file: string | undefined;

  /** Without a file nothing is kept. Throws `CliError` for a file that is of something else than `head` says. */
  constructor(file: string | undefined, head: object) {
    this.#file = file;
    const before = file === undefined ? [] : opened(file, JSON.stringify(head));
    this.before = before.map((line, i) => {
      const value = parsed(line);
      if (typeof value === "object" && value !== null) return value as Line;
      const wanted = "wanted an object in JSON, as a run before wrote it";
      throw new CliError(EXIT_USAGE, `${file}: line ${i + 2} is ${line.slice(0, 60)}, ${wanted}`);
    });
  }

  add(line: Line): void {
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

/** The value of a line; undefined where it is no JSON. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function opened(file: string, head: string): readonly string[] {
  if (!existsSync(file)) {
    writeFileSync(file, `${head}\n`);
    return [];
  }
  const { first, lines, bytes } = wholeLines(file);
  if (first !== head) {
    const message = `${file} is of other hunts: its first line is ${first}, wanted ${head}`;
    throw new CliError(EXIT_USAGE, message);
  }
  truncateSync(file, bytes);
  return lines;
}

/** What a file has that nobody goes on with: values that its owner knows the form of. */
export function readKeptLines(file: string): {
  readonly head: unknown;
  readonly lines: readonly unknown[];
} {
  const { first, lines } = wholeLines(file);
  return { head: JSON.parse(first), lines: lines.map((line): unknown => JSON.parse(line)) };
}

/** Up to the last line that has an end: one without was being written when the program was ended. */
function wholeLines(file: string): {
  readonly first: string;
  readonly lines: readonly string[];
  readonly bytes: number;
} {
  const text = readFileSync(file, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const [first = "", ...lines] = whole.split("\n").filter((line) => line !== "");
  return { first, lines, bytes: Buffer.byteLength(whole) };
}
