/** The running service's view of its namespaces: one snapshot at a time, replaced as a whole (NS-3, NS-4, NS-5). */
import { KvError } from "../model/error.ts";
import type { Namespace } from "./namespace.ts";

/** A namespace and the other names under which callers reach it. */
export type ServedNamespace = {
  readonly namespace: Namespace;
  readonly aliases: readonly string[];
};

/** All namespaces of one moment. Never changes: whoever looks names up in one snapshot sees no flip in between. */
export type NamespaceSnapshot = {
  /** Which configuration it comes from. */
  readonly version: string;
  readonly served: readonly ServedNamespace[];
  /** The namespace of this name or alias. */
  readonly find: (name: string) => Namespace | undefined;
  /** The namespace whose own name this is. */
  readonly own: (name: string) => Namespace | undefined;
};

/** Where the service looks: the present snapshot, once a request. */
export type NamespaceRegistry = { readonly current: () => NamespaceSnapshot };

/** A registry that can be given another snapshot; from then on every request sees the new one, and none both. */
export type ReplaceableRegistry = NamespaceRegistry & {
  readonly replace: (snapshot: NamespaceSnapshot) => void;
};

/** The snapshot of these. Throws INVALID_ARGUMENT for a name that stands twice: one would be served as the other. */
export function namespaceSnapshot(
  version: string,
  served: readonly ServedNamespace[],
): NamespaceSnapshot {
  const own = new Map(served.map(({ namespace }) => [namespace.name, namespace]));
  const all = new Map<string, Namespace>();
  for (const { namespace, aliases } of served) {
    for (const name of [namespace.name, ...aliases]) {
      if (!all.has(name)) {
        all.set(name, namespace);
        continue;
      }
      const found = `${name} names ${all.get(name)?.name} and ${namespace.name}`;
      throw new KvError("INVALID_ARGUMENT", `${found}, wanted each name and alias once`);
    }
  }
  return { version, served, find: (name) => all.get(name), own: (name) => own.get(name) };
}

/** A registry that begins with this snapshot. */
export function namespaceRegistry(first: NamespaceSnapshot): ReplaceableRegistry {
  let snapshot = first;
  return {
    current: () => snapshot,
    replace: (next) => {
      snapshot = next;
    },
  };
}

/** A registry of namespaces that never change and have no aliases. */
export function fixedNamespaces(namespaces: readonly Namespace[]): NamespaceRegistry {
  const served = namespaces.map((namespace) => ({ namespace, aliases: [] }));
  return namespaceRegistry(namespaceSnapshot("fixed", served));
}
