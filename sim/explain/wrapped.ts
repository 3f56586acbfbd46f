/** Lines of text, none wider than a terminal where there is room for more of them. */
import { COLUMNS, UNBROKEN, wrapped as wrappedWords } from "../report/columns.ts";

/** The lines, wrapped between words from the first one on, as long as there are at most `linesMax` of them. */
export function wrapped(lines: readonly string[], linesMax: number): readonly string[] {
  let room = linesMax - lines.length;
  return lines.flatMap((line) => {
    const parts = wrappedLine(line);
    if (parts.length - 1 > room) return [line];
    room -= parts.length - 1;
    return parts;
  });
}

/** A number stays with its unit, and with what it counts. */
const UNIT =
  /(?<=\d) (?=(?:ms|µs|s|bytes)\b)|(?<=\b(?:event|key|client|server|replica|record)) (?=\d)/gu;

function wrappedLine(line: string): readonly string[] {
  if (line.length <= COLUMNS) return [line];
  const head = /^[ *]*/.exec(line)?.[0] ?? "";
  const words = line.slice(head.length).replace(UNIT, UNBROKEN);
  return wrappedWords(head, words, `${head.replaceAll("*", " ")}  `);
}
