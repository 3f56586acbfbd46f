/** Dictionaries as a case has them come, roll and go: those of the servers, or of a client. */
import type { Dictionaries } from "kvdal/client";

/** Dictionaries that change at once, of any namespace. */
export type DictionaryTable = Dictionaries & {
  /** Adds one; new values are compressed with it from now on. */
  readonly roll: (namespace: string, id: string, content: Uint8Array) => void;
  readonly remove: (namespace: string, id: string) => void;
};

/** A table without any. */
export function dictionaryTable(): DictionaryTable {
  const contents = new Map<string, Uint8Array>();
  const current = new Map<string, string>();
  const find: Dictionaries["find"] = (namespace, id) => contents.get(`${namespace} ${id}`);
  return {
    current: (namespace) => current.get(namespace),
    find,
    fetch: async (namespace, id) => find(namespace, id),
    roll: (namespace, id, content) => {
      contents.set(`${namespace} ${id}`, content);
      current.set(namespace, id);
    },
    remove: (namespace, id) => {
      contents.delete(`${namespace} ${id}`);
    },
  };
}
