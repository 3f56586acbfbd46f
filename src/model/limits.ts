/** The declared limits of ids, keys and values (DATA-4), the strictest of all engines. */
import { KvError } from "./error.ts";
import type { KeyRange } from "./range.ts";
import { DAY, type Micros } from "./time.ts";

/** Longest id, in bytes of UTF-8. An id has at least one byte. */
export const ID_BYTES_MAX = 1024;
/** Longest key. The empty key is legal (DATA-3). */
export const KEY_BYTES_MAX = 1000;
/** Longest time to live: 20 years of 365 days, the longest that any engine takes (TTL-3). */
export const TTL_MAX: Micros = 20 * 365 * DAY;
/** Most items in one request (RES-2). */
export const ITEMS_PER_REQUEST_MAX = 1000;

/**
 * Throws `INVALID_ARGUMENT` for what is no byte string: callers without types hand over lists and texts, and those would
 * be stored as other bytes, or look like keys that are absent. Nothing was written.
 */
export function checkBytes(what: string, bytes: Uint8Array): void {
  if (bytes instanceof Uint8Array) return;
  throw new KvError("INVALID_ARGUMENT", `${what} is of type ${typeof bytes}, wanted a Uint8Array`);
}

/** The same for what is no list. */
export function checkList(what: string, list: readonly unknown[]): void {
  if (Array.isArray(list)) return;
  throw new KvError("INVALID_ARGUMENT", `${what} is of type ${typeof list}, wanted an array`);
}

/** Throws `INVALID_ARGUMENT` or `TOO_LARGE` unless `id` is 1 to 1024 bytes of UTF-8. Nothing was written. */
export function checkId(id: string): void {
  if (typeof id !== "string") {
    throw new KvError("INVALID_ARGUMENT", `id is of type ${typeof id}, wanted a string`);
  }
  if (id.length === 0) {
    throw new KvError("INVALID_ARGUMENT", "id is empty, wanted 1 to 1024 bytes of UTF-8");
  }
  if (!id.isWellFormed()) {
    throw new KvError("INVALID_ARGUMENT", "id has a lone surrogate, wanted well-formed text");
  }
  // A UTF-16 unit takes at most three bytes, so most ids need no count.
  if (id.length * 3 <= ID_BYTES_MAX) return;
  const length = new TextEncoder().encode(id).length;
  if (length > ID_BYTES_MAX) {
    throw new KvError("TOO_LARGE", `id is ${length} bytes, wanted at most ${ID_BYTES_MAX}`);
  }
}

/** Throws `TOO_LARGE` unless `key` is at most 1000 bytes, as `checkBytes` does for what is none. Nothing was written. */
export function checkKey(key: Uint8Array): void {
  checkBytes("key", key);
  if (key.length > KEY_BYTES_MAX) {
    throw new KvError("TOO_LARGE", `key is ${key.length} bytes, wanted at most ${KEY_BYTES_MAX}`);
  }
}

/** The same for what has no fields. */
export function checkFields(what: string, fields: object): void {
  if (typeof fields === "object" && fields !== null && !Array.isArray(fields)) return;
  const found = fields === null ? "null" : `of type ${typeof fields}`;
  throw new KvError("INVALID_ARGUMENT", `${what} is ${found}, wanted an object`);
}

/**
 * Throws `TOO_LARGE` unless each bound is at most 1001 bytes: a key, or the successor of the longest one, which is
 * how a range begins after it; as `checkBytes` does for a bound that is none. Bounds under any other name would leave
 * both ends open: what was to be some items would be all of them. Nothing was read or written.
 */
export function checkRange(range: KeyRange): void {
  checkFields("range", range);
  const other = Object.keys(range).find((name) => name !== "start" && name !== "end");
  if (other !== undefined) {
    throw new KvError("INVALID_ARGUMENT", `range has ${other}, wanted nothing but start and end`);
  }
  for (const bound of [range.start, range.end]) {
    if (bound === undefined) continue;
    checkBytes("range bound", bound);
    if (bound.length > KEY_BYTES_MAX + 1) {
      throw new KvError(
        "TOO_LARGE",
        `range bound is ${bound.length} bytes, wanted at most ${KEY_BYTES_MAX + 1}`,
      );
    }
  }
}
