/** Lines for people that are too long for a terminal: gone on with below the column in which their text begins. */
import { Help } from "commander";

/** Columns of a line; what is shorter stays as it is. */
export const COLUMNS = 100;
/** A text that begins further right than this is not gone on with below its beginning, but further left. */
const INDENT_MAX = 60;
/** A gap between two columns of a table, or a label and its text. */
const GAP = / {2,}(?=\S)/g;

const help = new Help();

/** The line in as many as it takes. One that shows a command to be copied stays whole. */
export function fold(line: string): string {
  if (line.length <= COLUMNS || /\b(?:npm run kvdal --|npx kvdal) /.test(line)) return line;
  const indent = beginning(line);
  const folded = help.boxWrap(line.slice(indent), COLUMNS - indent);
  return line.slice(0, indent) + folded.replaceAll("\n", `\n${" ".repeat(indent)}`);
}

/** A help text: its paragraphs are lines that begin at the margin, one after another, and are broken anew. */
export function foldHelp(text: string): string {
  const lines: string[] = [];
  let isParagraph = false;
  for (const line of text.split("\n")) {
    const goesOn = isParagraph && /^\S/.test(line);
    if (goesOn) lines.push(`${lines.pop()} ${line}`);
    else lines.push(line);
    isParagraph = /^\S.*[^:]$/.test(line);
  }
  return lines.map(fold).join("\n");
}

/** Where the last column of the line begins. */
function beginning(line: string): number {
  const gaps = [...line.matchAll(GAP)].map(({ index, 0: gap }) => index + gap.length);
  return gaps.findLast((end) => end <= INDENT_MAX) ?? 0;
}
