/** A configuration as a whole: text in, typed namespaces or every flaw out (NS-1, NS-2). */
import type { z } from "zod";
import { type ConfigProblem, nearest, oneOf, shown } from "./config-problem.ts";
import { namespaceSchema } from "./config-schema.ts";
import { type ConfigPath, type ConfigTree, readConfigText } from "./config-text.ts";
import type { NamespaceConfig, StorageTier } from "./namespace-config.ts";
import { isSamePlace, typeNamespace } from "./type-namespace.ts";

/** What became of a text. */
export type ConfigReading =
  | { readonly kind: "ok"; readonly namespaces: readonly NamespaceConfig[] }
  /** At least one, in the order in which they stand. */
  | { readonly kind: "refused"; readonly problems: readonly ConfigProblem[] };

/**
 * Reads the configuration of one namespace, or of a list of them under `namespaces`. `fileName` names a single
 * namespace that has no other name. Never throws.
 */
export function readNamespaces(text: string, fileName?: string): ConfigReading {
  const tree = readConfigText(text);
  if (tree.problems.length > 0) return { kind: "refused", problems: tree.problems };
  const problems: ConfigProblem[] = [];
  const found = parts(tree, problems).map(({ value, path }) => ({
    path,
    config: readOne(value, path, path.length === 0 ? fileName : undefined, tree, problems),
  }));
  const namespaces = found.flatMap(({ config }) => (config === undefined ? [] : [config]));
  checkTogether(found, tree, problems);
  if (problems.length === 0) return { kind: "ok", namespaces };
  const inOrder = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { kind: "refused", problems: inOrder };
}

/** The single namespaces, each with its path. */
function parts(
  tree: ConfigTree,
  problems: ConfigProblem[],
): readonly { readonly value: unknown; readonly path: ConfigPath }[] {
  const { value } = tree;
  if (typeof value !== "object" || value === null || !("namespaces" in value)) {
    return [{ value, path: [] }];
  }
  const { namespaces, ...others } = value;
  for (const key of Object.keys(others)) {
    problems.push(tree.problemOfKey([key], "beside namespaces", "it in one of the namespaces"));
  }
  if (Array.isArray(namespaces)) {
    return namespaces.map((one: unknown, i) => ({ value: one, path: ["namespaces", i] }));
  }
  problems.push(tree.problemAt(["namespaces"], shown(namespaces), "a list of namespaces"));
  return [];
}

function readOne(
  value: unknown,
  path: ConfigPath,
  fileName: string | undefined,
  tree: ConfigTree,
  problems: ConfigProblem[],
): NamespaceConfig | undefined {
  const read = namespaceSchema.safeParse(value);
  if (!read.success) {
    for (const issue of read.error.issues) problems.push(...problemsOf(issue, path, value, tree));
    return undefined;
  }
  return typeNamespace(read.data, fileName, (at, found, wanted) => {
    problems.push(tree.problemAt([...path, ...at], found, wanted));
  });
}

/** What the schema found, in the words of every other refusal. */
function problemsOf(
  issue: z.core.$ZodIssue,
  base: ConfigPath,
  value: unknown,
  tree: ConfigTree,
): readonly ConfigProblem[] {
  const inside = issue.path as ConfigPath;
  const path = [...base, ...inside];
  const found = inside.reduce(valueIn, value);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      tree.problemOfKey([...path, key], "an unknown key", keyWanted(key, inside, value)),
    );
  }
  return [tree.problemAt(path, shown(found), wantedOf(issue, found))];
}

function wantedOf(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code === "invalid_value") return wordWanted(found, issue.values.map(String));
  if (issue.code === "invalid_union") return wordWanted(found, TIER_IDS);
  if (issue.code === "invalid_type") return TYPE_WORDS[issue.expected] ?? `a ${issue.expected}`;
  return issue.message;
}

