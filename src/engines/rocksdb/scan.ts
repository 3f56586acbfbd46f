/** A page of one segment of a table, as of one moment. */
import { compareBytes, concatBytes, successor } from "../../model/bytes.ts";
import type { Micros } from "../../model/time.ts";
import type { Row, ScanPage, ScanRead } from "../../ports/storage-engine.ts";
import type { RangeTombstone } from "../shared/tombstones.ts";
import { atSnapshot, getAll, type NativeDb, walk } from "./binding.ts";
import { placeOf, recordPrefix, ROWS, segmentStretch, tablePrefix, TOMBSTONES } from "./keys.ts";
import { keyAfter, liveRow } from "./read.ts";
import { decodeTombstones } from "./tombstone-list.ts";
import { resumeAt } from "./walk-table.ts";

/** A page ends early once it holds this many bytes of stored rows, dead ones included. */
const PAGE_BYTES_MAX = 4 * 1024 * 1024;

/** Rows that one native read fetches at most: a page of a scan has many, and none beyond its limit is read. */
const ROWS_PER_READ_MAX = 1_024;

/** The live rows among the next `rowLimit` of the segment. Throws INVALID_ARGUMENT for another segment's cursor. */
export async function scanSegment(db: NativeDb, read: ScanRead, now: Micros): Promise<ScanPage> {
  return atSnapshot(db, async (at) => {
    const { rows, records, cursor } = await storedRows(at, read);
    const tombstones = await tombstonesOf(at, read.table, records);
    const entries: { id: string; row: Row }[] = [];
    for (const { record, key, bytes } of rows) {
      const { id } = records[record] as StoredRecord;
      const row = liveRow(key, bytes, tombstones[record] ?? [], read.projection, now);
      if (row !== undefined) entries.push({ id, row });
    }
    return { entries, rowsExamined: rows.length, cursor };
  });
}

/** A record that rows of the page are of. */
type StoredRecord = { readonly id: string; readonly place: Uint8Array };

/** A row as it is stored; `record` is the index of its record. */
type RawRow = { readonly record: number; readonly key: Uint8Array; readonly bytes: Uint8Array };

type RawRows = {
  readonly rows: readonly RawRow[];
  readonly records: readonly StoredRecord[];
  readonly cursor: Uint8Array | undefined;
};

async function storedRows(at: NativeDb, read: ScanRead): Promise<RawRows> {
  const prefix = tablePrefix(ROWS, read.table);
  const { rowLimit, byteLimit = PAGE_BYTES_MAX } = read;
  const [rows, records]: [RawRow[], StoredRecord[]] = [[], []];
  let bytesCollected = 0;
  let last: Uint8Array | undefined;
  let cursor: Uint8Array | undefined;
  // One row more than asked, to know whether there is a rest.
  const wanted = { ...stretchOf(prefix, read), reverse: false, limit: rowLimit + 1 };
  // Whoever asks for so many rows of so many bytes has an idea of what a row has.
  const sizes = { rowBytes: byteLimit / rowLimit, rowsPerReadMax: ROWS_PER_READ_MAX };
  await walk(at, { ...wanted, ...sizes }, (nativeKey, bytes) => {
    if (rows.length >= rowLimit || bytesCollected >= Math.min(byteLimit, PAGE_BYTES_MAX)) {
      cursor = last && keyAfter(last, prefix.length);
      return false;
    }
    let record = records.at(-1);
    const isSame = record !== undefined && isOf(record.place, nativeKey, prefix.length);
    if (record === undefined || !isSame) {
      const { id, recordBytes } = placeOf(nativeKey, prefix.length);
      record = { id, place: nativeKey.subarray(prefix.length, recordBytes) };
      records.push(record);
    }
    const key = keyAfter(nativeKey, prefix.length + record.place.length);
    rows.push({ record: records.length - 1, key, bytes });
    bytesCollected += bytes.length;
    last = nativeKey;
    return true;
  });
  return { rows, records, cursor };
}

function stretchOf(prefix: Uint8Array, read: ScanRead): { from: Uint8Array; to: Uint8Array } {
  const { table, after, cursor } = read;
  const stretch = segmentStretch(prefix, read.segment.index, read.segment.of);
  if (after !== undefined) {
    const record = recordPrefix(ROWS, { table, id: after.id }).subarray(prefix.length);
    return { ...stretch, from: resumeAt(prefix, stretch, concatBytes(record, after.key)) };
  }
  if (cursor === undefined) return stretch;
  return { ...stretch, from: resumeAt(prefix, stretch, cursor) };
}

/** Whether the native key is one of the record that lies at `place`. */
function isOf(place: Uint8Array, nativeKey: Uint8Array, tableBytes: number): boolean {
  const own = nativeKey.subarray(tableBytes, tableBytes + place.length);
  return compareBytes(own, place) === 0;
}

/**
 * The range tombstones of each record. Most records have none, so that to go through all there are between the first
 * and the last is one short read; where there are more than records, those of other records, each is asked for.
 */
async function tombstonesOf(
  at: NativeDb,
  table: string,
  records: readonly StoredRecord[],
): Promise<readonly (readonly RangeTombstone[])[]> {
  if (records.length === 0) return [];
  const prefix = tablePrefix(TOMBSTONES, table);
  const keys = records.map(({ place }) => concatBytes(prefix, place));
  const [from, to] = [keys[0] as Uint8Array, successor(keys.at(-1) as Uint8Array)];
  const lists: (readonly RangeTombstone[])[] = records.map(() => NONE);
  let found = 0;
  let record = 0;
  const stretch = { from, to, reverse: false, limit: records.length + 1 };
  await walk(at, stretch, (nativeKey, bytes) => {
    found += 1;
    while (record < keys.length && compareBytes(keys[record] as Uint8Array, nativeKey) < 0) {
      record += 1;
    }
    if (compareBytes(keys[record] as Uint8Array, nativeKey) === 0) {
      lists[record] = decodeTombstones(bytes);
    }
    return true;
  });
  return found <= records.length ? lists : (await getAll(at, keys)).map(decodeTombstones);
}

const NONE: readonly RangeTombstone[] = [];
