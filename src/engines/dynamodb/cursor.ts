/**
 * Where a scan or a sweep stands. A scan stands after an item; a sweep may also stand inside of the clean-up that
 * a control item asks for.
 *
 *   00 | item                     after this item
 *   01 | item | sort key          at this control item, its rows cleared up to and with the sort key
 *
 * An item is length of the id 2 | id | length of the sort key 2 | sort key.
 */
import { concatBytes, fromUtf8, utf8 } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";

/** An item by record and sort key. */
export type Position = { readonly id: string; readonly sortKey: Uint8Array };

/** What a cursor says. */
export type Standing =
  | { readonly kind: "after"; readonly item: Position }
  | { readonly kind: "clearing"; readonly control: Position; readonly cleared: Uint8Array };

/** The cursor that says so. */
export function encodeCursor(standing: Standing): Uint8Array {
  if (standing.kind === "after") return concatBytes(Uint8Array.of(0), encodeItem(standing.item));
  const { control, cleared } = standing;
  return concatBytes(Uint8Array.of(1), encodeItem(control), sized(cleared));
}

/** What the cursor says. Throws INVALID_ARGUMENT when it is not one of ours. */
export function decodeCursor(cursor: Uint8Array): Standing {
  const [kind] = cursor;
  const [id, afterId] = takeSized(cursor, 1);
  const [sortKey, afterItem] = takeSized(cursor, afterId);
  try {
    const item = { id: fromUtf8(id), sortKey };
    if (kind === 0) return { kind: "after", item };
    if (kind === 1) {
      return { kind: "clearing", control: item, cleared: takeSized(cursor, afterItem)[0] };
    }
  } catch (cause) {
    if (cause instanceof KvError) throw cause;
    throw new KvError("INVALID_ARGUMENT", "cursor holds no UTF-8", { cause });
  }
  throw new KvError("INVALID_ARGUMENT", `cursor is of kind ${kind}, wanted 0 or 1`);
}

function encodeItem({ id, sortKey }: Position): Uint8Array {
  return concatBytes(sized(utf8(id)), sized(sortKey));
}

function sized(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes);
}

function takeSized(cursor: Uint8Array, at: number): [bytes: Uint8Array, next: number] {
  const [high, low] = cursor.subarray(at, at + 2);
  const next = high === undefined || low === undefined ? Infinity : at + 2 + (high << 8) + low;
  if (next > cursor.length) {
    throw new KvError("INVALID_ARGUMENT", `cursor of ${cursor.length} bytes names no item`);
  }
  return [cursor.slice(at + 2, next), next];
}
