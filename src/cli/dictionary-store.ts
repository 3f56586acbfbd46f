/** What the verbs of `kvdal dictionary` share: the store, its option, how they report and refuse. */
import type { Command } from "commander";
import type { DictionaryVersion } from "../model/dictionary.ts";
import { KvError } from "../model/error.ts";
import type { DictionaryStore } from "../ports/dictionary-store.ts";
import { fileDictionaries } from "../system/file-dictionaries.ts";
import { CliError, EXIT_FAILED, EXIT_USAGE } from "./exit.ts";

/** Options of every verb. */
export type StoreOptions = { readonly store: string; readonly json?: boolean };

const STORE_DEFAULT = ".kvdal/dictionaries";

/** Adds them. */
export function withStoreOptions(command: Command): Command {
  return command
    .option("--store <folder>", "where dictionaries are kept", STORE_DEFAULT)
    .option("--json", "print JSON, and nothing else");
}

/** Does the verb's work over the store; what is refused or fails there ends the program with its message alone. */
export async function onStore<T>(
  { store }: StoreOptions,
  work: (store: DictionaryStore) => Promise<T>,
): Promise<T> {
  try {
    return await work(fileDictionaries(store));
  } catch (error) {
    if (error instanceof KvError && error.code === "INVALID_ARGUMENT") {
      throw new CliError(EXIT_USAGE, error.message);
    }
    // The store's own failures are plain errors; any other class is a fault of this program.
    if (error instanceof Error && error.constructor === Error) {
      throw new CliError(EXIT_FAILED, error.message);
    }
    throw error;
  }
}

/** A line for people. */
export function versionLine({ namespace, id, state, bytes, gain }: DictionaryVersion): string {
  const share = (part: number): string => `${((100 * part) / gain.originalBytes).toFixed(1)} %`;
  const saves = `${share(gain.dictionaryBytes)} of the original, ${share(gain.plainBytes)} without`;
  const head = `${namespace.padEnd(20)} ${id}  ${state.padEnd(7)}`;
  return `${head} ${`${bytes}`.padStart(7)} bytes  ${saves} (${gain.samples} samples)`;
}
