/** Reads of one record. Where a page ends is ours to say: the driver's paging state never leaves the adapter. */
import { isEmptyRange } from "../../model/range.ts";
import type { EngineCall, KeysRead, RangeRead, RowsPage } from "../../ports/storage-engine.ts";
import { isReadFailure } from "./errors.ts";
import { readInSlices } from "./read-slices.ts";
import { liveRows } from "./rows.ts";
import type { Rows, Session } from "./session.ts";
import { selectKeys, selectRange, type TableName } from "./statements.ts";

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
  const { reverse, rowLimit, projection } = read;
  const statement = selectRange(name, read.id, read.range, {
    reverse,
    limit: rowLimit,
    projection,
  });
  let found: Rows;
  try {
    found = await session.select(statement, rowLimit, call);
  } catch (error) {
    if (isReadFailure(error)) return readInSlices(session, name, read, call, error);
    throw error;
  }
  const last = found.length < rowLimit ? undefined : found.at(-1);
  return {
    rows: liveRows(found, call.now),
    rowsExamined: found.length,
    resumeAfter: last === undefined ? undefined : new Uint8Array(last["key"] as Buffer),
  };
}
