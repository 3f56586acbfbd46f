/**
 * Physical clean-up in two passes over a table: first the rows that are dead, then the tombstones that have
 * outlived their use. Nothing goes that a late write inside the retention could still need (DEL-5).
 */
import { concatBytes } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";
import type { Micros } from "../../model/time.ts";
import { RANK_DELETE } from "../../model/version.ts";
import type { SweepOutcome, SweepRequest } from "../../ports/storage-engine.ts";
import { decodeRowHead, type RowHead } from "../shared/row-codec.ts";
import { isCovered, type RangeTombstone } from "../shared/tombstones.ts";
import { type Change, getAll, writeAll } from "./binding.ts";
import { recordPrefix, ROWS, segmentStretch, tablePrefix, TOMBSTONES } from "./keys.ts";
import { rowsClaimed } from "./row-lock.ts";
import type { RocksdbStore } from "./store.ts";
import { sweepTombstones } from "./sweep-tombstones.ts";
import { decodeTombstones } from "./tombstone-list.ts";
import { walkTable } from "./walk-table.ts";

/** First byte of a cursor: which pass it belongs to. The rest is that pass's own. */
const ROW_PASS = 1;
const TOMBSTONE_PASS = 2;

/** One bounded step. Throws INVALID_ARGUMENT for a cursor that no sweep made. */
export async function sweepTable(
  store: RocksdbStore,
  request: SweepRequest,
  now: Micros,
): Promise<SweepOutcome> {
  const { cursor } = request;
  const pass = cursor === undefined ? ROW_PASS : cursor[0];
  const rest = cursor === undefined || cursor.length === 1 ? undefined : cursor.slice(1);
  if (pass === TOMBSTONE_PASS) {
    const step = await sweepTombstones(store, { ...request, cursor: rest }, now);
    const { cursor: next } = step;
    return { ...step, cursor: next === undefined ? undefined : passCursor(TOMBSTONE_PASS, next) };
  }
  if (pass !== ROW_PASS) {
    throw new KvError("INVALID_ARGUMENT", "cursor is not of a sweep, wanted one that a sweep gave");
  }
  const step = await sweepRows(store, { ...request, cursor: rest }, now);
  const { cursor: next } = step;
  return {
    ...step,
    cursor: next === undefined ? Uint8Array.of(TOMBSTONE_PASS) : passCursor(ROW_PASS, next),
  };
}

function passCursor(pass: number, rest: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(pass), rest);
}

async function sweepRows(
  store: RocksdbStore,
  request: SweepRequest,
  now: Micros,
): Promise<SweepOutcome> {
  const { table, retention } = request;
  const dead = new Map<string, Uint8Array[]>();
  const stretch = segmentStretch(tablePrefix(ROWS, table), 0, 1);
  const step = await store.use((db) =>
    walkTable(db, table, stretch, request, ({ id, key, bytes, tombstones }) => {
      if (mayGo(key, decodeRowHead(bytes), tombstones, now, retention)) {
        const keys = dead.get(id);
        if (keys === undefined) dead.set(id, [key]);
        else keys.push(key);
      }
      return true;
    }),
  );
  let rowsRemoved = 0;
  for (const [id, keys] of dead) {
    rowsRemoved += await removeDead(store, { table, id }, keys, now, retention);
  }
  return { ...step, rowsRemoved };
}

/** Removes those of the keys that are still dead: a write may have come since they were looked at. */
async function removeDead(
  store: RocksdbStore,
  partition: { readonly table: string; readonly id: string },
  keys: readonly Uint8Array[],
  now: Micros,
  retention: Micros,
): Promise<number> {
  const prefix = recordPrefix(ROWS, partition);
  const nativeKeys = keys.map((key) => concatBytes(prefix, key));
  return store.exclusive(partition, rowsClaimed(keys), async (db) => {
    const [list, ...rows] = await getAll(db, [recordPrefix(TOMBSTONES, partition), ...nativeKeys]);
    const tombstones = decodeTombstones(list);
    const removals: Change[] = [];
    for (const [i, bytes] of rows.entries()) {
      if (bytes === undefined) continue;
      if (mayGo(keys[i] as Uint8Array, decodeRowHead(bytes), tombstones, now, retention)) {
        removals.push({ key: nativeKeys[i] as Uint8Array, bytes: undefined });
      }
    }
    await writeAll(db, removals);
    return removals.length;
  });
}

/**
 * Whether nobody needs the row any more. A hidden row may go at once, for what hides it hides everything that
 * it would. An expired row or a marker goes on hiding older writes until none can be accepted.
 */
function mayGo(
  key: Uint8Array,
  { version, removeAt }: RowHead,
  tombstones: readonly RangeTombstone[],
  now: Micros,
  retention: Micros,
): boolean {
  if (isCovered(tombstones, key, version)) return true;
  if (version.time + retention > now) return false;
  if (version.rank === RANK_DELETE) return removeAt <= now;
  return version.expiry !== 0 && version.expiry + retention <= now;
}
