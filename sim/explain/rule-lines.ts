/** The text of a rule, as lines. */
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

function linesOf(rule: string, text: string): readonly string[] {
  return wrapped(`${rule} wants: `, text, "  ");
}
