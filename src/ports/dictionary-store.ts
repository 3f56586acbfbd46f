import type { DictionaryVersion } from "../model/dictionary.ts";

/** The list of versions, before a change or after it, in the order in which they were added. */
export type DictionaryVersions = readonly DictionaryVersion[];

/** Where dictionaries are kept. Failures reject with a plain Error that says what was found and what is wanted. */
export type DictionaryStore = {
  /** Every version of every namespace, in the order in which they were added. */
  readonly list: () => Promise<DictionaryVersions>;
  /** New bytes; undefined when it is gone. Rejects when they are not what the id says. */
  readonly read: (id: string) => Promise<Uint8Array | undefined>;
  /** The id of this content, which is kept from now on; a version has to name it before the next removal. */
  readonly keep: (content: Uint8Array) => Promise<string>;
  /**
   * Replaces the list by what `decide` makes of it, at once and wholly, or not at all. Content that no version names
   * any more is removed afterwards. One change at a time; what `decide` throws comes back as it is.
   */
  readonly change: (
    decide: (versions: DictionaryVersions) => DictionaryVersions,
  ) => Promise<DictionaryVersions>;
};
