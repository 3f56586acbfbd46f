/** One table of the DynamoDB-shaped engine: partitions in the order of a hash, each sorted by bytes. */
import { compareBytes, type Micros } from "kvdal";
import { hash32, hashText } from "../../world/keyed-random.ts";
import { type NativeItem, sizeOf } from "./document.ts";
import type { Bound, KeyBounds } from "./key-bounds.ts";

/** What lies under one key now, and what lay there before, as long as a reader may still be shown it. */
export type Slot = {
  readonly sortKey: Uint8Array;
  item: NativeItem | undefined;
  /** Earlier contents, the oldest first; `until` is when the next one took their place. */
  past: readonly { readonly until: Micros; readonly item: NativeItem | undefined }[];
};

/** What a page may have. */
export type PageLimits = {
  /** Items looked at. */
  readonly items: number;
  /** Bytes looked at; the item that crosses it still counts. */
  readonly bytes: number;
};

/** What of a slot a read sees; undefined for nothing. */
export type See = (slot: Slot) => NativeItem | undefined;

/** Items looked at, and the last of them where the page ended before its end. */
export type NativePage = {
  readonly items: readonly NativeItem[];
  readonly last: ItemPlace | undefined;
};

/** Where an item is. */
export type ItemPlace = { readonly id: string; readonly sortKey: Uint8Array };

type Partition = { readonly id: string; readonly hash: number; readonly slots: Slot[] };

/** The table. */
export class NativeTable {
  readonly #byId: Map<string, Partition> = new Map();
  /** By hash, then by id. */
  readonly #inOrder: Partition[] = [];

  /** The slot of a key, if anything ever lay there. */
  find({ id, sortKey }: ItemPlace): Slot | undefined {
    const slots = this.#byId.get(id)?.slots;
    if (slots === undefined) return undefined;
    const slot = slots[firstNotBelow(slots, sortKey)];
    return slot !== undefined && compareBytes(slot.sortKey, sortKey) === 0 ? slot : undefined;
  }

  /** Puts an item, or takes it away. What was there is remembered until it is older than `lag`. */
  put(place: ItemPlace, item: NativeItem | undefined, now: Micros, lag: Micros): void {
    const slot = this.find(place) ?? this.#newSlot(place);
    if (lag > 0) {
      const recent = slot.past.filter(({ until }) => until > now - lag);
      slot.past = [...recent, { until: now, item: slot.item }];
    }
    slot.item = item;
  }

  /** The next items of a part of a partition. */
  query(
    { id, low, high }: KeyBounds,
    from: Uint8Array | undefined,
    isReverse: boolean,
    limits: PageLimits,
    see: See,
  ): NativePage {
    const slots = this.#byId.get(id)?.slots ?? [];
    const begin = low === undefined ? 0 : edge(slots, low, false);
    const end = high === undefined ? slots.length : edge(slots, high, true);
    const page = new Page(limits);
    if (isReverse) {
      const start = from === undefined ? end : Math.min(end, firstNotBelow(slots, from));
      for (let i = start - 1; i >= begin && !page.isFull; i -= 1) page.take(id, slots[i], see);
    } else {
      const start = from === undefined ? begin : Math.max(begin, firstAbove(slots, from));
      for (let i = start; i < end && !page.isFull; i += 1) page.take(id, slots[i], see);
    }
    return page.ended();
  }

  /** The next items of a segment. */
  scan(
    segment: { readonly index: number; readonly of: number },
    from: ItemPlace | undefined,
    limits: PageLimits,
    see: See,
  ): NativePage {
    const page = new Page(limits);
    const first =
      from === undefined
        ? { hash: (segment.index / segment.of) * HASHES, id: "" }
        : placed(from.id);
    for (let at = this.#placeOf(first); at < this.#inOrder.length && !page.isFull; at += 1) {
      const { id, hash, slots } = this.#inOrder[at] as Partition;
      if (hash >= ((segment.index + 1) / segment.of) * HASHES) break;
      const start = from?.id === id ? firstAbove(slots, from.sortKey) : 0;
      for (let i = start; i < slots.length && !page.isFull; i += 1) page.take(id, slots[i], see);
    }
    return page.ended();
  }

  #newSlot({ id, sortKey }: ItemPlace): Slot {
    let partition = this.#byId.get(id);
    if (partition === undefined) {
      partition = { ...placed(id), slots: [] };
      this.#byId.set(id, partition);
      this.#inOrder.splice(this.#placeOf(partition), 0, partition);
    }
    const slot: Slot = { sortKey, item: undefined, past: [] };
    partition.slots.splice(firstNotBelow(partition.slots, sortKey), 0, slot);
    return slot;
  }

  /** Where a partition of this place is, or would be. */
  #placeOf({ hash, id }: Pick<Partition, "hash" | "id">): number {
    return firstWhere(
      this.#inOrder,
      (other) => other.hash > hash || (other.hash === hash && other.id >= id),
    );
  }
}

const HASHES = 0x1_0000_0000;

function placed(id: string): Pick<Partition, "hash" | "id"> {
  return { id, hash: hash32(hashText(id), 1) };
}

/** A page in the making. */
class Page {
  readonly #limits: PageLimits;
  readonly #items: NativeItem[] = [];
  #bytes = 0;
  #last: ItemPlace | undefined;
  isFull = false;

  constructor(limits: PageLimits) {
    this.#limits = limits;
  }

  take(id: string, slot: Slot | undefined, see: See): void {
    const item = slot && see(slot);
    if (slot === undefined || item === undefined) return;
    this.#items.push(item);
    this.#bytes += sizeOf(item);
    this.isFull = this.#items.length >= this.#limits.items || this.#bytes >= this.#limits.bytes;
    if (this.isFull) this.#last = { id, sortKey: slot.sortKey };
  }

  ended(): NativePage {
    return { items: this.#items, last: this.#last };
  }
}

/** Index at which a bound cuts: what is before it is below. `isHigh` for an upper one. */
function edge(slots: readonly Slot[], bound: NonNullable<Bound>, isHigh: boolean): number {
  const { key, included } = bound;
  return included === isHigh ? firstAbove(slots, key) : firstNotBelow(slots, key);
}

function firstNotBelow(slots: readonly Slot[], key: Uint8Array): number {
  return firstWhere(slots, ({ sortKey }) => compareBytes(sortKey, key) >= 0);
}

function firstAbove(slots: readonly Slot[], key: Uint8Array): number {
  return firstWhere(slots, ({ sortKey }) => compareBytes(sortKey, key) > 0);
}

/** The first index from which on the test holds of all. */
function firstWhere<T>(sorted: readonly T[], holds: (each: T) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