const TIER_IDS: readonly string[] = ["PRIMARY_STORAGE", "CACHE", "CHUNK_STORAGE", "SHADOW_STORAGE"];
const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: "a group of keys",
  array: "a list",
  boolean: "true or false",
};

function wordWanted(found: unknown, words: readonly string[]): string {
  const meant = typeof found === "string" ? nearest(found, words) : undefined;
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `${oneOf(words)}${hint}`;
}

/** The keys that the schema knows at that place, and the one that was probably meant. */
function keyWanted(key: string, inside: ConfigPath, value: unknown): string {
  const known = keysAt(inside, value);
  const meant = nearest(key, known);
  return meant === undefined ? `one of ${oneOf(known)}` : `a known one; did you mean ${meant}?`;
}

/** Follows the path through the schema, choosing among tiers by the id that stands there. */
function keysAt(inside: ConfigPath, value: unknown): readonly string[] {
  let schema: Schema = namespaceSchema as unknown as Schema;
  let here = value;
  for (const part of [...inside, undefined]) {
    schema = unwrapped(schema, here);
    if (part === undefined) break;
    here = valueIn(here, part);
    schema = schema.def.element ?? schema.def.shape?.[part] ?? schema;
  }
  return Object.keys(schema.def.shape ?? {});
}

/** What is looked at of a schema. */
type Schema = {
  readonly def: {
    readonly innerType?: Schema;
    readonly element?: Schema;
    readonly shape?: Readonly<Record<string, Schema>>;
    readonly options?: readonly Schema[];
    readonly values?: readonly unknown[];
  };
};

function unwrapped(schema: Schema, value: unknown): Schema {
  const { innerType, options } = schema.def;
  if (innerType !== undefined) return unwrapped(innerType, value);
  if (options === undefined) return schema;
  const id = valueIn(value, "id");
  return options.find((one) => one.def.shape?.["id"]?.def.values?.includes(id)) ?? schema;
}

function valueIn(value: unknown, part: string | number): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
  return (value as Record<string | number, unknown>)[part];
}

/** Names that two namespaces claim, and tables that two tiers would share (DATA-6). */
function checkTogether(
  found: readonly { readonly config: NamespaceConfig | undefined; readonly path: ConfigPath }[],
  tree: ConfigTree,
  problems: ConfigProblem[],
): void {
  const names = new Map<string, string>();
  const types = new Map<string, string>();
  const places = new Map<string, string>();
  const claim = (claimed: Map<string, string>, what: string, by: string, at: ConfigPath): void => {
    const first = claimed.get(what);
    claimed.set(what, first ?? by);
    if (first === undefined) return;
    problems.push(tree.problemAt(at, `${what}, which is ${first}'s`, "one that is nobody's yet"));
  };
  for (const { config, path } of found) {
    if (config === undefined) continue;
    const { options, aliases, primary, chunks, shadow } = config;
    for (const tier of [primary, chunks, shadow]) {
      if (tier === undefined) continue;
      const known = types.get(tier.cluster) ?? tier.type;
      types.set(tier.cluster, known);
      if (known === tier.type) continue;
      const flaw = `cluster ${tier.cluster} as ${tier.type}`;
      problems.push(
        tree.problemAt([...path, "persistence_configuration"], flaw, `${known}, as elsewhere`),
      );
    }
    claim(names, options.name, options.name, [...path, "name"]);
    for (const [i, alias] of aliases.entries()) {
      claim(names, alias, options.name, [...path, "aliases", i]);
    }
    const tiers = [primary, { ...primary, ...chunks, table: `${primary.table}_chunks` }, shadow];
    for (const tier of tiers) {
      if (tier === undefined) continue;
      if (tier === shadow && isSamePlace(shadow, primary)) continue;
      claim(places, placeName(tier), options.name, [...path, "persistence_configuration"]);
    }
  }
}

function placeName({ cluster, dataset, table }: StorageTier): string {
  const where = dataset === undefined ? cluster : `${cluster}/${dataset}`;
  return `table ${table} of ${where}`;
}
