/** How much of the matching items a call wants, and in which order (GET-3). */

/** Page size used when a selection names none: 64 KiB. */
export const PAGE_SIZE_BYTES_DEFAULT: number = 64 * 1024;
/** Largest page a selection may ask for: 8 MiB. */
export const PAGE_SIZE_BYTES_MAX: number = 8 * 1024 * 1024;

/** What of an item is returned: all of it, or its key and metadata without the value. */
export type Include = "items" | "keys";

/** Part of a read request. Every field may be left out. */
export type Selection = {
  /** Most bytes of keys and values in one page, 1 to 8 MiB; default 64 KiB. One item is always returned (PAGE-1). */
  readonly pageSizeBytes?: number;
  /** Most items over all pages together (GET-4). */
  readonly itemLimit?: number;
  /** Default `items`. */
  readonly include?: Include;
  /** Values longer than this come back empty and marked `valueOmitted`. */
  readonly excludeValuesAboveBytes?: number;
  /** From the last key to the first (GET-1). */
  readonly reverse?: boolean;
};

/** A selection with every field filled in. */
export type ResolvedSelection = {
  readonly pageSizeBytes: number;
  readonly itemLimit: number;
  readonly include: Include;
  readonly excludeValuesAboveBytes: number;
  readonly reverse: boolean;
};

/** The selection with its defaults: no item limit, whole items, forward. */
export function resolveSelection(selection: Selection = {}): ResolvedSelection {
  return {
    pageSizeBytes: selection.pageSizeBytes ?? PAGE_SIZE_BYTES_DEFAULT,
    itemLimit: selection.itemLimit ?? Number.MAX_SAFE_INTEGER,
    include: selection.include ?? "items",
    excludeValuesAboveBytes: selection.excludeValuesAboveBytes ?? Number.MAX_SAFE_INTEGER,
    reverse: selection.reverse ?? false,
  };
}

/** What is wrong with a resolved selection, or undefined. */
export function selectionFlaw(selection: ResolvedSelection): string | undefined {
  const { pageSizeBytes, itemLimit, include, excludeValuesAboveBytes, reverse } = selection;
  if (!isCount(pageSizeBytes, 1) || pageSizeBytes > PAGE_SIZE_BYTES_MAX) {
    return `pageSizeBytes is ${pageSizeBytes}, wanted a whole number from 1 to ${PAGE_SIZE_BYTES_MAX}`;
  }
  if (!isCount(itemLimit, 1)) return `itemLimit is ${itemLimit}, wanted a whole number from 1 on`;
  if (!isCount(excludeValuesAboveBytes, 0)) {
    return `excludeValuesAboveBytes is ${excludeValuesAboveBytes}, wanted a whole number from 0 on`;
  }
  if (typeof reverse !== "boolean") return `reverse is ${String(reverse)}, wanted true or false`;
  // A word from an untyped caller must not come out as empty values.
  if (include !== "items" && include !== "keys") {
    return `include is ${String(include)}, wanted items or keys`;
  }
  return undefined;
}

function isCount(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}
