/** Where the rows of a traversal come from: slices of a key range, or of a list of keys. */
import { compareBytes, EMPTY_BYTES, toHex } from "../model/bytes.ts";
import { KvError } from "../model/error.ts";
import { type KeyRange, isEmptyRange, rangeAfter } from "../model/range.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { EngineCall, Projection, Row, RowsPage } from "../ports/storage-engine.ts";

/** Rows of a traversal; `resumeAfter` is a place of its source. */
export type SourcePage = RowsPage & {
  /** The record of each row; only in a scan. */
  readonly ids?: readonly string[];
};

/** Where rows come from. Its places are what page tokens say: of a record its keys, of a scan what `scan-source.ts` says. */
export type PageSource = {
  /** Whether `byteLimit` is kept: a row limit that is too high then costs nothing. */
  readonly pagesByBytes: boolean;
  /** The next rows after `after` (undefined: from the beginning), at most `rowLimit` examined. */
  readonly read: (
    after: Uint8Array | undefined,
    rowLimit: number,
    byteLimit: number,
    call: EngineCall,
  ) => Promise<SourcePage>;
  /** The place of a row of a page that it gave. */
  readonly placeOf: (page: SourcePage, index: number) => Uint8Array;
};

const placeOfKey: PageSource["placeOf"] = ({ rows }, index) => (rows[index] as Row).key;

const NOTHING: RowsPage = { rows: [], rowsExamined: 0, resumeAfter: undefined };

/** What both sources read from. */
export type SourceParts = {
  readonly namespace: Namespace;
  readonly id: string;
  readonly reverse: boolean;
  readonly projection: Projection;
};

/** Rows of a key range. An empty range never reaches the engine. */
export function rangeSource(range: KeyRange, parts: SourceParts): PageSource {
  const { namespace, id, reverse, projection } = parts;
  const read: PageSource["read"] = async (after, rowLimit, byteLimit, call) => {
    const rest = after === undefined ? range : rangeAfter(range, after, reverse);
    if (isEmptyRange(rest)) return NOTHING;
    const page = await namespace.engine.readRange(
      { table: namespace.table, id, range: rest, reverse, rowLimit, byteLimit, projection },
      call,
    );
    checkRows(page.rows, after, reverse);
    checkAdvance(page, after, reverse);
    return page;
  };
  return { pagesByBytes: namespace.engine.capabilities.pagesByBytes, read, placeOf: placeOfKey };
}

/**
 * Throws INTERNAL when the engine begins at or before the place that the traversal had come to: a page that ends with
 * such a row would lead to itself, and the caller would follow tokens for ever (PAGE-4).
 */
function checkRows(rows: RowsPage["rows"], after: Uint8Array | undefined, reverse: boolean): void {
  const first = rows[0]?.key;
  if (first === undefined || after === undefined || isPast(first, after, reverse)) return;
  const wanted = `rows past ${toHex(after)}`;
  throw new KvError("INTERNAL", `engine begins with ${toHex(first)}, wanted ${wanted}`);
}

/**
 * Throws INTERNAL when the engine would have the traversal stand still or go back: the caller would follow tokens
 * for ever, or get items twice (PAGE-2, PAGE-4).
 */
function checkAdvance(page: RowsPage, after: Uint8Array | undefined, reverse: boolean): void {
  const { resumeAfter } = page;
  if (resumeAfter === undefined) return;
  const last = page.rows.at(-1)?.key;
  const standsStill = after !== undefined && !isPast(resumeAfter, after, reverse);
  const goesBack = last !== undefined && isPast(last, resumeAfter, reverse);
  if (standsStill || goesBack) {
    const wanted = `one past ${toHex(last ?? after ?? EMPTY_BYTES)}`;
    throw new KvError("INTERNAL", `engine resumes after ${toHex(resumeAfter)}, wanted ${wanted}`);
  }
}

/** Rows of a sorted list of keys, in its order or in reverse; every key asked for counts as examined. */
export function keysSource(keys: readonly Uint8Array[], parts: SourceParts): PageSource {
  const { namespace, id, reverse, projection } = parts;
  const ordered = reverse ? keys.toReversed() : keys;
  const read: PageSource["read"] = async (after, rowLimit, _byteLimit, call) => {
    const first = after === undefined ? 0 : ordered.findIndex((key) => isPast(key, after, reverse));
    if (first === -1 || first >= ordered.length) return NOTHING;
    const count = Math.min(rowLimit, namespace.engine.capabilities.keysPerReadMax);
    const asked = ordered.slice(first, first + count);
    const { rows, resumeAfter } = await namespace.engine.readKeys(
      {
        table: namespace.table,
        id,
        keys: reverse ? asked.toReversed() : asked,
        projection,
      },
      call,
    );
    if (resumeAfter !== undefined) {
      const wanted = "all that were asked for";
      throw new KvError(
        "INTERNAL",
        `engine answered some of ${asked.length} keys, wanted ${wanted}`,
      );
    }
    const inOrder = reverse ? rows.toReversed() : rows;
    checkRows(inOrder, after, reverse);
    return {
      rows: inOrder,
      rowsExamined: asked.length,
      resumeAfter: first + count < ordered.length ? asked.at(-1) : undefined,
    };
  };
  return { pagesByBytes: false, read, placeOf: placeOfKey };
}

function isPast(key: Uint8Array, after: Uint8Array, reverse: boolean): boolean {
  const order = compareBytes(key, after);
  return reverse ? order < 0 : order > 0;
}
