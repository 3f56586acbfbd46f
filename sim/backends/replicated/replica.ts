/** One replica of the Cassandra-shaped engine: rows in memory, a commit log on disk, an acknowledgement in between. */
import { compareBytes, compareVersions, type Micros, successor } from "kvdal";
import {
  applyToRecord,
  type Beats,
  bucketOf,
  bucketsOf,
  emptyRecord,
  isNewer,
  type KeyedRow,
  type MemoryRecord,
  type Mutation,
  type Partition,
  type RangeRead,
  type RangeTombstone,
  type RowPlace,
  type ScanRead,
  type SweepOutcome,
  type SweepRequest,
  sweepRecord,
} from "kvdal/engine";
import { Disk } from "../../faults/disk.ts";
import { faultPlace } from "../../faults/registry/index.ts";
import type { Trouble } from "../../faults/trouble.ts";
import { LOSSES } from "../../faults/trouble-groups.ts";
import { hash32, scale } from "../../world/keyed-random.ts";
import type { SimNode } from "../../world/node.ts";
import { damageOf } from "./damage.ts";

const UNSYNCED = faultPlace("unsynced_loss");

/** A write in the commit log. It is durable from `durableAt` on; a crash before that loses it. */
export type LogEntry = {
  readonly partition: Partition;
  readonly mutations: readonly Mutation[];
  readonly durableAt: Micros;
  lost: boolean;
};

/** A sweep of one replica: nothing of it has to become durable. */
export type Swept = Pick<LogEntry, "durableAt" | "lost"> &
  Pick<SweepOutcome, "rowsExamined" | "rowsRemoved">;

/** What a replica answers to a read: rows as stored, dead ones included, and what hides them. */
export type ReplicaReply = {
  readonly rows: readonly KeyedRow[];
  readonly tombstones: readonly RangeTombstone[];
  /** Whether there are rows of the range after the last one. */
  readonly more: boolean;
};

/** What a replica answers to a scan: by record id, in their order; `end` is its last row where there are more. */
export type SegmentReply = {
  readonly records: ReadonlyMap<string, ReplicaReply>;
  readonly end: RowPlace | undefined;
};

const NOTHING: ReplicaReply = { rows: [], tombstones: [], more: false };
/** Longest wait for the log's sync, microseconds: writes arriving close together share one. */
export const SYNC_MAX: Micros = 400;

/** A replica. */
export class Replica {
  readonly node: SimNode;
  /** By table, then by record id. */
  readonly tables: Map<string, Map<string, MemoryRecord>> = new Map();
  /** The durable half and what is on its way there, in order of arrival. */
  #log: LogEntry[] = [];
  readonly #disk: Disk | undefined;
  /** Whether it has all that it has acknowledged, or is to get it from others before it answers reads. */
  isWhole = true;
  /** How often it lost something. */
  losses = 0;
  /** Told of every write that it takes in, where somebody wants to know. */
  onTaken: ((entry: LogEntry) => void) | undefined;

  constructor(node: SimNode) {
    this.node = node;
    this.#disk = Disk.of(node);
  }

  /** Takes a write in; it may be acknowledged at `durableAt`, unless it is lost by then. */
  write(partition: Partition, mutations: readonly Mutation[], key: number): LogEntry {
    const wait = scale(hash32(key, this.node.index), SYNC_MAX);
    const { now } = this.node.world;
    const entry = { partition, mutations, durableAt: now + wait, lost: false };
    if (this.#disk !== undefined) {
      if (this.#disk.refuses(key)) return { ...entry, lost: true };
      const stall = this.#disk.stall(key);
      if (stall > 0) return this.#take({ ...entry, durableAt: entry.durableAt + stall });
    }
    return this.#take(entry);
  }

  /** Takes in what another replica has, to be whole again: it is synced before it is believed. */
  restore(partition: Partition, mutations: readonly Mutation[]): void {
    this.#take({ partition, mutations, durableAt: this.node.world.now, lost: false });
  }

  /** How much longer than usual it takes to answer now. */
  stall(key: number): Micros {
    return this.#disk === undefined ? 0 : this.#disk.stall(key);
  }

  #take(entry: LogEntry): LogEntry {
    this.#log.push(entry);
    this.#apply(entry);
    this.onTaken?.(entry);
    this.node.world.trace?.applied(this.node, entry.partition, entry.mutations);
    return entry;
  }

  /** The next rows of a range, by count alone, as Cassandra does. */
  readRange(read: RangeRead): ReplicaReply {
    const record = this.record(read);
    if (record === undefined) return NOTHING;
    const rows: KeyedRow[] = [];
    let more = false;
    record.rows.visit(read.range, read.reverse, (row) => {
      more = rows.length >= read.rowLimit;
      if (more) return false;
      rows.push(row);
      return true;
    });
    return { rows, tombstones: record.tombstones, more };
  }

  /** The rows of single keys. */
  readKeys(partition: Partition, keys: readonly Uint8Array[]): ReplicaReply {
    const record = this.record(partition);
    if (record === undefined) return NOTHING;
    const rows = keys.map((key) => record.rows.get(key)).filter((row) => row !== undefined);
    return { rows, tombstones: record.tombstones, more: false };
  }

