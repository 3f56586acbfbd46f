/** A page of one segment of a table, as of one moment. */
import { concatBytes, toHex } from "../../model/bytes.ts";
import type { Micros } from "../../model/time.ts";
import type { Row, ScanPage, ScanRead } from "../../ports/storage-engine.ts";
import { ByteSlab } from "../shared/byte-slab.ts";
import type { RangeTombstone } from "../shared/tombstones.ts";
import { atSnapshot, getAll, type NativeDb, walk } from "./binding.ts";
import {
  placeOf,
  recordPrefix,
  ROWS,
  segmentStretch,
  type Stretch,
  tablePrefix,
  TOMBSTONES,
} from "./keys.ts";
import { keyAfter, liveRow } from "./read.ts";
import { decodeTombstones } from "./tombstone-list.ts";
import { resumeAt } from "./walk-table.ts";

/** A page ends early once it holds this many bytes of stored rows, dead ones included. */
const PAGE_BYTES_MAX = 4 * 1024 * 1024;

/** Range tombstones that are read beside a page's rows: most tables have fewer, and then these are all. */
const TOMBSTONES_BESIDE = 16;

/** The live rows among the next `rowLimit` of the segment. Throws INVALID_ARGUMENT for another segment's cursor. */
export async function scanSegment(db: NativeDb, read: ScanRead, now: Micros): Promise<ScanPage> {
  return atSnapshot(db, async (at) => {
    const prefix = tablePrefix(ROWS, read.table);
    const stretch = stretchOf(prefix, read);
    // Both are over before the snapshot is closed.
    const [stored, beside] = await Promise.allSettled([
      storedRows(at, stretch, read),
      tombstonesFrom(at, stretch, prefix.length),
    ]);
    if (stored.status === "rejected") throw stored.reason;
    if (beside.status === "rejected") throw beside.reason;
    const { rows, records, cursor } = stored.value;
    const some = beside.value;
    const tombstones =
      some === undefined
        ? await tombstonesOf(at, read.table, records)
        : records.map(({ place }) => (some.size === 0 ? NONE : (some.get(toHex(place)) ?? NONE)));
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

async function storedRows(at: NativeDb, { from, to }: Stretch, read: ScanRead): Promise<RawRows> {
  const prefix = tablePrefix(ROWS, read.table);
  const { rowLimit, byteLimit = PAGE_BYTES_MAX } = read;
  const [rows, records]: [RawRow[], StoredRecord[]] = [[], []];
  const slab = new ByteSlab();
  let bytesCollected = 0;
  let last: Uint8Array | undefined;
  let cursor: Uint8Array | undefined;
  // One row more than asked, to know whether there is a rest.
  const wanted = { from, to, reverse: false, limit: rowLimit + 1 };
  // Whoever asks for so many rows of so many bytes has an idea of what a row has.
  const sizes = { rowBytes: byteLimit / rowLimit, toTheLimit: true };
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
    const key = slab.copy(nativeKey, prefix.length + record.place.length);
    rows.push({ record: records.length - 1, key, bytes: slab.keep(bytes) });
    bytesCollected += bytes.length;
    last = nativeKey;
    return true;
  });
  return { rows, records, cursor };
}

function stretchOf(prefix: Uint8Array, read: ScanRead): Stretch {
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
  // From the end, where places of one table differ; and no view for it: it would take longer than the loop.
  for (let i = place.length - 1; i >= 0; i -= 1) {
    if (nativeKey[tableBytes + i] !== place[i]) return false;
  }
  return true;
}

/**
 * The range tombstones from the record on in which the stretch begins, by the place of their record; undefined where
 * there are too many to tell without knowing the rows.
 */
async function tombstonesFrom(
  at: NativeDb,
  stretch: Stretch,
  tableBytes: number,
): Promise<ReadonlyMap<string, readonly RangeTombstone[]> | undefined> {
  const found = new Map<string, readonly RangeTombstone[]>();
  const from = asTombstones(recordOf(stretch.from, tableBytes));
  const to = asTombstones(stretch.to);
  const wanted = { from, to, reverse: false, limit: TOMBSTONES_BESIDE + 1 };
  await walk(at, wanted, (nativeKey, bytes) => {
    found.set(toHex(nativeKey.subarray(tableBytes)), decodeTombstones(bytes));
    return true;
  });
  return found.size > TOMBSTONES_BESIDE ? undefined : found;
}

/** The beginning of the record in whose middle a native key is; the key itself where it is the edge of a bucket. */
function recordOf(nativeKey: Uint8Array, tableBytes: number): Uint8Array {
  if (nativeKey.length <= tableBytes + 1) return nativeKey;
  return nativeKey.subarray(0, placeOf(nativeKey, tableBytes).recordBytes);
}

/** The same place among the tombstones. */
function asTombstones(nativeKey: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(TOMBSTONES), nativeKey.subarray(1));
}

/** The range tombstones of each record, asked for one by one. */
async function tombstonesOf(
  at: NativeDb,
  table: string,
  records: readonly StoredRecord[],
): Promise<readonly (readonly RangeTombstone[])[]> {
  if (records.length === 0) return [];
  const prefix = tablePrefix(TOMBSTONES, table);
  const lists = await getAll(
    at,
    records.map(({ place }) => concatBytes(prefix, place)),
  );
  return lists.map(decodeTombstones);
}

const NONE: readonly RangeTombstone[] = [];
