/** Lines of text, none wider than a terminal where there is room for more of them. */

const WIDTH = 100;

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

/** A number stays with its unit. */
const UNIT =
  /(?<=\d) (?=(?:ms|µs|s|bytes)\b)|(?<=\b(?:event|key|client|server|replica|record)) (?=\d)/gu;
const GLUE = "\u00a0";

function wrappedLine(line: string): readonly string[] {
  if (line.length <= WIDTH) return [line];
  const indent = `${/^[ *]*/.exec(line)?.[0].replaceAll("*", " ") ?? ""}  `;
  const parts: string[] = [];
  let rest = line.replace(UNIT, GLUE);
  while (rest.length > WIDTH) {
    const at = rest.lastIndexOf(" ", WIDTH);
    if (at <= indent.length) break;
    parts.push(rest.slice(0, at));
    rest = `${indent}${rest.slice(at + 1)}`;
  }
  return [...parts, rest].map((part) => part.replaceAll(GLUE, " "));
}
