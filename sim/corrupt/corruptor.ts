/**
 * Corruptors: each damages one answer in the history of a sound world, at a drawn place, as a bug somewhere on its way
 * would. What damages answers of one kind shares a helper here.
 */
import type { KeyedRandom } from "../world/keyed-random.ts";
import type { History, ReadRecord, SeenItem, WriteRecord } from "../check/history.ts";

/** A way to damage an answer. */
export type Corruptor = {
  readonly name: string;
  /** What it does, as part of a sentence. */
  readonly what: string;
  /** It is applied to worlds that all have two regions. */
  readonly hasRegions?: true;
  /** The history with one answer damaged; undefined where no answer can be damaged so. */
  readonly corrupt: (history: History, random: KeyedRandom) => History | undefined;
};

/** What the history is, beside the answer that is damaged. */
export type Means = { readonly history: History; readonly random: KeyedRandom };

/** The list with one of its entries changed: the first, from a drawn place on, that `change` has something for. */
export function changeOne<T>(
  all: readonly T[],
  random: KeyedRandom,
  change: (one: T) => T | undefined,
): readonly T[] | undefined {
  if (all.length === 0) return undefined;
  const first = random.below(all.length);
  for (let turn = 0; turn < all.length; turn += 1) {
    const at = (first + turn) % all.length;
    const changed = change(all[at] as T);
    if (changed !== undefined) return all.with(at, changed);
  }
  return undefined;
}

/** Damages one read that is no part of a scan. */
export function ofRead(
  change: (read: ReadRecord, means: Means) => ReadRecord | undefined,
): Corruptor["corrupt"] {
  return (history, random) => {
    const reads = changeOne(history.reads, random, (read) =>
      read.byScan ? undefined : change(read, { history, random }),
    );
    return reads && { ...history, reads };
  };
}

/** Replaces one item of one read: by others, by another, or by nothing. */
export function ofItem(
  change: (item: SeenItem, read: ReadRecord, means: Means) => readonly SeenItem[] | undefined,
): Corruptor["corrupt"] {
  return ofRead((read, means) => {
    if (read.items.length === 0) return undefined;
    const at = means.random.below(read.items.length);
    const instead = change(read.items[at] as SeenItem, read, means);
    return instead && { ...read, items: read.items.toSpliced(at, 1, ...instead) };
  });
}

/** The writes of a key that a reader can have met, newest token last. */
export function writesOf(
  { writes }: History,
  { record, ended }: ReadRecord,
  key: number,
): readonly WriteRecord[] {
  return writes
    .filter(
      (write) =>
        write.record === record &&
        (write.keys & (1 << key)) !== 0 &&
        write.begun < ended &&
        !write.refused,
    )
    .toSorted((a, b) => a.order.time - b.order.time);
}

/** A put's item of one key, as a sound reader would have been given it. */
export function itemOf(put: WriteRecord, key: number): SeenItem {
  return {
    key,
    valueFrom: put.operation,
    contentFrom: put.operation,
    writeTime: put.order.time,
    expiresAt: put.order.expiry,
    whole: true,
    chunked: (put.chunked & (1 << key)) !== 0,
    staging: "",
  };
}

/** The items with one more, in the read's order. */
export function withItem({ items, reverse }: ReadRecord, item: SeenItem): readonly SeenItem[] {
  const direction = reverse ? -1 : 1;
  return [...items, item].toSorted((a, b) => (a.key - b.key) * direction);
}
