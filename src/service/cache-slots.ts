/**
 * The names under which the cache tier keeps things: kind 1, length of the namespace's name 1, name, length of the id
 * 2, id, and what is left. No two things have one name, so namespaces and records never meet (DATA-6).
 */
import { concatBytes, EMPTY_BYTES, toHex, utf8 } from "../model/bytes.ts";
import type { Mutation } from "../ports/storage-engine.ts";

/** A place in the cache. Equal slots need not be the same object; `text` tells. */
export type Slot = { readonly name: Uint8Array; readonly text: string };

/** What slots hold. */
export const SLOT_KIND = {
  /** The stamp that deletions of ranges and records change. */
  deletions: 1,
  /** The stamp that every change of a record changes. */
  changes: 2,
  /** The stamp of one item. */
  itemStamp: 3,
  /** Entries. */
  item: 4,
  record: 5,
  chunks: 6,
} as const;

type Kind = (typeof SLOT_KIND)[keyof typeof SLOT_KIND];

/** The slots of one namespace. */
export class Slots {
  readonly #namespace: Uint8Array;

  constructor(namespace: string) {
    const name = utf8(namespace);
    this.#namespace = concatBytes(Uint8Array.of(name.length), name);
  }

  deletions(id: string): Slot {
    return this.#slot(SLOT_KIND.deletions, id, EMPTY_BYTES);
  }

  changes(id: string): Slot {
    return this.#slot(SLOT_KIND.changes, id, EMPTY_BYTES);
  }

  itemStamp(id: string, key: Uint8Array): Slot {
    return this.#slot(SLOT_KIND.itemStamp, id, key);
  }

  item(id: string, key: Uint8Array): Slot {
    return this.#slot(SLOT_KIND.item, id, key);
  }

  record(id: string): Slot {
    return this.#slot(SLOT_KIND.record, id, EMPTY_BYTES);
  }

  /** Some chunks of one partition of the chunk store. */
  chunks(id: string, start: Uint8Array, end: Uint8Array): Slot {
    return this.#slot(SLOT_KIND.chunks, id, concatBytes(start, end));
  }

  /**
   * The stamps that entries depend on which these changes make untrue: of items by their keys, of the whole record by
   * any, and of items that nobody lists by a deletion of a range or of the record (CACHE-4).
   */
  changedBy(id: string, mutations: readonly Mutation[]): readonly Slot[] {
    const keys: Uint8Array[] = [];
    let all = mutations.length > ITEM_STAMPS_MAX;
    for (const mutation of mutations) {
      if (mutation.kind === "put") keys.push(mutation.row.key);
      else if (mutation.kind === "delete_key") keys.push(mutation.key);
      else all = true;
    }
    const items = all ? [this.deletions(id)] : keys.map((key) => this.itemStamp(id, key));
    return [this.changes(id), ...items];
  }

  #slot(kind: Kind, id: string, rest: Uint8Array): Slot {
    const record = utf8(id);
    const length = Uint8Array.of(record.length >>> 8, record.length);
    const name = concatBytes(Uint8Array.of(kind), this.#namespace, length, record, rest);
    return { name, text: toHex(name) };
  }
}

/** A write of more items changes the one stamp that all of the record's items depend on. */
const ITEM_STAMPS_MAX = 16;
