/** Says what a cache is asked for and has: the slots that the service gives names to. */
import { toHex } from "kvdal";
import { decodeCacheEntry, SLOT_KIND, STAMP_BYTES } from "kvdal/service";
import type { Partition } from "kvdal/engine";
import type { RowWords } from "./row-words.ts";
import type { WorldWords } from "./world-words.ts";

/** A slot as a message is about it. */
export type CacheSlot = {
  /** A stamp says whether entries are to be believed; a marker stands in its place while a write is under way. */
  readonly kind: "entry" | "stamp" | "marker";
  /** Whose it is: `k0`, `the record`, `chunks`, `deletions`. */
  readonly of: string;
  /** What the message says that an entry holds, or the first bytes of a stamp; absent where it says nothing. */
  readonly holds?: string;
  /** The cache answered that it has none. */
  readonly isMissing?: true;
};

const DECODER = new TextDecoder();

/** What a slot is, with what it holds where that is known, and where it belongs. */
export function describeSlot(
  name: Uint8Array,
  value: Uint8Array | undefined,
  words: WorldWords,
): { readonly slot: CacheSlot; readonly keys: readonly number[]; readonly partition: Partition } {
  const [kind = 0, tableLength = 0] = name;
  const table = DECODER.decode(name.subarray(2, 2 + tableLength));
  const at = 2 + tableLength;
  const idLength = ((name[at] ?? 0) << 8) | (name[at + 1] ?? 0);
  const id = DECODER.decode(name.subarray(at + 2, at + 2 + idLength));
  const key = name.subarray(at + 2 + idLength);
  const isOfItem = kind === SLOT_KIND.item || kind === SLOT_KIND.itemStamp;
  const isStamp = kind <= SLOT_KIND.itemStamp;
  const rows = kind === SLOT_KIND.chunks ? words.chunks : words.items;
  const holds = value && (isStamp ? toHex(value.subarray(0, 4)) : entryText(value, rows));
  const slot: CacheSlot = {
    kind: isStamp ? stampKind(value) : "entry",
    of: ownerText(kind, key, words),
    ...(holds === undefined ? {} : { holds }),
  };
  return { slot, keys: isOfItem ? words.keys.numbers([key]) : [], partition: { table, id } };
}

/** A marker is longer. */
function stampKind(value: Uint8Array | undefined): "stamp" | "marker" {
  return value !== undefined && value.length > STAMP_BYTES ? "marker" : "stamp";
}

/** `entry of k0: k0 = #3`, `stamp of the record 0011aabb`. */
export function slotText({ kind, of, holds }: CacheSlot): string {
  if (holds === undefined) return `${kind} of ${of}`;
  return kind === "entry" ? `entry of ${of}: ${holds}` : `${kind} of ${of} ${holds}`;
}

function ownerText(kind: number, key: Uint8Array, words: WorldWords): string {
  switch (kind) {
    case SLOT_KIND.deletions:
      return "deletions";
    case SLOT_KIND.changes:
    case SLOT_KIND.record:
      return "the record";
    case SLOT_KIND.itemStamp:
    case SLOT_KIND.item:
      return words.keys.name(key);
    default:
      return "chunks";
  }
}

function entryText(value: Uint8Array, words: RowWords): string | undefined {
  const entry = decodeCacheEntry(value);
  if (entry === undefined) return undefined;
  const rows = entry.rows.map((row) => words.row(row));
  return rows.length === 0 ? "nothing there" : rows.join(", ");
}
