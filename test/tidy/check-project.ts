import { checkAmbient } from "./ambient-rule.ts";
import { type EntryPoints, findDeadFiles } from "./dead-files.ts";
import { applyExceptions, type Exception } from "./exceptions.ts";
import { checkImports } from "./import-rule.ts";
import { checkSize } from "./size-rule.ts";
import { parseSource, type SourceText } from "./source-file.ts";
import { checkSyntax } from "./syntax-rule.ts";
import type { Violation } from "./violation.ts";

/** All house rules over one file. Pure, so that a planted text is judged like a real one. */
export function checkSource(source: SourceText): Violation[] {
  const file = parseSource(source);
  return [checkImports, checkAmbient, checkSize, checkSyntax].flatMap((rule) => rule(file));
}

/** All house rules over the whole project. */
export function checkProject(
  sources: readonly SourceText[],
  entries: EntryPoints,
  exceptions: readonly Exception[],
): Violation[] {
  const violations = applyExceptions(sources.flatMap(checkSource), exceptions);
  return [...violations, ...findDeadFiles(sources.map(parseSource), entries)];
}
