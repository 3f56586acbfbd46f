/** Text in lines that fit on a terminal. */

/** No line that is made of words is wider. */
export const COLUMNS = 100;

/** Stands in place of a space at which a line may not end. */
const UNBROKEN = "\u00A0";

/** A number stays with its unit, and with what it counts. */
const UNIT =
  /(?<=\d) (?=(?:ms|µs|s|bytes)\b)|(?<=\b(?:event|key|client|server|replica|record)) (?=\d)/gu;

/** Keeps a command in one piece, so that it can be copied. */
export function inOnePiece(text: string): string {
  return text.replaceAll(" ", UNBROKEN);
}

/** The words in as many lines as they take: the head stands before the first, an indent before the others. */
export function wrapped(
  head: string,
  text: string,
  indent: string = " ".repeat(head.length),
): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/[ \n]+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= COLUMNS) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(`${lines.length === 0 ? head : indent}${word}`);
  }
  return lines.map((line) => line.replaceAll(UNBROKEN, " "));
}

/**
 * Lines, those that are too long wrapped below their beginning, from the first one on and as long as there are at most
 * `linesMax` of them then.
 */
export function wrappedLines(
  lines: readonly string[],
  linesMax: number = Number.POSITIVE_INFINITY,
): readonly string[] {
  let room = linesMax - lines.length;
  return lines.flatMap((line) => {
    const parts = line.length <= COLUMNS ? [line] : wrappedLine(line);
    if (parts.length - 1 > room) return [line];
    room -= parts.length - 1;
    return parts;
  });
}

function wrappedLine(line: string): readonly string[] {
  const head = /^[ *]*/.exec(line)?.[0] ?? "";
  const words = line.slice(head.length).replace(UNIT, UNBROKEN);
  return wrapped(head, words, `${head.replaceAll("*", " ")}  `);
}