  /** The next rows of a segment, by count alone, record by record. */
  readSegment({ table, segment, rowLimit }: ScanRead, from: RowPlace | undefined): SegmentReply {
    const records = this.tables.get(table) ?? new Map<string, MemoryRecord>();
    const { first, end } = bucketsOf(segment);
    const isIn = (id: string): boolean => {
      const bucket = bucketOf(id);
      return bucket >= first && bucket < end;
    };
    const read = {
      reverse: false,
      byteLimit: Number.POSITIVE_INFINITY,
      projection: "rows",
    } as const;
    const replies = new Map<string, ReplicaReply>();
    let left = rowLimit;
    let last: RowPlace | undefined;
    for (const id of [...records.keys()].filter(isIn).toSorted()) {
      if (from !== undefined && id < from.id) continue;
      const range = id === from?.id ? { start: successor(from.key) } : {};
      const reply = this.readRange({ table, id, range, ...read, rowLimit: left });
      left -= reply.rows.length;
      const key = reply.rows.at(-1)?.key;
      if (key !== undefined) last = { id, key };
      // Where nothing of a record fitted, the answer ends in the one before.
      if (key !== undefined || !reply.more) replies.set(id, reply);
      if (reply.more) return { records: replies, end: last };
    }
    return { records: replies, end: undefined };
  }

  /**
   * Removes what no reader and no late write needs any more. A crash brings it back from the log: replicas that had
   * more, or less, to remove show the same.
   */
  sweep({ table, retention }: SweepRequest, now: Micros): Swept {
    const records = this.tables.get(table);
    let [rowsExamined, rowsRemoved] = [0, 0];
    for (const [id, record] of records ?? []) {
      const { examined, removed, empty } = sweepRecord(record, now, retention);
      rowsExamined += examined;
      rowsRemoved += removed;
      if (empty) records?.delete(id);
    }
    return { durableAt: this.node.world.now, lost: false, rowsExamined, rowsRemoved };
  }

  /** Drops tombstones past their grace, with what they hide, by its own clock, of every table. */
  compact(grace: Micros): void {
    for (const table of this.tables.keys()) {
      this.sweep({ table, retention: grace, cursor: undefined, rowLimit: 0 }, this.node.wall());
    }
  }

  /** What it has of a record. */
  record({ table, id }: Partition): MemoryRecord | undefined {
    return this.tables.get(table)?.get(id);
  }

  /** Goes down: what the log had not synced is lost, and so is everything in memory. */
  crash(): void {
    const { now, tally, spared } = this.node.world;
    const isSpared = spared.includes("unsynced_loss");
    const isLost = ({ durableAt }: LogEntry): boolean => !isSpared && durableAt > now;
    tally.count(UNSYNCED, this.#log.some(isLost));
    this.#goDown(isLost);
  }

  /** Suffers a trouble of what it stores on; it goes down by most of them. Whether that cost anything. */
  suffer(trouble: Trouble): boolean {
    const { isLost, mattered } = damageOf(trouble, this.#log, this.node.world);
    if (trouble.kind === "corruption") {
      for (const entry of this.#log) entry.lost ||= isLost(entry);
      this.#forget();
      for (const entry of this.#log) this.#apply(entry);
    } else this.#goDown(isLost);
    if (LOSSES.has(trouble.kind)) {
      this.isWhole = false;
      this.losses += 1;
    }
    return mattered;
  }

  #goDown(isLost: (entry: LogEntry) => boolean): void {
    this.node.crash();
    for (const entry of this.#log) entry.lost ||= isLost(entry);
    this.#forget();
  }

  #forget(): void {
    const { trace, now } = this.node.world;
    for (const { lost, partition, mutations, durableAt } of trace === undefined ? [] : this.#log) {
      if (lost) trace?.forgotten(this.node, partition, mutations, durableAt <= now);
    }
    this.#log = this.#log.filter((entry) => !entry.lost);
    this.tables.clear();
  }

  /** Comes back with what the log holds. */
  restart(): void {
    this.node.restart();
    for (const entry of this.#log) this.#apply(entry);
  }

  #apply(entry: LogEntry): void {
    const { table, id } = entry.partition;
    let records = this.tables.get(table);
    if (records === undefined) {
      records = new Map();
      this.tables.set(table, records);
    }
    let record = records.get(id);
    if (record === undefined) {
      record = emptyRecord();
      records.set(id, record);
    }
    for (const mutation of entry.mutations) applyToRecord(record, mutation, electsForms);
  }
}

/** All that a replica has of a record. */
export function shown(record: MemoryRecord): ReplicaReply {
  const rows: KeyedRow[] = [];
  record.rows.visit({}, false, (row) => rows.push(row) > 0);
  return { rows, tombstones: record.tombstones, more: false };
}

/** The writes that make up what a replica shows, deletions included. */
export function mutationsOf({ rows, tombstones }: ReplicaReply): readonly Mutation[] {
  const deletions = tombstones.map(({ range, version }): Mutation => {
    return { kind: "delete_range", range, version };
  });
  return [...deletions, ...rows.map(mutationOf)];
}

function mutationOf(row: KeyedRow): Mutation {
  const { key, value, metadata, version, removeAt } = row;
  return version.rank === 2
    ? { kind: "delete_key", key, version, removeAt }
    : { kind: "put", row: { key, value, metadata, version } };
}

/**
 * Of two forms of one write, stored under one version, every replica elects the same, as Cassandra does by comparing
 * bytes. A put that is repeated may be stored in another form.
 */
const electsForms: Beats = (arriving, present) =>
  isNewer(arriving.version, present.version) || isGreaterForm(arriving, present);

function isGreaterForm(arriving: KeyedRow, present: KeyedRow): boolean {
  // Mostly it is the very same write again. Values alone do not say so: those in chunks share their empty bytes.
  if (arriving.value === present.value && arriving.metadata === present.metadata) return false;
  const isSameVersion = compareVersions(arriving.version, present.version) === 0;
  return isSameVersion && compareContent(arriving, present) > 0;
}

/** The order of two forms of one write. */
export function compareContent(a: Content, b: Content): number {
  return compareBytes(a.metadata, b.metadata) || compareBytes(a.value, b.value);
}

type Content = Pick<KeyedRow, "metadata" | "value">;
