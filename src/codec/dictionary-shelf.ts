/** Dictionaries in memory, as compression wants them: looked up at once, and read again when one is missing. */
import { KvError } from "../model/error.ts";
import { currentOf } from "../policy/roll-dictionary.ts";
import type { DictionaryStore, DictionaryVersions } from "../ports/dictionary-store.ts";
import type { Dictionaries } from "./codec-parts.ts";

/** Dictionaries of a store, of all its namespaces. */
export type DictionaryShelf = Dictionaries & {
  /**
   * Takes over what has changed in the store. One that cannot be read is missing until the next time; UNAVAILABLE when
   * the store does not even list them, and then nothing changes.
   */
  readonly refresh: () => Promise<void>;
};

/**
 * A shelf with all that the store has. It changes only by `refresh`, and by `fetch`, which refreshes first: whoever
 * wants to see a roll or a retirement soon calls `refresh` from time to time.
 */
export async function dictionaryShelf(store: DictionaryStore): Promise<DictionaryShelf> {
  let versions: DictionaryVersions = [];
  let contents = new Map<string, Uint8Array>();
  let unread = new Map<string, KvError>();
  let running: Promise<void> | undefined;

  async function load(): Promise<void> {
    const next = new Map<string, Uint8Array>();
    const failed = new Map<string, KvError>();
    const listed = await listOf(store);
    for (const { id } of listed) {
      try {
        const content = contents.get(id) ?? next.get(id) ?? (await store.read(id));
        if (content !== undefined) next.set(id, content);
      } catch (cause) {
        const message = `dictionary ${id} cannot be read: ${messageOf(cause)}`;
        failed.set(id, new KvError("DATA_LOSS", message, { cause }));
      }
    }
    versions = listed;
    contents = next;
    unread = failed;
  }

  /** Many may miss the same dictionary at the same time: they share one reading. */
  async function refresh(): Promise<void> {
    running ??= load().finally(() => {
      running = undefined;
    });
    await running;
  }

  function find(namespace: string, id: string): Uint8Array | undefined {
    const isListed = versions.some((one) => one.namespace === namespace && one.id === id);
    return isListed ? contents.get(id) : undefined;
  }

  await refresh();
  return {
    refresh,
    find,
    current: (namespace) => currentOf(versions, namespace)?.id,
    fetch: async (namespace, id) => {
      const joined = running !== undefined;
      await refresh();
      // A reading that was under way may have begun before the dictionary came.
      if (joined && find(namespace, id) === undefined) await refresh();
      const error = unread.get(id);
      if (error !== undefined) throw error;
      return find(namespace, id);
    },
  };
}

async function listOf(store: DictionaryStore): Promise<DictionaryVersions> {
  try {
    return await store.list();
  } catch (cause) {
    const message = `dictionaries cannot be listed: ${messageOf(cause)}`;
    throw new KvError("UNAVAILABLE", message, { cause });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
