/**
 * Time, chance and I/O come through `env`, never from the air: otherwise a simulated run would differ
 * from itself. Names are matched without regard to scope, so a variable called `process` or `fetch`
 * is reported too: where these names are banned, nothing else should look like them.
 */
import { type Edge, roomOf } from "./rooms.ts";
import type { SourceFile } from "./source-file.ts";
import { nameOf, type SyntaxNode, walk } from "../../src/cli/syntax.ts";
import type { Violation } from "./violation.ts";

/** `place`: differs from machine to machine, and has no owner among the edges. */
type Kind = Edge | "place";

/** Separated by spaces, since lists of forty names read better as text. */
const NAMES: Readonly<Record<Kind, string>> = {
  time: `Date Temporal performance requestAnimationFrame requestIdleCallback
    setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate`,
  // The collector decides when a weak reference is empty, and nobody seeds the collector.
  chance: "crypto Crypto WeakRef FinalizationRegistry",
  io: `process console fetch globalThis global require navigator Atomics WebAssembly
    WebSocket EventSource XMLHttpRequest Worker MessageChannel BroadcastChannel
    Blob File ReadableStream WritableStream TransformStream CompressionStream DecompressionStream
    localStorage sessionStorage`,
  place: "Intl",
};

/** Members of objects that are otherwise allowed; `*` stands for any object. */
const MEMBERS: Readonly<Record<string, Kind>> = {
  "Math.random": "chance",
  "AbortSignal.timeout": "time",
  "*.localeCompare": "place",
  "*.toLocaleString": "place",
  "*.toLocaleDateString": "place",
  "*.toLocaleTimeString": "place",
  "*.toLocaleLowerCase": "place",
  "*.toLocaleUpperCase": "place",
};

/** Rooms that talk to people or to the test's reader, where a locale does no harm. */
const AT_HOME: readonly string[] = ["src/cli", "bench", "test"];

export type Ambient = { readonly name: string; readonly kind: Kind; readonly line: number };

/** Every ambient name that the file uses and its room does not own. */
export function findAmbient(file: SourceFile): Ambient[] {
  const room = roomOf(file.path);
  if (room === undefined) return [];
  const owned = new Set<Kind>(room.edges);
  if (AT_HOME.includes(room.name)) owned.add("place");
  const found: Ambient[] = [];
  walk(file.tree, (node, parent, key) => {
    const name = ambientName(node, parent, key, room.name === "door");
    if (name === undefined) return;
    const kind = kindOf(name);
    if (!owned.has(kind)) found.push({ name, kind, line: file.lineAt(node.start) });
  });
  return found;
}

export function checkAmbient(file: SourceFile): Violation[] {
  return findAmbient(file).map(({ name, kind, line }) => ({
    path: file.path,
    line,
    rule: "ambient",
    subject: name,
    message: `"${name}" is ambient ${kind}: take it from env`,
  }));
}

const KIND_BY_NAME = new Map<string, Kind>([
  ...Object.entries(MEMBERS),
  ...(Object.keys(NAMES) as Kind[]).flatMap((kind) =>
    NAMES[kind].split(/\s+/).map((name): [string, Kind] => [name, kind]),
  ),
]);

/** `import()`, `import.meta` and the bare `Math` are the ones that no list of names holds. */
function kindOf(name: string): Kind {
  return KIND_BY_NAME.get(name) ?? (name === "Math" ? "chance" : "io");
}

function ambientName(
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
  key: string,
  isDoor: boolean,
): string | undefined {
  switch (node.type) {
    case "Identifier":
      return isValueReference(parent, key) ? globalName(node, parent, key) : undefined;
    case "MemberExpression":
      return memberName(node);
    // The doors load adapters when they are asked for, since their libraries are optional.
    case "ImportExpression":
      return isDoor ? undefined : "import()";
    case "MetaProperty":
      return nameOf(node["meta"]) === "import" ? "import.meta" : undefined;
    default:
      return undefined;
  }
}

function globalName(
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
  key: string,
): string | undefined {
  const name = nameOf(node) ?? "";
  // `const { random } = Math` and `pick(Math)` would hand chance on unseen.
  if (name === "Math") {
    return parent?.type === "MemberExpression" && key === "object" ? undefined : name;
  }
  return KIND_BY_NAME.has(name) ? name : undefined;
}

function memberName(node: SyntaxNode): string | undefined {
  const property = node["property"];
  const member = nameOf(property);
  if (member === undefined) return undefined;
  if (node["computed"] === true && (property as SyntaxNode).type !== "Literal") return undefined;
  const exact = `${nameOf(node["object"]) ?? ""}.${member}`;
  return [exact, `*.${member}`].find((name) => name in MEMBERS);
}

/** Fields that hold a name without meaning the thing of that name. */
const NAME_FIELDS: Readonly<Record<string, readonly string[]>> = {
  MemberExpression: ["property"],
  Property: ["key"],
  MethodDefinition: ["key"],
  PropertyDefinition: ["key"],
  AccessorProperty: ["key"],
  ImportSpecifier: ["imported"],
  ExportSpecifier: ["exported"],
  ImportAttribute: ["key"],
  LabeledStatement: ["label"],
  BreakStatement: ["label"],
  ContinueStatement: ["label"],
  MetaProperty: ["meta", "property"],
};

function isValueReference(parent: SyntaxNode | undefined, key: string): boolean {
  if (parent === undefined) return false;
  // Types are erased; only the wrappers (`x as T`, `x!`) hold an expression that stays.
  if (parent.type.startsWith("TS")) {
    return key === "expression" && !/Heritage|Implements/.test(parent.type);
  }
  const isName = (NAME_FIELDS[parent.type] ?? []).includes(key);
  return !isName || parent["computed"] === true;
}
