/**
 * The second pass of a sweep: tombstones. One may go when its version is older than the retention, so that no
 * write it would hide can still be accepted, and when no row it hides is left, which is looked up here however
 * long the record is: a step that runs out of rows goes on at the same place.
 */
import { compareBytes, concatBytes, equalBytes, successor } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";
import type { Micros } from "../../model/time.ts";
import { readMicros, writeMicros } from "../../model/version.ts";
import type { Partition, SweepOutcome, SweepRequest } from "../../ports/storage-engine.ts";
import { decodeRowVersion } from "../shared/row-codec.ts";
import { isCovered, type RangeTombstone } from "../shared/tombstones.ts";
import { getAll, type NativeDb, walk, writeAll } from "./binding.ts";
import { endOf, placeOf, recordPrefix, ROWS, tablePrefix, TOMBSTONES } from "./keys.ts";
import { keyAfter } from "./read.ts";
import type { RocksdbStore } from "./store.ts";
import { decodeTombstones, encodeTombstones } from "./tombstone-list.ts";

/** Bytes of the digest, and of the horizon, that a cursor in the middle of a record carries. */
const DIGEST_BYTES = 8;
const HORIZON_BYTES = 8;

/** A record with tombstones, as the pass comes to it. */
type Marked = {
  readonly id: string;
  /** What follows the table in the record's native key. */
  readonly place: Uint8Array;
  readonly list: Uint8Array;
};

/** Where a step begins: after a record's place, or within that record's rows. */
type Position = { readonly place: Uint8Array; readonly within: Within | undefined };

/** Which tombstones the rows up to `after` were looked at for: those of that list that were due by the horizon. */
type Within = {
  readonly digest: Uint8Array;
  readonly horizon: Micros;
  readonly after: Uint8Array;
};

/** How looking for hidden rows in one record ended. */
type Search = {
  readonly end: "clean" | "hidden-row" | "out-of-rows";
  readonly rowsExamined: number;
  readonly last: Uint8Array | undefined;
};

/** One bounded step; counts tombstones as rows. The cursor is this pass's own. */
export async function sweepTombstones(
  store: RocksdbStore,
  request: SweepRequest,
  now: Micros,
): Promise<SweepOutcome> {
  let position = request.cursor === undefined ? undefined : decodePosition(request.cursor);
  let rowsExamined = 0;
  let rowsRemoved = 0;
  while (rowsExamined < request.rowLimit) {
    const marked = await store.use((db) => nextMarked(db, request.table, position));
    if (marked === undefined) return { rowsExamined, rowsRemoved, cursor: undefined };
    rowsExamined += 1;
    const digest = digestOf(marked.list);
    const within = resumeWithin(position, marked, digest);
    // One that has become due since would be dropped for rows that were never looked at for it.
    const horizon = within?.horizon ?? now - request.retention;
    const old = decodeTombstones(marked.list).filter(({ version }) => version.time <= horizon);
    const rowsLeft = Math.max(1, request.rowLimit - rowsExamined);
    const partition = { table: request.table, id: marked.id };
    if (old.length > 0) {
      const search = await store.use((db) =>
        findHidden(db, partition, old, within?.after, rowsLeft),
      );
      rowsExamined += search.rowsExamined;
      if (search.end === "out-of-rows") {
        const after = search.last as Uint8Array;
        const cursor = encodePosition({ place: marked.place, within: { digest, horizon, after } });
        return { rowsExamined, rowsRemoved, cursor };
      }
      if (search.end === "clean") {
        rowsRemoved += await dropOld(store, partition, marked.list, old.length, horizon);
      }
    }
    position = { place: marked.place, within: undefined };
  }
  const cursor = position === undefined ? undefined : encodePosition(position);
  return { rowsExamined, rowsRemoved, cursor };
}

/** The record to look at next. A position within a record begins with that record. */
async function nextMarked(
  db: NativeDb,
  table: string,
  position: Position | undefined,
): Promise<Marked | undefined> {
  const prefix = tablePrefix(TOMBSTONES, table);
  const at = position === undefined ? prefix : concatBytes(prefix, position.place);
  const from = position === undefined || position.within !== undefined ? at : successor(at);
  let found: Marked | undefined;
  await walk(db, { from, to: endOf(prefix), reverse: false, limit: 1 }, (nativeKey, bytes) => {
    const { id } = placeOf(nativeKey, prefix.length);
    found = { id, place: keyAfter(nativeKey, prefix.length), list: new Uint8Array(bytes) };
    return false;
  });
  return found;
}

