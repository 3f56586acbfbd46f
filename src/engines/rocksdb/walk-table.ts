/** Going through a table row by row, for clean-up. */
import { compareBytes, concatBytes, successor } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";
import type { ScanPage, ScanRead } from "../../ports/storage-engine.ts";
import type { RangeTombstone } from "../shared/tombstones.ts";
import { atSnapshot, getAll, type NativeDb, walk } from "./binding.ts";
import { placeOf, ROWS, type Stretch, tablePrefix, TOMBSTONES } from "./keys.ts";
import { keyAfter } from "./read.ts";
import { decodeTombstones } from "./tombstone-list.ts";

/** Shows rows of a table with their records, in order. */
export type TableRow = {
  readonly id: string;
  readonly key: Uint8Array;
  /** The row as stored; a view, gone after the call. */
  readonly bytes: Uint8Array;
  readonly tombstones: readonly RangeTombstone[];
};

/**
 * Shows rows from the cursor on until `rowLimit` or `visit` says enough. The new cursor is the place of the last
 * row shown, undefined when none follows.
 */
export async function walkTable(
  db: NativeDb,
  table: string,
  stretch: Stretch,
  { cursor, rowLimit }: Pick<ScanRead, "cursor" | "rowLimit">,
  visit: (row: TableRow) => boolean,
): Promise<Pick<ScanPage, "rowsExamined" | "cursor">> {
  const prefix = tablePrefix(ROWS, table);
  const from = cursor === undefined ? stretch.from : resumeAt(prefix, stretch, cursor);
  return atSnapshot(db, async (at) => {
    const tombstonesOf = tombstoneReader(at, table);
    let rowsExamined = 0;
    let enough = false;
    let last: Uint8Array | undefined;
    let rest: Uint8Array | undefined;
    const wanted = { from, to: stretch.to, reverse: false, limit: rowLimit + 1 };
    await walk(at, wanted, async (nativeKey, bytes) => {
      if (enough || rowsExamined >= rowLimit) {
        rest = last;
        return false;
      }
      rowsExamined += 1;
      last = keyAfter(nativeKey, prefix.length);
      const { id, recordBytes } = placeOf(nativeKey, prefix.length);
      const tombstones = await tombstonesOf(nativeKey.subarray(prefix.length, recordBytes), id);
      enough = !visit({ id, key: keyAfter(nativeKey, recordBytes), bytes, tombstones });
      return true;
    });
    return { rowsExamined, cursor: rest };
  });
}

/** Loads the tombstones of a record when the walk comes to it, and keeps them while it stays there. */
function tombstoneReader(
  db: NativeDb,
  table: string,
): (record: Uint8Array, id: string) => Promise<readonly RangeTombstone[]> {
  const prefix = tablePrefix(TOMBSTONES, table);
  let loadedId: string | undefined;
  let loaded: readonly RangeTombstone[] = [];
  return async (record, id) => {
    if (id === loadedId) return loaded;
    const [list] = await getAll(db, [concatBytes(prefix, record)]);
    loaded = decodeTombstones(list);
    loadedId = id;
    return loaded;
  };
}

/** Where the stretch goes on after a row. Throws INVALID_ARGUMENT for a row that is not in it. */
export function resumeAt(
  prefix: Uint8Array,
  { from, to }: Stretch,
  cursor: Uint8Array,
): Uint8Array {
  const at = successor(concatBytes(prefix, cursor));
  if (compareBytes(at, from) < 0 || compareBytes(at, to) >= 0) {
    throw new KvError("INVALID_ARGUMENT", "cursor is of another segment, wanted one of this");
  }
  return at;
}
