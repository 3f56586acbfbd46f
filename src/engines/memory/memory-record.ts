/** One record in memory: rows and range tombstones, and what a mutation does to them. Pure of time and I/O. */
import { EMPTY_BYTES } from "../../model/bytes.ts";
import { ALL_KEYS } from "../../model/range.ts";
import { compareVersions } from "../../model/version.ts";
import type { Mutation, MutationOutcome } from "../../ports/storage-engine.ts";
import { isNewer } from "../shared/last-write-wins.ts";
import {
  isCovered,
  type RangeTombstone,
  tombstoneOf,
  withTombstone,
} from "../shared/tombstones.ts";
import { type Beats, type KeyedRow, SortedRows } from "./sorted-rows.ts";

/** A record. Rows include deletion markers and rows that a tombstone hides, until a sweep removes them. */
export type MemoryRecord = {
  readonly rows: SortedRows;
  tombstones: readonly RangeTombstone[];
};

const APPLIED: MutationOutcome = { kind: "applied" };
const SUPERSEDED: MutationOutcome = { kind: "superseded" };

/** A record without anything in it. */
export function emptyRecord(): MemoryRecord {
  return { rows: new SortedRows(), tombstones: [] };
}

/** The highest version of a key is the one that stays (TOK-4, TOK-5). */
const newerBeats: Beats = (arriving, present) => isNewer(arriving.version, present.version);

/**
 * Applies one mutation, copying nothing: bytes in `mutation` are kept as they are. `beats` elects between the rows of
 * one key.
 */
export function applyToRecord(
  record: MemoryRecord,
  mutation: Mutation,
  beats: Beats = newerBeats,
): MutationOutcome {
  switch (mutation.kind) {
    case "put": {
      const { key, value, metadata, version } = mutation.row;
      return applyRow(record, { key, value, metadata, version, removeAt: 0 }, beats);
    }
    case "delete_key": {
      const { key, version, removeAt } = mutation;
      const marker = { key, version, removeAt, value: EMPTY_BYTES, metadata: EMPTY_BYTES };
      return applyRow(record, marker, beats);
    }
    case "delete_range":
    case "delete_record":
      return applyTombstone(record, tombstoneOf(mutation));
    default:
      throw mutation satisfies never;
  }
}

/** One that newer ones make needless changes nothing, unless it is a repeat. */
function applyTombstone(record: MemoryRecord, added: RangeTombstone): MutationOutcome {
  const before = record.tombstones;
  record.tombstones = withTombstone(before, added);
  if (record.tombstones !== before) return APPLIED;
  const repeats = before.some(({ version }) => compareVersions(version, added.version) === 0);
  return repeats ? APPLIED : SUPERSEDED;
}

function applyRow(record: MemoryRecord, row: KeyedRow, beats: Beats): MutationOutcome {
  if (isCovered(record.tombstones, row.key, row.version)) return SUPERSEDED;
  const stays = record.rows.put(row, beats);
  const isInEffect = stays === undefined || compareVersions(stays.version, row.version) === 0;
  return isInEffect ? APPLIED : SUPERSEDED;
}

/**
 * Removes what no reader and no late write needs any more: expired rows and markers past their time, rows that a
 * tombstone hides, and tombstones past `retention` (DEL-5). Returns rows looked at and removed.
 */
export function sweepRecord(
  record: MemoryRecord,
  now: number,
  retention: number,
): { readonly examined: number; readonly removed: number; readonly empty: boolean } {
  const doomed: Uint8Array[] = [];
  let examined = 0;
  record.rows.visit(ALL_KEYS, false, (row) => {
    examined += 1;
    if (mayGo(record, row, now, retention)) doomed.push(row.key);
    return true;
  });
  for (const key of doomed) record.rows.delete(key);
  record.tombstones = record.tombstones.filter(({ version }) => version.time + retention > now);
  const empty = examined === doomed.length && record.tombstones.length === 0;
  return { examined, removed: doomed.length, empty };
}

function mayGo(record: MemoryRecord, row: KeyedRow, now: number, retention: number): boolean {
  const { expiry } = row.version;
  if (row.removeAt !== 0) return row.removeAt <= now;
  if (expiry !== 0 && expiry + retention <= now) return true;
  return isCovered(record.tombstones, row.key, row.version);
}
