import type { SourceFile } from "./source-file.ts";
import { nameOf, type SyntaxNode, walk } from "../../src/cli/syntax.ts";
import type { Violation } from "./violation.ts";

/** A file is one concept; beyond this it is two. Tables of cases in tests may be longer. */
export const FILE_LINES_MAX = 300;
export const TEST_FILE_LINES_MAX = 500;
/** A function fits on a screen. Tests are exempt: their functions are lists of sentences. */
export const FUNCTION_LINES_MAX = 60;

const FUNCTIONS: readonly string[] = [
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
];

export function checkSize(file: SourceFile): Violation[] {
  const isTest = file.path.startsWith("test/");
  const limit = isTest ? TEST_FILE_LINES_MAX : FILE_LINES_MAX;
  const violations: Violation[] = isTest ? [] : longFunctions(file);
  if (file.lineCount > limit) {
    const message = `${file.lineCount} lines; the limit is ${limit}`;
    violations.push({ path: file.path, line: 1, rule: "file-length", message });
  }
  return violations;
}

function longFunctions(file: SourceFile): Violation[] {
  const violations: Violation[] = [];
  walk(file.tree, (node, parent) => {
    if (!FUNCTIONS.includes(node.type)) return;
    const line = file.lineAt(node.start);
    const lines = file.lineAt(node.end - 1) - line + 1;
    if (lines <= FUNCTION_LINES_MAX) return;
    const message = `${functionName(node, parent)} has ${lines} lines; the limit is ${FUNCTION_LINES_MAX}`;
    violations.push({ path: file.path, line, rule: "function-length", message });
  });
  return violations;
}

function functionName(node: SyntaxNode, parent: SyntaxNode | undefined): string {
  const name = nameOf(node["id"]) ?? nameOf(parent?.["id"]) ?? nameOf(parent?.["key"]);
  return name === undefined ? "a function" : `${name}()`;
}
