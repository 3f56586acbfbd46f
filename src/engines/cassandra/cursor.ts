/** Where a scan stands: the last row it looked at. Length of the id 2 | id | key. */
import { concatBytes, fromUtf8, utf8 } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";

/** A row by record and key. */
export type Position = { readonly id: string; readonly key: Uint8Array };

/** The cursor that says "after this row". */
export function encodeCursor({ id, key }: Position): Uint8Array {
  const idBytes = utf8(id);
  return concatBytes(Uint8Array.of(idBytes.length >> 8, idBytes.length & 0xff), idBytes, key);
}

/** The row that the cursor names. Throws INVALID_ARGUMENT when it is not one of ours. */
export function decodeCursor(cursor: Uint8Array): Position {
  const [high, low] = cursor;
  const keyAt = high === undefined || low === undefined ? Infinity : 2 + (high << 8) + low;
  if (keyAt > cursor.length) {
    throw new KvError("INVALID_ARGUMENT", `cursor of ${cursor.length} bytes names no row`);
  }
  try {
    return { id: fromUtf8(cursor.subarray(2, keyAt)), key: cursor.slice(keyAt) };
  } catch (cause) {
    throw new KvError("INVALID_ARGUMENT", "cursor holds no UTF-8", { cause });
  }
}
