import { isNode, nameOf, parseTypeScript, type SyntaxNode, walk } from "../../src/cli/syntax.ts";

/** What a rule is given: a path from the top of the project, with slashes, and the text. */
export type SourceText = { readonly path: string; readonly text: string };

export type Import = {
  readonly specifier: string;
  /** Erased before anything runs. */
  readonly typeOnly: boolean;
  /** `import(…)`: loaded only when the line is reached. */
  readonly dynamic: boolean;
  readonly line: number;
};

/** A source file, parsed once for all rules. */
export type SourceFile = SourceText & {
  readonly tree: SyntaxNode;
  readonly lineCount: number;
  readonly imports: readonly Import[];
  lineAt(offset: number): number;
};

export function parseSource(source: SourceText): SourceFile {
  const tree = parseTypeScript(source.path, source.text);
  const lineAt = lineFinder(source.text);
  return {
    ...source,
    tree,
    lineCount: lineAt(source.text.trimEnd().length),
    imports: findImports(tree, lineAt),
    lineAt,
  };
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function findImports(tree: SyntaxNode, lineAt: (offset: number) => number): Import[] {
  const imports: Import[] = [];
  walk(tree, (node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return;
    const dynamic = node.type === "ImportExpression";
    imports.push({ specifier, typeOnly: isTypeOnly(node), dynamic, line: lineAt(node.start) });
  });
  return imports;
}

function specifierOf(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return nameOf(node["source"]);
    default:
      return undefined;
  }
}

function isTypeOnly(node: SyntaxNode): boolean {
  if (node.type === "TSImportType") return true;
  if (node["importKind"] === "type" || node["exportKind"] === "type") return true;
  const parts = node["specifiers"];
  if (!Array.isArray(parts) || parts.length === 0) return false;
  return parts.every(
    (part) => isNode(part) && (part["importKind"] === "type" || part["exportKind"] === "type"),
  );
}
