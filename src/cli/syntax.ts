/**
 * The syntax tree as switches of planted bugs, and the house rules, see it: nodes with a type, a range and whatever
 * else. Both look at a dozen node types only, so they read fields by name instead of carrying the parser's hundreds of
 * types about.
 */
import { parseSync, visitorKeys } from "oxc-parser";

/** A node; its fields are the parser's. */
export type SyntaxNode = {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
};

/** Called for every node, parents first; `key` is the parent's field that holds the node. */
export type Visit = (node: SyntaxNode, parent: SyntaxNode | undefined, key: string) => void;

/** Throws when the text is not TypeScript: whoever looks at its nodes would be silent about it. */
export function parseTypeScript(path: string, text: string): SyntaxNode {
  const { program, errors } = parseSync(path, text);
  const [first] = errors;
  if (first !== undefined) throw new Error(`Could not parse ${path}: ${first.message}`);
  return program as unknown as SyntaxNode;
}

/** Whether a field holds a node. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Visits a node and all below it. */
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
