/** A row by record and key: where a scan stands. Length of the id 2 | id | key. */
import { concatBytes, fromUtf8, utf8 } from "./bytes.ts";
import { KvError } from "./error.ts";

/** A row by record and key. */
export type RowPlace = { readonly id: string; readonly key: Uint8Array };

/** New bytes that name the row. */
export function encodeRowPlace({ id, key }: RowPlace): Uint8Array {
  const idBytes = utf8(id);
  return concatBytes(Uint8Array.of(idBytes.length >> 8, idBytes.length & 0xff), idBytes, key);
}

/** The row that the bytes name. Throws INVALID_ARGUMENT when they name none. */
export function decodeRowPlace(bytes: Uint8Array): RowPlace {
  const [high, low] = bytes;
  const keyAt = high === undefined || low === undefined ? Infinity : 2 + (high << 8) + low;
  if (keyAt > bytes.length) {
    throw new KvError("INVALID_ARGUMENT", `cursor of ${bytes.length} bytes names no row`);
  }
  try {
    return { id: fromUtf8(bytes.subarray(2, keyAt)), key: bytes.slice(keyAt) };
  } catch (cause) {
    throw new KvError("INVALID_ARGUMENT", "cursor holds no UTF-8", { cause });
  }
}
