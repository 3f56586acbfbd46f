/** Where the rows of a traversal come from: slices of a key range, or of a list of keys. */
import { compareBytes } from "../model/bytes.ts";
import { type KeyRange, isEmptyRange, rangeAfter } from "../model/range.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { EngineCall, Projection, RowsPage } from "../ports/storage-engine.ts";

/** The next rows after `after` (undefined: from the beginning), at most `rowLimit` examined. */
export type PageSource = (
  after: Uint8Array | undefined,
  rowLimit: number,
  byteLimit: number,
  call: EngineCall,
) => Promise<RowsPage>;

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
  return async (after, rowLimit, byteLimit, call) => {
    const rest = after === undefined ? range : rangeAfter(range, after, reverse);
    if (isEmptyRange(rest)) return NOTHING;
    return namespace.engine.readRange(
      { table: namespace.table, id, range: rest, reverse, rowLimit, byteLimit, projection },
      call,
    );
  };
}

/** Rows of a sorted list of keys, in its order or in reverse; every key asked for counts as examined. */
export function keysSource(keys: readonly Uint8Array[], parts: SourceParts): PageSource {
  const { namespace, id, reverse, projection } = parts;
  const ordered = reverse ? keys.toReversed() : keys;
  return async (after, rowLimit, _byteLimit, call) => {
    const first = after === undefined ? 0 : ordered.findIndex((key) => isPast(key, after, reverse));
    if (first === -1 || first >= ordered.length) return NOTHING;
    const count = Math.min(rowLimit, namespace.engine.capabilities.keysPerReadMax);
    const asked = ordered.slice(first, first + count);
    const { rows } = await namespace.engine.readKeys(
      {
        table: namespace.table,
        id,
        keys: reverse ? asked.toReversed() : asked,
        projection,
      },
      call,
    );
    return {
      rows: reverse ? rows.toReversed() : rows,
      rowsExamined: asked.length,
      resumeAfter: first + count < ordered.length ? asked.at(-1) : undefined,
    };
  };
}

function isPast(key: Uint8Array, after: Uint8Array, reverse: boolean): boolean {
  const order = compareBytes(key, after);
  return reverse ? order < 0 : order > 0;
}
