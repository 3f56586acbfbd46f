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
import { bucketOf, SCAN_BUCKETS } from "../shared/scan-buckets.ts";
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

/** Sweeps the next records, in the order of a scan, until `rowLimit` rows have been looked at. */
export function sweepTable(tables: MemoryTables, request: SweepRequest, now: Micros): SweepOutcome {
  const { table, rowLimit, retention } = request;
  const records = tables.records(table);
  // The last id that was done.
  let done = request.cursor && fromUtf8(request.cursor);
  const first = done === undefined ? 0 : bucketOf(done);
  let [rowsExamined, rowsRemoved] = [0, 0];
  for (let bucket = first; bucket < SCAN_BUCKETS; bucket += 1) {
    const before = bucket === first ? done : undefined;
    for (const id of tables.bucket(table, bucket)) {
      const record = records.get(id);
      if (record === undefined || (before !== undefined && id <= before)) continue;
      if (rowsExamined >= rowLimit) return { rowsExamined, rowsRemoved, cursor: utf8(done ?? "") };
      const swept = sweepRecord(record, now, retention);
      rowsExamined += swept.examined;
      rowsRemoved += swept.removed;
      if (swept.empty) records.delete(id);
      done = id;
    }
  }
  return { rowsExamined, rowsRemoved, cursor: undefined };
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
