/** Reads of one record: single keys, and a page of a range, each as of one moment. */
import { concatBytes, EMPTY_BYTES } from "../../model/bytes.ts";
import type { Micros } from "../../model/time.ts";
import type { KeysRead, Projection, RangeRead, Row, RowsPage } from "../../ports/storage-engine.ts";
import { ByteSlab } from "../shared/byte-slab.ts";
import { takeRow } from "../shared/row-codec.ts";
import type { RangeTombstone } from "../shared/tombstones.ts";
import { isLive } from "../shared/visibility.ts";
import { atSnapshot, getAll, type NativeDb, walk } from "./binding.ts";
import { recordPrefix, recordStretch, ROWS, TOMBSTONES } from "./keys.ts";
import { decodeTombstones } from "./tombstone-list.ts";

/** The live rows of the keys, in the order of the keys. */
export async function readKeys(db: NativeDb, read: KeysRead, now: Micros): Promise<RowsPage> {
  const prefix = recordPrefix(ROWS, read);
  const nativeKeys = read.keys.map((key) => concatBytes(prefix, key));
  // Nothing promises that a batch of reads is of one moment: a delete could fall between list and rows.
  const [list, ...found] = await atSnapshot(db, (at) =>
    getAll(at, [recordPrefix(TOMBSTONES, read), ...nativeKeys]),
  );
  const tombstones = decodeTombstones(list);
  const rows: Row[] = [];
  for (const [i, bytes] of found.entries()) {
    if (bytes === undefined) continue;
    const key = new Uint8Array(read.keys[i] as Uint8Array);
    const row = liveRow(key, bytes, tombstones, read.projection, now);
    if (row !== undefined) rows.push(row);
  }
  return { rows, rowsExamined: read.keys.length, resumeAfter: undefined };
}

/** The live rows among the next `rowLimit` of the range, until `byteLimit` bytes are collected. */
export async function readRange(db: NativeDb, read: RangeRead, now: Micros): Promise<RowsPage> {
  return atSnapshot(db, async (at) => {
    const prefix = recordPrefix(ROWS, read);
    const [list] = await getAll(at, [recordPrefix(TOMBSTONES, read)]);
    const tombstones = decodeTombstones(list);
    const slab = new ByteSlab();
    const rows: Row[] = [];
    let rowsExamined = 0;
    let bytesCollected = 0;
    let last: Uint8Array | undefined;
    let resumeAfter: Uint8Array | undefined;
    const stretch = recordStretch(prefix, read.range);
    // One row more than asked, to know whether there is a rest.
    // Whoever asks for so many rows of so many bytes has an idea of what a row has.
    const rowBytes = read.byteLimit / read.rowLimit;
    const wanted = { ...stretch, reverse: read.reverse, limit: read.rowLimit + 1, rowBytes };
    await walk(at, wanted, (nativeKey, bytes) => {
      if (rowsExamined >= read.rowLimit || bytesCollected >= read.byteLimit) {
        resumeAfter = last;
        return false;
      }
      rowsExamined += 1;
      last = slab.copy(nativeKey, prefix.length);
      const row = liveRow(last, slab.keep(bytes), tombstones, read.projection, now);
      if (row !== undefined) {
        rows.push(row);
        bytesCollected += row.key.length + row.value.length;
      }
      return true;
    });
    return { rows, rowsExamined, resumeAfter: resumeAfter?.slice() };
  });
}

/** The row in stored bytes when a reader may see it. `key` and `bytes` become the row's: nobody else may have them. */
export function liveRow(
  key: Uint8Array,
  bytes: Uint8Array,
  tombstones: readonly RangeTombstone[],
  projection: Projection,
  now: Micros,
): Row | undefined {
  const { version, metadata, value } = takeRow(bytes);
  if (!isLive(key, version, tombstones, now)) return undefined;
  return { key, value: projection === "rows" ? value : EMPTY_BYTES, metadata, version };
}

/** A copy of what follows the first `prefixBytes` of a native key. */
export function keyAfter(nativeKey: Uint8Array, prefixBytes: number): Uint8Array {
  const key = new Uint8Array(nativeKey.length - prefixBytes);
  // Keys are short as a rule: a loop is done before a view for `set` would be made.
  for (let i = 0; i < key.length; i += 1) key[i] = nativeKey[prefixBytes + i] as number;
  return key;
}
