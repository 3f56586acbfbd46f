/** What several replicas' answers say together: per key the highest version, less what any tombstone hides. */
import { compareBytes, compareVersions, EMPTY_BYTES, type Micros } from "kvdal";
import {
  encodeRowPlace,
  isLive,
  type KeyedRow,
  type Projection,
  type RangeTombstone,
  type Row,
  type RowPlace,
  type RowsPage,
  type ScanPage,
} from "kvdal/engine";
import { compareContent, type ReplicaReply, type SegmentReply } from "./replica.ts";

/** How the rows are ordered and what of them is wanted. */
export type MergeOrder = {
  readonly reverse: boolean;
  readonly projection: Projection;
  /**
   * Rows that had expired by then are left out. 0 for an engine that removes them late: what is past its expiry, the
   * service hides.
   */
  readonly expiredBy: Micros;
};

/**
 * Merges answers to one read. A replica that has more rows knows nothing of what comes after its last one, so the
 * page ends at the nearest such key: beyond it, absence would be a guess (a short read).
 */
export function mergeReplies(replies: readonly ReplicaReply[], order: MergeOrder): RowsPage {
  const direction = order.reverse ? -1 : 1;
  const end = nearestEnd(replies, direction);
  const tombstones = allTombstones(replies);
  const next = replies.map(() => 0);
  const rows: Row[] = [];
  let rowsExamined = 0;
  for (;;) {
    const row = takeNext(replies, next, direction);
    if (row === undefined) break;
    if (end !== undefined && compareBytes(row.key, end) * direction > 0) break;
    rowsExamined += 1;
    if (isLive(row.key, row.version, tombstones, order.expiredBy)) {
      rows.push(toRow(row, order.projection));
    }
  }
  return { rows, rowsExamined, resumeAfter: end };
}

function allTombstones(replies: readonly ReplicaReply[]): readonly RangeTombstone[] {
  let all: readonly RangeTombstone[] = [];
  for (const { tombstones } of replies) {
    if (tombstones.length > 0) all = all.length === 0 ? tombstones : [...all, ...tombstones];
  }
  return all;
}

/** Whether all answers show the very same rows and deletions. */
export function agree(replies: readonly ReplicaReply[]): boolean {
  const first = replies[0];
  return first === undefined || replies.every((reply) => isSame(reply, first));
}

function isSame(one: ReplicaReply, other: ReplicaReply): boolean {
  return (
    one.rows.length === other.rows.length &&
    one.tombstones.length === other.tombstones.length &&
    one.rows.every((row, i) => isSameRow(row, other.rows[i] as KeyedRow)) &&
    one.tombstones.every(({ version }, i) => {
      return compareVersions(version, (other.tombstones[i] as RangeTombstone).version) === 0;
    })
  );
}

function isSameRow(row: KeyedRow, other: KeyedRow): boolean {
  if (row === other) return true;
  const sameKey = compareBytes(row.key, other.key) === 0;
  const sameVersion = compareVersions(row.version, other.version) === 0;
  return sameKey && sameVersion && compareContent(row, other) === 0;
}

/**
 * Merges answers to one scan: every record that any of them has, in the order of ids. As within a record, the page
 * ends where the first of the answers does that have more.
 */
export function mergeSegments(
  replies: readonly SegmentReply[],
  { projection, expiredBy }: Omit<MergeOrder, "reverse">,
): ScanPage {
  const end = nearestPlace(replies);
  const ids = new Set<string>();
  for (const { records } of replies) for (const id of records.keys()) ids.add(id);
  const entries: { id: string; row: Row }[] = [];
  let rowsExamined = 0;
  for (const id of [...ids].toSorted()) {
    if (end !== undefined && id > end.id) break;
    const known = replies.map(({ records }) => records.get(id)).filter((one) => one !== undefined);
    const page = mergeReplies(known, { reverse: false, projection, expiredBy });
    rowsExamined += page.rowsExamined;
    for (const row of page.rows) {
      if (id !== end?.id || compareBytes(row.key, end.key) <= 0) entries.push({ id, row });
    }
  }
  return { entries, rowsExamined, cursor: end && encodeRowPlace(end) };
}

/** The end of the answer that ends first, among those that have more. */
function nearestPlace(replies: readonly SegmentReply[]): RowPlace | undefined {
  let nearest: RowPlace | undefined;
  for (const { end } of replies) {
    if (end === undefined) continue;
    const isNearer =
      nearest === undefined ||
      end.id < nearest.id ||
      (end.id === nearest.id && compareBytes(end.key, nearest.key) < 0);
    if (isNearer) nearest = end;
  }
  return nearest;
}

/** The last key of the answer that ends first, among those that have more. */
function nearestEnd(replies: readonly ReplicaReply[], direction: number): Uint8Array | undefined {
  let end: Uint8Array | undefined;
  for (const { rows, more } of replies) {
    const last = more ? rows.at(-1)?.key : undefined;
    if (last === undefined) continue;
    if (end === undefined || compareBytes(last, end) * direction < 0) end = last;
  }
  return end;
}

/** The newest row of the next key, moving every answer past that key. */
function takeNext(
  replies: readonly ReplicaReply[],
  next: number[],
  direction: number,
): KeyedRow | undefined {
  let first: KeyedRow | undefined;
  for (let i = 0; i < replies.length; i += 1) {
    const row = replies[i]!.rows[next[i]!];
    if (row === undefined) continue;
    const order = first === undefined ? -1 : compareKeys(row, first) * direction;
    if (order < 0 || (order === 0 && wins(row, first!))) {
      first = row;
    }
  }
  if (first === undefined) return undefined;
  for (let i = 0; i < replies.length; i += 1) {
    const row = replies[i]!.rows[next[i]!];
    if (row !== undefined && compareKeys(row, first) === 0) next[i] = next[i]! + 1;
  }
  return first;
}

/** Replicas that were told of one write keep its very bytes. */
function compareKeys(a: KeyedRow, b: KeyedRow): number {
  return a.key === b.key ? 0 : compareBytes(a.key, b.key);
}

/** Rows are never changed once stored, so a simulated reader may share their bytes. */
function toRow(row: KeyedRow, projection: Projection): Row {
  const { key, value, metadata, version } = row;
  return { key, value: projection === "rows" ? value : EMPTY_BYTES, metadata, version };
}

/** Whether a row beats another of its key: by its version, or, of two forms of one write, by its bytes. */
function wins(row: KeyedRow, other: KeyedRow): boolean {
  const { version, value, metadata } = other;
  if (row.version === version && row.value === value && row.metadata === metadata) return false;
  const order = compareVersions(row.version, version);
  return order > 0 || (order === 0 && compareContent(row, other) > 0);
}
