/** Says what a cache is asked for and has: the slots that the service gives names to. */
import { toHex } from "kvdal";
import { decodeCacheEntry, SLOT_KIND } from "kvdal/service";
import type { Partition } from "kvdal/engine";
import type { About, WorldWords } from "./world-words.ts";

const DECODER = new TextDecoder();

/** A slot in words, with what it holds where that is known, and where it belongs. */
export function describeSlot(
  name: Uint8Array,
  value: Uint8Array | undefined,
  words: WorldWords,
): About & { readonly partition: Partition } {
  const [kind = 0, tableLength = 0] = name;
  const table = DECODER.decode(name.subarray(2, 2 + tableLength));
  const at = 2 + tableLength;
  const idLength = ((name[at] ?? 0) << 8) | (name[at + 1] ?? 0);
  const id = DECODER.decode(name.subarray(at + 2, at + 2 + idLength));
  const key = name.subarray(at + 2 + idLength);
  const isOfItem = kind === SLOT_KIND.item || kind === SLOT_KIND.itemStamp;
  const isStamp = kind <= SLOT_KIND.itemStamp;
  const held = isStamp ? stampText(value) : entryText(value, words);
  const text = `${slotText(kind, key, words)}${held}`;
  return { text, keys: isOfItem ? words.numbers([key]) : [], partition: { table, id } };
}

function slotText(kind: number, key: Uint8Array, words: WorldWords): string {
  switch (kind) {
    case SLOT_KIND.deletions:
      return "stamp of deletions";
    case SLOT_KIND.changes:
      return "stamp of the record";
    case SLOT_KIND.itemStamp:
      return `stamp of ${words.key(key)}`;
    case SLOT_KIND.item:
      return `entry of ${words.key(key)}`;
    case SLOT_KIND.record:
      return "entry of the record";
    default:
      return "entry of chunks";
  }
}

function stampText(value: Uint8Array | undefined): string {
  return value === undefined ? "" : ` ${toHex(value.subarray(0, 4))}`;
}

function entryText(value: Uint8Array | undefined, words: WorldWords): string {
  const entry = value && decodeCacheEntry(value);
  if (entry === undefined) return "";
  const rows = entry.rows.map((row) => words.row(row));
  return rows.length === 0 ? ": nothing there" : `: ${rows.join(", ")}`;
}
