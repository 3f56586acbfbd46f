/** Which items a call is about (GET-1). */
import { compareBytes, equalBytes } from "./bytes.ts";
import { KvError } from "./error.ts";
import type { KeyRange } from "./range.ts";

/** All items of the record, the items of these keys, or those of a half-open range. */
export type Predicate =
  | { readonly kind: "match_all" }
  | { readonly kind: "match_keys"; readonly keys: readonly Uint8Array[] }
  | { readonly kind: "match_range"; readonly range: KeyRange };

/** Every item of the record. */
export const matchAll: Predicate = { kind: "match_all" };

/** The items of these keys, answered in key order, absent ones simply absent (GET-2). */
export function matchKeys(...keys: readonly Uint8Array[]): Predicate {
  return { kind: "match_keys", keys };
}

/** The items in `[start, end)`, either end open (GET-1). */
export function matchRange(start?: Uint8Array, end?: Uint8Array): Predicate {
  return { kind: "match_range", range: { start, end } };
}

/** What a caller without types is told whose predicate is none of the three. */
export function unknownPredicate(predicate: never): KvError {
  const { kind } = predicate as { readonly kind?: unknown };
  const wanted = "wanted match_all, match_keys or match_range";
  return new KvError("INVALID_ARGUMENT", `predicate is of kind ${String(kind)}, ${wanted}`);
}

/** The keys in byte order, each once: the order in which they are answered (GET-2). */
export function sortedUniqueKeys(keys: readonly Uint8Array[]): readonly Uint8Array[] {
  if (isAscending(keys)) return keys;
  const sorted = keys.toSorted(compareBytes);
  return sorted.filter((key, i) => i === 0 || !equalBytes(key, sorted[i - 1] as Uint8Array));
}

/** Whether they are in byte order already, each once: as they come as a rule. */
function isAscending(keys: readonly Uint8Array[]): boolean {
  for (let i = 1; i < keys.length; i += 1) {
    if (compareBytes(keys[i - 1] as Uint8Array, keys[i] as Uint8Array) >= 0) return false;
  }
  return true;
}
