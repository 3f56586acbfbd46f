/** Configurations as cases write them. */

/** What a case says of a namespace: fields of its configuration, in the published names. */
export type ConfiguredNamespace = {
  /** Labels of names that it is to have beside its own. */
  readonly aliases?: readonly string[];
  /** Of its primary's physical_storage, beside cluster `main`. */
  readonly storage?: Readonly<Record<string, unknown>>;
  /** Further tiers, by id: their physical_storage. */
  readonly tiers?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Other fields of the namespace. */
  readonly fields?: Readonly<Record<string, unknown>>;
};

/** The text of a configuration of these namespaces. JSON is YAML. */
export function documentOf(
  wish: Readonly<Record<string, ConfiguredNamespace>>,
  nameOf: (label: string) => string,
): string {
  const namespaces = Object.entries(wish).map(([label, one]) => {
    const { aliases = [], storage = {}, tiers = {}, fields = {} } = one;
    const primary = { type: "MEMORY", cluster: "main", ...storage };
    const all: typeof tiers = { PRIMARY_STORAGE: primary, ...tiers };
    return {
      name: nameOf(label),
      aliases: aliases.map(nameOf),
      ...fields,
      persistence_configuration: Object.entries(all).map(([id, place]) => ({
        id,
        physical_storage: place,
      })),
    };
  });
  return JSON.stringify({ namespaces }, undefined, 2);
}
