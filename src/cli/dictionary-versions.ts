/** `kvdal dictionary list`, `roll` and `retire`: which versions there are, and what each is used for. */
import { Command } from "commander";
import type { DictionaryVersion } from "../model/dictionary.ts";
import { withCurrent, without, withRetired } from "../policy/roll-dictionary.ts";
import type { DictionaryVersions } from "../ports/dictionary-store.ts";
import { onStore, type StoreOptions, versionLine, withStoreOptions } from "./dictionary-store.ts";
import { print } from "./print.ts";

/** The command `list`. */
export function listCommand(): Command {
  const command = new Command("list")
    .description("Lists the versions, in the order in which they were added.")
    .argument("[namespace]", "only those of this namespace");
  return withStoreOptions(command).action(
    async (namespace: string | undefined, options: StoreOptions) => {
      const versions = await onStore(options, (store) => store.list());
      show(options, namespace === undefined ? versions : of(namespace, versions));
    },
  );
}

/** The command `roll`. */
export function rollCommand(): Command {
  const command = new Command("roll")
    .description("Makes a dictionary current: new values of the namespace are compressed with it.")
    .argument("<namespace>")
    .option("--id <id>", "this one, also an old one; default: the newest that is new");
  return withStoreOptions(command).action(
    async (namespace: string, options: StoreOptions & { readonly id?: string }) => {
      const versions = await onStore(options, (store) =>
        store.change((versions) => withCurrent(versions, namespace, options.id)),
      );
      show(options, of(namespace, versions));
    },
  );
}

/** The command `retire`. */
export function retireCommand(): Command {
  const command = new Command("retire")
    .description("Sees to it that a dictionary is not used for new values again.")
    .argument("<namespace>")
    .argument("<id>")
    .option("--remove", "delete a retired one: values compressed with it CANNOT BE READ any more");
  return withStoreOptions(command).action(
    async (
      namespace: string,
      id: string,
      options: StoreOptions & { readonly remove?: boolean },
    ) => {
      const step = options.remove === true ? without : withRetired;
      const versions = await onStore(options, (store) =>
        store.change((versions) => step(versions, namespace, id)),
      );
      show(options, of(namespace, versions));
    },
  );
}

function of(namespace: string, versions: DictionaryVersions): readonly DictionaryVersion[] {
  return versions.filter((one) => one.namespace === namespace);
}

function show(options: StoreOptions, versions: readonly DictionaryVersion[]): void {
  const none = `no dictionaries in ${options.store}`;
  print(options, versions, versions.length === 0 ? [none] : versions.map(versionLine));
}
