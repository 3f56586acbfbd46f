/**
 * How the versions of a namespace's dictionary follow each other (COMP-3): added as new, made current, replaced,
 * retired, removed. Each step takes the whole list and returns the next one, or throws INVALID_ARGUMENT.
 */
import type { DictionaryState, DictionaryVersion } from "../model/dictionary.ts";
import { KvError } from "../model/error.ts";

type Versions = readonly DictionaryVersion[];

/** Adds a version as new. One with the same content that is there already stays as it is. */
export function withNew(versions: Versions, added: Omit<DictionaryVersion, "state">): Versions {
  if (versions.some((one) => isSame(one, added.namespace, added.id))) return versions;
  return [...versions, { ...added, state: "new" }];
}

/** Makes a version current, by default the newest new one; the one that was becomes old. */
export function withCurrent(versions: Versions, namespace: string, id?: string): Versions {
  const chosen = id === undefined ? newestNew(versions, namespace) : find(versions, namespace, id);
  if (chosen.state === "retired") throw refused(chosen, "wanted one that is not retired");
  return versions.map((one) => {
    if (one === chosen) return { ...one, state: "current" };
    if (one.namespace === namespace && one.state === "current") return { ...one, state: "old" };
    return one;
  });
}

/** Retires a version, also the current one: the namespace's values are then compressed without dictionary. */
export function withRetired(versions: Versions, namespace: string, id: string): Versions {
  const chosen = find(versions, namespace, id);
  return versions.map((one) => (one === chosen ? { ...one, state: "retired" } : one));
}

/** Takes a retired version out. What was compressed with it cannot be read from then on. */
export function without(versions: Versions, namespace: string, id: string): Versions {
  const chosen = find(versions, namespace, id);
  if (chosen.state !== "retired") throw refused(chosen, "wanted one that is retired");
  return versions.filter((one) => one !== chosen);
}

/** The version that new values are compressed with; undefined for none. */
export function currentOf(versions: Versions, namespace: string): DictionaryVersion | undefined {
  return versions.find((one) => one.namespace === namespace && one.state === "current");
}

function newestNew(versions: Versions, namespace: string): DictionaryVersion {
  const state: DictionaryState = "new";
  const newest = versions.findLast((one) => one.namespace === namespace && one.state === state);
  if (newest !== undefined) return newest;
  const wanted = "wanted one that is new, or an id";
  throw new KvError("INVALID_ARGUMENT", `${known(versions, namespace)}, ${wanted}`);
}

function find(versions: Versions, namespace: string, id: string): DictionaryVersion {
  const found = versions.find((one) => isSame(one, namespace, id));
  if (found !== undefined) return found;
  throw new KvError("INVALID_ARGUMENT", `no dictionary ${id}: ${known(versions, namespace)}`);
}

function isSame(one: DictionaryVersion, namespace: string, id: string): boolean {
  return one.namespace === namespace && one.id === id;
}

function known(versions: Versions, namespace: string): string {
  const own = versions.filter((one) => one.namespace === namespace);
  const list = own.map(({ id, state }) => `${id} (${state})`).join(", ");
  return `namespace ${namespace} has ${list === "" ? "no dictionaries" : `the dictionaries ${list}`}`;
}

function refused({ id, namespace, state }: DictionaryVersion, wanted: string): KvError {
  const found = `dictionary ${id} of namespace ${namespace} is ${state}`;
  return new KvError("INVALID_ARGUMENT", `${found}, ${wanted}`);
}
