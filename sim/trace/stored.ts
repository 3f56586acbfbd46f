/** Who last changed what, at each replica and in the cache: what a later read there depends on. */
import type { Partition } from "kvdal/engine";

/** A change that may show in a read: the event in which it was made, and the keys that it is about. */
type Change = { readonly event: number; readonly keys: readonly number[] };

/** Changes by place, the last of each key. */
export class Stored {
  /** By node, table and record; then by key, or `all` for what is about keys that the world does not know. */
  readonly #changes = new Map<string, Map<number, Change>>();
  readonly #cached = new Map<string, number>();

  /** A replica has taken in a change. */
  changed(node: number, at: Partition, change: Change): void {
    const name = nameOf(node, at);
    const known = this.#changes.get(name) ?? new Map<number, Change>();
    this.#changes.set(name, known);
    for (const key of change.keys.length === 0 ? [ALL] : change.keys) known.set(key, change);
  }

  /** The changes that a read of a record there may show; all of the table's where no record is named. */
  seenBy(
    node: number,
    { table, id }: { readonly table: string; readonly id?: string },
  ): readonly number[] {
    const names =
      id === undefined
        ? [...this.#changes.keys()].filter((name) =>
            name.startsWith(nameOf(node, { table, id: "" })),
          )
        : [nameOf(node, { table, id })];
    const changes = names.flatMap((name) => [...(this.#changes.get(name)?.values() ?? [])]);
    return [...new Set(changes.map(({ event }) => event))];
  }

  /** The cache has a new entry, from this event. */
  cached(key: string, event: number): void {
    this.#cached.set(key, event);
  }

  /** What the cache has under a key. */
  inCache(key: string): readonly number[] {
    return [this.#cached.get(key) ?? []].flat();
  }

  flush(): void {
    this.#cached.clear();
  }
}

const ALL = -1;

function nameOf(node: number, { table, id }: Partition): string {
  return `${node} ${table} ${id}`;
}
