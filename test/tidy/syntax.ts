/**
 * The syntax tree as the house rules see it: nodes with a type, a range and whatever else. The rules
 * look at a dozen node types only, so they read fields by name instead of carrying the parser's
 * hundreds of types about.
 */
import { parseSync, visitorKeys } from "oxc-parser";

export type SyntaxNode = {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
};

/** Called for every node, parents first; `key` is the parent's field that holds the node. */
export type Visit = (node: SyntaxNode, parent: SyntaxNode | undefined, key: string) => void;

/** @throws Error when the text is not TypeScript: every other rule would be silent about it. */
export function parseTypeScript(path: string, text: string): SyntaxNode {
  const { program, errors } = parseSync(path, text);
  const [first] = errors;
  if (first !== undefined) throw new Error(`Could not parse ${path}: ${first.message}`);
  return program as unknown as SyntaxNode;
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

export function walk(root: SyntaxNode, visit: Visit): void {
  const step = (node: SyntaxNode, parent: SyntaxNode | undefined, key: string): void => {
    visit(node, parent, key);
    for (const field of visitorKeys[node.type] ?? []) {
      const value = node[field];
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) step(child, node, field);
      }
    }
  };
  step(root, undefined, "");
}

/** The name that an identifier or a string literal spells, if the node is one. */
export function nameOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  const name = value.type === "Literal" ? value["value"] : value["name"];
  return typeof name === "string" ? name : undefined;
}