/** Where to go on; undefined to begin, also when the record or its tombstones are not the same. */
function resumeWithin(
  position: Position | undefined,
  marked: Marked,
  digest: Uint8Array,
): Within | undefined {
  if (position?.within === undefined || !equalBytes(position.place, marked.place)) return undefined;
  return equalBytes(position.within.digest, digest) ? position.within : undefined;
}

/** Looks for a row that one of the tombstones hides. None can be added meanwhile: writes mind the tombstones. */
async function findHidden(
  db: NativeDb,
  partition: Partition,
  tombstones: readonly RangeTombstone[],
  after: Uint8Array | undefined,
  rowLimit: number,
): Promise<Search> {
  const prefix = recordPrefix(ROWS, partition);
  const from = after === undefined ? prefix : successor(concatBytes(prefix, after));
  let search: Search = { end: "clean", rowsExamined: 0, last: undefined };
  const stretch = { from, to: endOf(prefix), reverse: false, limit: rowLimit + 1 };
  await walk(db, stretch, (nativeKey, bytes) => {
    const { rowsExamined, last } = search;
    if (rowsExamined === rowLimit) {
      search = { end: "out-of-rows", rowsExamined, last };
      return false;
    }
    const key = keyAfter(nativeKey, prefix.length);
    const hidden = isCovered(tombstones, key, decodeRowVersion(bytes));
    search = { end: hidden ? "hidden-row" : "clean", rowsExamined: rowsExamined + 1, last: key };
    return !hidden;
  });
  return search;
}

/** Removes the old tombstones unless the list has changed since it was looked at: then the next sweep will. */
async function dropOld(
  store: RocksdbStore,
  partition: Partition,
  list: Uint8Array,
  count: number,
  horizon: Micros,
): Promise<number> {
  const key = recordPrefix(TOMBSTONES, partition);
  return store.exclusive(partition, undefined, async (db) => {
    const [present] = await getAll(db, [key]);
    if (present === undefined || compareBytes(present, list) !== 0) return 0;
    const kept = decodeTombstones(list).filter(({ version }) => version.time > horizon);
    const bytes = kept.length === 0 ? undefined : encodeTombstones(kept);
    await writeAll(db, [{ key, bytes }]);
    return count;
  });
}

/** Length of the place, 2; place; then, within a record, digest 8, horizon 8 and key. */
function encodePosition({ place, within }: Position): Uint8Array {
  const length = Uint8Array.of(place.length >> 8, place.length & 0xff);
  if (within === undefined) return concatBytes(length, place);
  const horizon = new Uint8Array(HORIZON_BYTES);
  writeMicros(horizon, 0, Math.max(0, within.horizon));
  return concatBytes(length, place, within.digest, horizon, within.after);
}

function decodePosition(cursor: Uint8Array): Position {
  const placeEnd = 2 + ((cursor[0] ?? 0) << 8) + (cursor[1] ?? 0);
  const digestEnd = placeEnd + DIGEST_BYTES;
  const headEnd = digestEnd + HORIZON_BYTES;
  if (cursor.length < placeEnd || (cursor.length > placeEnd && cursor.length < headEnd)) {
    throw new KvError("INVALID_ARGUMENT", "cursor is cut short, wanted one that a sweep gave");
  }
  const place = cursor.slice(2, placeEnd);
  if (cursor.length === placeEnd) return { place, within: undefined };
  const digest = cursor.slice(placeEnd, digestEnd);
  const horizon = readMicros(cursor, digestEnd);
  return { place, within: { digest, horizon, after: cursor.slice(headEnd) } };
}

/** Tells two lists apart: two FNV-1a hashes, one backward. Versions hold random nonces; nobody forges them here. */
function digestOf(list: Uint8Array): Uint8Array {
  let forward = 0x811c9dc5;
  let backward = 0x811c9dc5;
  for (let i = 0; i < list.length; i += 1) {
    forward = Math.imul(forward ^ (list[i] as number), 0x01000193);
    backward = Math.imul(backward ^ (list[list.length - 1 - i] as number), 0x01000193);
  }
  const digest = new Uint8Array(DIGEST_BYTES);
  const view = new DataView(digest.buffer);
  view.setInt32(0, forward);
  view.setInt32(4, backward);
  return digest;
}
