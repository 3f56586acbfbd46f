/**
 * A source with several planted bugs in it, each behind a switch: a process that has loaded it goes from bug to bug
 * without loading anything anew. The body of the function around a change is there twice, as it is and as the bug has
 * it; what is outside of functions runs once, while modules are loaded, and cannot be switched.
 */
import { isNode, parseTypeScript, walk } from "../syntax.ts";

/** The global that names the bug that is there. */
export const SWITCH = "kvdalPlantedBug";

/** The source as a bug has it. */
export type Variant = { readonly name: string; readonly text: string };

/** What came of it. */
export type Switched = {
  readonly source: string;
  /** The bugs that are in it: the others changed something outside of functions. */
  readonly names: readonly string[];
};

/** The source with all of the variants that can be switched. Throws for what is no TypeScript. */
export function switchedSource(
  file: string,
  source: string,
  variants: readonly Variant[],
): Switched {
  const bodies = bodiesOf(file, source);
  const placed = variants.flatMap(({ name, text }) => {
    const body = bodyAround(bodies, source, { file, text });
    return body === undefined ? [] : [{ name, insertions: insertionsOf(body, source, name, text) }];
  });
  return {
    source: withInsertions(
      source,
      placed.flatMap(({ insertions }) => insertions),
    ),
    names: placed.map(({ name }) => name),
  };
}

/** Of a function: a block with its braces, or what an arrow leads to. */
type Body = { readonly start: number; readonly end: number; readonly isBlock: boolean };

type Insertion = { readonly at: number; readonly text: string };

/** Innermost first, of those that hold the same place. */
function bodiesOf(file: string, text: string): readonly Body[] {
  const bodies: Body[] = [];
  walk(parseTypeScript(file, text), ({ type, body }) => {
    if (!FUNCTIONS.has(type) || !isNode(body)) return;
    bodies.push({ start: body.start, end: body.end, isBlock: body.type === "BlockStatement" });
  });
  return bodies.toReversed();
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  "ArrowFunctionExpression",
  "FunctionDeclaration",
  "FunctionExpression",
]);

/** The innermost body that the change is in and that is a body in the variant, too. */
function bodyAround(
  bodies: readonly Body[],
  source: string,
  { file, text }: { readonly file: string; readonly text: string },
): Body | undefined {
  const { from, to } = changeOf(source, text);
  const grown = text.length - source.length;
  const changed = new Set(bodiesOf(file, text).map(keyOf));
  return bodies.find((body) => {
    const inside = body.isBlock ? 1 : 0;
    const isAround = body.start + inside <= from && to <= body.end - inside;
    return isAround && changed.has(keyOf({ ...body, end: body.end + grown }));
  });
}

const keyOf = ({ start, end, isBlock }: Body): string => `${start} ${end} ${isBlock}`;

/** What of the source is other in the variant: nothing before `from`, and nothing from `to` on. */
function changeOf(source: string, text: string): { readonly from: number; readonly to: number } {
  const least = Math.min(source.length, text.length);
  let from = 0;
  while (from < least && source[from] === text[from]) from += 1;
  let tail = 0;
  while (tail < least - from && source.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
  return { from, to: source.length - tail };
}

function insertionsOf(
  { start, end, isBlock }: Body,
  source: string,
  name: string,
  text: string,
): readonly Insertion[] {
  const isOn = `${SWITCH} === ${JSON.stringify(name)}`;
  const changed = text.slice(start, end + text.length - source.length);
  if (isBlock) return [{ at: start + 1, text: ` if (${isOn}) { ${changed} return; } ` }];
  return [
    { at: start, text: `(${isOn} ? (${changed}) : ` },
    { at: end, text: ")" },
  ];
}

function withInsertions(source: string, insertions: readonly Insertion[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { at, text } of insertions.toSorted((one, other) => one.at - other.at)) {
    parts.push(source.slice(done, at), text);
    done = at;
  }
  return [...parts, source.slice(done)].join("");
}
