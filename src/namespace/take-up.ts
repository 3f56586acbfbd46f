/** Taking up a configuration: what is new or changed is provisioned and served, what contradicts is refused (NS-5). */
import { asKvError, KvError } from "../model/error.ts";
import { contradiction } from "./contradiction.ts";
import type { NamespaceConfig } from "./namespace-config.ts";
import { namespaceSnapshot, type NamespaceSnapshot, type ServedNamespace } from "./registry.ts";
import { provisionNamespace } from "./provision.ts";
import { type RoutedNamespace, type RouteParts, routeNamespace } from "./route-namespace.ts";

/** Namespaces in force, by their own names, and the aliases in force with them. */
export type InForce = {
  readonly namespaces: ReadonlyMap<string, RoutedNamespace>;
  /** Alias to own name. */
  readonly aliases: ReadonlyMap<string, string>;
};

/** Why a namespace of the document is not in force. */
export type RefusedNamespace = {
  readonly namespace: string;
  readonly why: string;
  /** It may do when tried again: an engine did not answer. */
  readonly passes: boolean;
};

/** What a document came to. */
export type TakenUp = {
  readonly next: InForce;
  readonly refused: readonly RefusedNamespace[];
  /** Own names of namespaces that are new or changed, and of those that are gone. */
  readonly changed: readonly string[];
  readonly gone: readonly string[];
};

/** Nothing in force yet. */
export const NOTHING_IN_FORCE: InForce = { namespaces: new Map(), aliases: new Map() };

/**
 * Brings what is in force to what the document says. A namespace that is refused stays as it was, or away; the
 * others are taken. Nothing is served yet: that is one step, after all of them.
 */
export async function takeUp(
  present: InForce,
  configs: readonly NamespaceConfig[],
  parts: RouteParts,
): Promise<TakenUp> {
  const namespaces = new Map<string, RoutedNamespace>();
  const refused: RefusedNamespace[] = [];
  const changed: string[] = [];
  const names = new Set(configs.map(({ options }) => options.name));
  const staying = [...present.namespaces.values()].filter((one) => names.has(one.namespace.name));
  for (const config of configs) {
    const { name } = config.options;
    const old = present.namespaces.get(name);
    try {
      const others = [...staying, ...namespaces.values()].filter((one) => one !== old);
      const routed = await takeOne(old, config, others, parts);
      namespaces.set(name, routed);
      if (routed !== old) changed.push(name);
    } catch (thrown) {
      const error = asKvError(thrown);
      refused.push({ namespace: name, why: error.message, passes: error.retry !== "never" });
      if (old !== undefined) namespaces.set(name, old);
    }
  }
  const gone = [...present.namespaces.keys()].filter((name) => !namespaces.has(name));
  const aliases = aliasesOf(configs, namespaces, present.aliases);
  return { next: { namespaces, aliases }, refused, changed, gone };
}

/** What the service is given of it. */
export function snapshotOf({ namespaces, aliases }: InForce, version: string): NamespaceSnapshot {
  const served = [...namespaces.values()].map(
    ({ namespace }): ServedNamespace => ({
      namespace,
      aliases: [...aliases].flatMap(([alias, name]) => (name === namespace.name ? [alias] : [])),
    }),
  );
  return namespaceSnapshot(version, served);
}

async function takeOne(
  old: RoutedNamespace | undefined,
  config: NamespaceConfig,
  others: readonly RoutedNamespace[],
  parts: RouteParts,
): Promise<RoutedNamespace> {
  if (old !== undefined && isSameBesideAliases(old.config, config)) return old;
  const flaw = old === undefined ? undefined : contradiction(old.config, config);
  if (flaw !== undefined) throw refusal(config, flaw);
  const routed = routeNamespace(config, parts);
  const other = others.find((one) => sharesTable(one, routed));
  if (other !== undefined) {
    const { table } = routed.namespace;
    throw refusal(config, `table is ${table}, wanted one that is not ${other.namespace.name}'s`);
  }
  await provisionNamespace(routed.namespace, parts.env);
  return routed;
}

/** Two datasets of one cluster may turn out to be one engine (DATA-6). */
function sharesTable(a: RoutedNamespace, b: RoutedNamespace): boolean {
  return a.tables.some((one) =>
    b.tables.some((other) => one.engine === other.engine && one.table === other.table),
  );
}

function isSameBesideAliases(a: NamespaceConfig, b: NamespaceConfig): boolean {
  const rest = ({ aliases: _aliases, ...others }: NamespaceConfig): string =>
    JSON.stringify(others);
  return rest(a) === rest(b);
}

/** An alias whose new target is not served stays where it was, if that is. */
function aliasesOf(
  configs: readonly NamespaceConfig[],
  served: ReadonlyMap<string, RoutedNamespace>,
  present: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const { options, aliases: own } of configs) {
    for (const alias of own) {
      const target = served.has(options.name) ? options.name : present.get(alias);
      if (target !== undefined && served.has(target)) aliases.set(alias, target);
    }
  }
  return aliases;
}

function refusal(config: NamespaceConfig, flaw: string): KvError {
  return new KvError("INVALID_ARGUMENT", `namespace ${config.options.name}: ${flaw}`);
}
