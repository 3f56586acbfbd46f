import type { SourceFile } from "./source-file.ts";
import { isNode, nameOf, type SyntaxNode, walk } from "../../src/cli/syntax.ts";
import type { Violation } from "./violation.ts";

/** Named exports, listed one by one; erasable syntax; specifiers that name the file as it is. */
export function checkSyntax(file: SourceFile): Violation[] {
  const violations: Violation[] = [];
  const isConfig = file.path.startsWith("test/") && file.path.endsWith(".config.ts");
  const report = (node: SyntaxNode, rule: string, message: string): void => {
    violations.push({ path: file.path, line: file.lineAt(node.start), rule, message });
  };
  walk(file.tree, (node) => {
    if (exportsDefault(node) && !isConfig) {
      report(node, "no-default-export", "export it by name");
    } else if (node.type === "ExportAllDeclaration") {
      report(node, "no-export-star", "list the names: a public surface is a decision");
    } else if (node.type === "TSEnumDeclaration") {
      report(node, "erasable", "an enum is not erasable; use a union of strings");
    } else if (node.type === "TSModuleDeclaration" && nameOf(node["id"]) !== undefined) {
      // `declare module "x"` describes an untyped package and is erased; its id is a literal.
      if ((node["id"] as SyntaxNode).type === "Identifier" && node["kind"] !== "global") {
        report(node, "erasable", "a namespace is not erasable; use a file");
      }
    }
  });
  return [...violations, ...badSpecifiers(file)];
}

function exportsDefault(node: SyntaxNode): boolean {
  if (node.type === "ExportDefaultDeclaration") return true;
  return node.type === "ExportSpecifier" && nameOf(node["exported"]) === "default";
}

function badSpecifiers(file: SourceFile): Violation[] {
  return file.imports
    .filter(({ specifier }) => specifier.startsWith(".") && !/\.(ts|mjs|json)$/.test(specifier))
    .map(({ specifier, line }) => ({
      path: file.path,
      line,
      rule: "specifier",
      message: `"${specifier}" should name the file with its extension (.ts)`,
    }));
}

/** Every relative path to a source file that the text spells, in whatever role. */
export function spelledPaths(file: SourceFile): string[] {
  const paths: string[] = [];
  walk(file.tree, (node) => {
    const text = isNode(node) && node.type === "Literal" ? nameOf(node) : undefined;
    if (text !== undefined && /^\.{1,2}\/.*\.(ts|mjs)$/.test(text)) paths.push(text);
  });
  return paths;
}
