/** The text of a rule, and where code names it, as lines. */
import { wrapped } from "../words/columns.ts";

/** Most lines of a rule's text. */
const LINES_MAX = 7;
const ALL = " … (all of it: conformance/SPEC.md)";

/** `PUT-3 wants: …`, in as many lines as it takes; of a rule that takes too many its beginning, and where the rest is. */
export function ruleLines(rule: string, text: string): readonly string[] {
  const lines = linesOf(rule, text);
  if (lines.length <= LINES_MAX) return lines;
  const words = text.split(" ");
  let shown = words.length - 1;
  while (shown > 1 && linesOf(rule, words.slice(0, shown).join(" ") + ALL).length > LINES_MAX) {
    shown -= 1;
  }
  return linesOf(rule, words.slice(0, shown).join(" ") + ALL);
}

/** Most files that are named. */
const FILES_MAX = 5;

/** The first of the files that name the rule, and how to find the others; none where no files are known. */
export function fileLines(rule: string, files: readonly string[]): readonly string[] {
  if (files.length === 0) return [];
  const left = files.length - FILES_MAX;
  const more = left > 0 ? `, and ${left} more: grep -rn ${rule} src` : "";
  const named = files.slice(0, FILES_MAX).join(", ");
  return wrapped("", `Code that names ${rule}: ${named}${more}.`, "  ");
}

function linesOf(rule: string, text: string): readonly string[] {
  return wrapped(`${rule} wants: `, text, "  ");
}
