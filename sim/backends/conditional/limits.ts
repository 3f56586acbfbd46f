/** What DynamoDB takes: keys and items within its limits, in the words it refuses others with. */
import { invalid, type NativeItem, sizeOf, utf8Length } from "./document.ts";
import { PARTITION_KEY, SORT_KEY } from "./key-bounds.ts";
import type { ItemPlace } from "./table.ts";

const ITEM_BYTES_MAX = 400 * 1024;
const PARTITION_KEY_BYTES_MAX = 2048;
const SORT_KEY_BYTES_MAX = 1024;
const NO_BYTES = new Uint8Array(0);

/** Throws `ValidationException` for an item that is too large or has no such key. */
export function checkItem(item: NativeItem): void {
  checkKeys(item);
  if (sizeOf(item) > ITEM_BYTES_MAX) {
    throw invalid("Item size has exceeded the maximum allowed size");
  }
}

/** The same for a key alone. */
export function checkKeys(key: NativeItem): void {
  const { id, sortKey } = placeOf(key);
  if (id === "" || sortKey.length === 0) {
    throw invalid("One or more parameter values are not valid: a key is empty");
  }
  if (utf8Length(id) > PARTITION_KEY_BYTES_MAX || sortKey.length > SORT_KEY_BYTES_MAX) {
    throw invalid("One or more parameter values were invalid: a key exceeds the size limit");
  }
}

/** Where an item is, or would be. */
export function placeOf(key: NativeItem): ItemPlace {
  return { id: key[PARTITION_KEY]?.S ?? "", sortKey: key[SORT_KEY]?.B ?? NO_BYTES };
}
