/**
 * From text to plain values that know where they stood. The text is YAML, of which JSON is a part; keys may be
 * snake_case or camelCase, as the posts have both.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import { type ConfigProblem, shown } from "./config-problem.ts";

/** Keys and indexes from the top of the document. */
export type ConfigPath = readonly (string | number)[];

/** A parsed text. */
export type ConfigTree = {
  /** Maps as objects with snake_case keys, lists as arrays, and scalars. */
  readonly value: unknown;
  /** The problem at `path`: placed at its value, or at what holds it where there is none. */
  readonly problemAt: (path: ConfigPath, found: string, wanted: string) => ConfigProblem;
  /** The problem of the key at the end of `path`. */
  readonly problemOfKey: (path: ConfigPath, found: string, wanted: string) => ConfigProblem;
  /** Flaws of the text itself; the value is not to be used when there are any. */
  readonly problems: readonly ConfigProblem[];
};

/** Keys that posts spell otherwise. */
const SYNONYMS: Readonly<Record<string, string>> = {
  persistence_configurations: "persistence_configuration",
};
/** More nested than any configuration: past it, anchors refer to what holds them. */
const DEPTH_MAX = 32;
/**
 * Most nodes with what aliases stand for: a few lines of anchors upon anchors would mean billions. The parser's own
 * limit is no use here: it allows a hundred uses of an anchor, and a hundred namespaces may well share one.
 */
const NODES_MAX = 100_000;

/** Reads the text. Never throws. */
export function readConfigText(text: string): ConfigTree {
  const plain = readAs(text, 0);
  // As the published example is printed: the inside of a JSON object, whose braces were left out.
  if (plain.problems.length === 0 || !/^\s*"[^"\n]*"\s*:/m.test(text)) return plain;
  const braced = readAs(`{ ${text}\n}`, 2);
  return braced.problems.length === 0 ? braced : plain;
}

/** Reads YAML, before whose first line `shift` characters were put that are not the author's. */
function readAs(text: string, shift: number): ConfigTree {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const targets = aliasTargets(document);
  const reader = new TreeReader((node) => (isAlias(node) ? targets.get(node) : node));
  const value = reader.read(document.contents, [], "", 0);
  const problem = (offset: number, path: string, found: string, wanted: string): ConfigProblem => {
    const { line, col } = lines.linePos(offset);
    return { path, line, column: line === 1 ? Math.max(1, col - shift) : col, found, wanted };
  };
  const problemAt: ConfigTree["problemAt"] = (path, found, wanted) => {
    const { value: offset, written } = reader.placeOf(path);
    return problem(offset, written, found, wanted);
  };
  const problemOfKey: ConfigTree["problemAt"] = (path, found, wanted) => {
    const { key, written } = reader.placeOf(path);
    return problem(key, written, found, wanted);
  };
  // The first alone: what follows it is mostly its consequence.
  const syntax = [...document.errors, ...document.warnings]
    .slice(0, 1)
    .map(({ message, pos }) =>
      problem(pos[0], "", `no YAML: ${message}`, "a YAML or JSON document"),
    );
  const doubled = reader.doubled.map((path) =>
    problemOfKey(path, "there twice", "each key once, in one spelling"),
  );
  const overfull = (reader.full ?? []).map((path) =>
    problemAt(path, `more than ${NODES_MAX} values`, "fewer, what aliases stand for among them"),
  );
  return { value, problemAt, problemOfKey, problems: [...syntax, ...doubled, ...overfull] };
}

/** What each alias stands for: the last node before it that has its anchor. One pass, however many there are. */
function aliasTargets(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_key, node) => {
      const target = isAlias(node) ? anchors.get(node.source) : undefined;
      if (isAlias(node)) {
        if (target !== undefined) targets.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

/** Where something stands, and what its path looks like to who wrote it. */
type Place = { readonly value: number; readonly key: number; readonly written: string };

/** Turns nodes into values and notes where each stood. */
class TreeReader {
  /** Paths whose key stood twice under one name. */
  readonly doubled: ConfigPath[] = [];
  /** In what of the document it had read as much as it may; undefined where it has read all. */
  full: readonly [ConfigPath] | undefined;
  #nodes = 0;
  readonly #places = new Map<string, Place>();
  readonly #resolve: (node: Node) => Node | undefined;

  constructor(resolve: (node: Node) => Node | undefined) {
    this.#resolve = resolve;
  }

  /** Where the path stands, or the nearest thing that holds it. */
  placeOf(path: ConfigPath): Place {
    for (let length = path.length; length > 0; length -= 1) {
      const place = this.#places.get(JSON.stringify(path.slice(0, length)));
      if (place === undefined) continue;
      return { ...place, written: path.slice(length).reduce(join, place.written) };
    }
    return { value: 0, key: 0, written: path.reduce(join, "") };
  }

  /** The value of a node; `path` is where it stands by snake_case keys, `written` by the author's. */
  read(node: Node | null, path: ConfigPath, written: string, depth: number): unknown {
    const target = node === null ? undefined : this.#resolve(node);
    this.#nodes += 1;
    if (this.#nodes > NODES_MAX) this.full ??= [path.slice(0, 1)];
    if (this.full !== undefined || target === undefined || depth > DEPTH_MAX) return null;
    if (isMap(target)) return this.#readMap(target.items, path, written, depth + 1);
    if (!isSeq(target)) return isScalar(target) ? target.value : null;
    return target.items.map((item, i) => {
      const here = [...path, i];
      const offset = startOf(item);
      const place = { value: offset, key: offset, written: join(written, i) };
      this.#places.set(JSON.stringify(here), place);
      return this.read(item as Node, here, place.written, depth + 1);
    });
  }

  #readMap(
    pairs: readonly { readonly key: unknown; readonly value: unknown }[],
    path: ConfigPath,
    written: string,
    depth: number,
  ): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const { key, value } of pairs) {
      const spelled = isScalar(key) ? String(key.value) : shown(key);
      const name = snakeCase(spelled);
      const here = [...path, name];
      if (Object.hasOwn(result, name)) this.doubled.push(here);
      const place = {
        value: value === null ? startOf(key) : startOf(value),
        key: startOf(key),
        written: join(written, spelled),
      };
      this.#places.set(JSON.stringify(here), place);
      const read = this.read(value as Node | null, here, place.written, depth);
      // Not an assignment: a key may be called __proto__.
      Object.defineProperty(result, name, {
        value: read,
        enumerable: true,
        configurable: true,
      });
    }
    return result;
  }
}

function startOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

function join(before: string, part: string | number): string {
  if (typeof part === "number") return `${before}[${part}]`;
  return before === "" ? part : `${before}.${part}`;
}

/** `consistencyScope` and `GetItems` as `consistency_scope` and `get_items`. */
function snakeCase(key: string): string {
  const snake = /^[A-Z_]+$/.test(key)
    ? key.toLowerCase()
    : key.replace(
        /[A-Z]/g,
        (letter, at: number) => `${at === 0 ? "" : "_"}${letter.toLowerCase()}`,
      );
  return Object.hasOwn(SYNONYMS, snake) ? (SYNONYMS[snake] as string) : snake;
}
