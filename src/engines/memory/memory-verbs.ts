/** What the verbs of the memory engine do to records and tables. */
import { EMPTY_BYTES, fromUtf8, utf8 } from "../../model/bytes.ts";
import type { Micros } from "../../model/time.ts";
import { compareVersions } from "../../model/version.ts";
import type {
  KeysRead,
  Projection,
  PutIfAbsentOutcome,
  RangeRead,
  Row,
  RowsPage,
  SweepOutcome,
  SweepRequest,
} from "../../ports/storage-engine.ts";
import { APART, ByteSlab, type Copies } from "../shared/byte-slab.ts";
import { isLive } from "../shared/visibility.ts";
import { applyToRecord, type MemoryRecord, sweepRecord } from "./memory-record.ts";
import type { MemoryTables } from "./memory-tables.ts";
import type { KeyedRow } from "./sorted-rows.ts";

/** Rows up to which each of an answer has memory of its own. */
const FEW = 4;
const NOTHING: RowsPage = { rows: [], rowsExamined: 0, resumeAfter: undefined };

/** The live rows of the keys, in key order. */
export function readKeysOf(
  record: MemoryRecord | undefined,
  read: KeysRead,
  now: Micros,
): RowsPage {
  if (record === undefined) return NOTHING;
  const copies = read.keys.length > FEW ? new ByteSlab() : APART;
  const rows: Row[] = [];
  for (const key of read.keys) {
    const row = record.rows.get(key);
    if (row !== undefined && isLive(key, row.version, record.tombstones, now)) {
      rows.push(toRow(row, read.projection, copies));
    }
  }
  return { rows, rowsExamined: read.keys.length, resumeAfter: undefined };
}

/** The live rows among the next `rowLimit` of the range, at most about `byteLimit` bytes. */
export function readRangeOf(
  record: MemoryRecord | undefined,
  read: RangeRead,
  now: Micros,
): RowsPage {
  if (record === undefined) return NOTHING;
  const slab = new ByteSlab();
  const rows: Row[] = [];
  let rowsExamined = 0;
  let bytes = 0;
  let last: Uint8Array | undefined;
  let more = false;
  record.rows.visit(read.range, read.reverse, (row) => {
    if (rowsExamined >= read.rowLimit || bytes >= read.byteLimit) {
      more = true;
      return false;
    }
    rowsExamined += 1;
    last = row.key;
    if (isLive(row.key, row.version, record.tombstones, now)) {
      rows.push(toRow(row, read.projection, slab));
      bytes += row.key.length + (read.projection === "rows" ? row.value.length : 0);
    }
    return true;
  });
  return { rows, rowsExamined, resumeAfter: more ? last?.slice() : undefined };
}

/** Puts the row unless a live one, or a newer deletion, is there (PUT-5). */
export function insertIfAbsent(record: MemoryRecord, row: Row, now: Micros): PutIfAbsentOutcome {
  const present = record.rows.get(row.key);
  if (present !== undefined && compareVersions(present.version, row.version) !== 0) {
    if (isLive(row.key, present.version, record.tombstones, now)) return { kind: "present" };
  }
  const outcome = applyToRecord(record, { kind: "put", row });
  return { kind: outcome.kind === "applied" ? "inserted" : "present" };
}

/** Sweeps the next records until `rowLimit` rows have been looked at. */
export function sweepTable(tables: MemoryTables, request: SweepRequest, now: Micros): SweepOutcome {
  const records = tables.records(request.table);
  let rowsExamined = 0;
  let rowsRemoved = 0;
  const ids = idsAfter(records, request.cursor);
  for (const [position, id] of ids.entries()) {
    const swept = sweepRecord(records.get(id) as MemoryRecord, now, request.retention);
    rowsExamined += swept.examined;
    rowsRemoved += swept.removed;
    if (swept.empty) records.delete(id);
    if (rowsExamined >= request.rowLimit && position < ids.length - 1) {
      return { rowsExamined, rowsRemoved, cursor: utf8(id) };
    }
  }
  return { rowsExamined, rowsRemoved, cursor: undefined };
}

/** Ids in code-unit order after the cursor, which is the last id that was done. */
function idsAfter(
  records: ReadonlyMap<string, MemoryRecord>,
  cursor: Uint8Array | undefined,
): readonly string[] {
  const ids = [...records.keys()].toSorted();
  if (cursor === undefined) return ids;
  const after = fromUtf8(cursor);
  return ids.filter((id) => id > after);
}

/** The row as the caller gets it, with bytes of its own. */
export function toRow(row: KeyedRow, projection: Projection, copies: Copies): Row {
  const { time, rank, expiry, nonce } = row.version;
  return {
    key: copies.copy(row.key),
    value: projection === "rows" ? copies.copy(row.value) : EMPTY_BYTES,
    metadata: row.metadata.length === 0 ? EMPTY_BYTES : copies.copy(row.metadata),
    version: { time, rank, expiry, nonce: copies.copy(nonce) },
  };
}
