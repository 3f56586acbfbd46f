/** Reads of one record. Where a page ends is ours to say: the driver's paging state never leaves the adapter. */
import { isEmptyRange } from "../../model/range.ts";
import type { EngineCall, KeysRead, RangeRead, RowsPage } from "../../ports/storage-engine.ts";
import { rowsOfRange } from "./read-slices.ts";
import { liveRows } from "./rows.ts";
import type { Session } from "./session.ts";
import { selectKeys, type TableName } from "./statements.ts";

/** Rows of single keys: one IN of at most 100. They come in byte order. */
export async function readKeys(
  session: Session,
  name: TableName,
  read: KeysRead,
  call: EngineCall,
): Promise<RowsPage> {
  if (read.keys.length === 0) return { rows: [], rowsExamined: 0, resumeAfter: undefined };
  const statement = selectKeys(name, read.id, read.keys, read.projection);
  const found = await session.select(statement, read.keys.length + 1, call);
  return {
    rows: liveRows(found, call.now),
    rowsExamined: found.length,
    resumeAfter: undefined,
  };
}

/**
 * A slice of at most `rowLimit` rows; bytes are not Cassandra's to count, so `byteLimit` goes unheeded. Markers are
 * rows to Cassandra and count; rows that its own TTL or a tombstone removed are passed over unseen, and where there
 * are more of them than Cassandra passes over at a time, in narrower slices (PAGE-5).
 */
export async function readRange(
  session: Session,
  name: TableName,
  read: RangeRead,
  call: EngineCall,
): Promise<RowsPage> {
  if (isEmptyRange(read.range)) return { rows: [], rowsExamined: 0, resumeAfter: undefined };
  const { rows, ...page } = await rowsOfRange(session, name, read, call);
  return { rows: liveRows(rows, call.now), ...page };
}
