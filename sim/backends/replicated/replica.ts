/** One replica of the Cassandra-shaped engine: rows in memory, a commit log on disk, an acknowledgement in between. */
import type { Micros } from "kvdal";
import {
  applyToRecord,
  emptyRecord,
  type KeyedRow,
  type MemoryRecord,
  type Mutation,
  type Projection,
  type RangeRead,
  type RangeTombstone,
} from "kvdal/engine";
import { hash32, scale } from "../../world/keyed-random.ts";
import type { SimNode } from "../../world/node.ts";

/** A write in the commit log. It is durable from `durableAt` on; a crash before that loses it. */
export type LogEntry = {
  readonly id: string;
  readonly mutations: readonly Mutation[];
  readonly durableAt: Micros;
  lost: boolean;
};

/** What a replica answers to a read: rows as stored, dead ones included, and what hides them. */
export type ReplicaReply = {
  readonly rows: readonly KeyedRow[];
  readonly tombstones: readonly RangeTombstone[];
  /** Whether there are rows of the range after the last one. */
  readonly more: boolean;
};

const NOTHING: ReplicaReply = { rows: [], tombstones: [], more: false };
/** Longest wait for the log's sync, microseconds: writes arriving close together share one. */
const SYNC_MAX: Micros = 400;

/** A replica. */
export class Replica {
  readonly node: SimNode;
  readonly records: Map<string, MemoryRecord> = new Map();
  /** The durable half and what is on its way there, in order of arrival. */
  #log: LogEntry[] = [];

  constructor(node: SimNode) {
    this.node = node;
  }

  /** Takes a write in; it may be acknowledged at `durableAt`, unless it is lost by then. */
  write(id: string, mutations: readonly Mutation[], key: number): LogEntry {
    const wait = scale(hash32(key, this.node.index), SYNC_MAX);
    const entry = { id, mutations, durableAt: this.node.world.now + wait, lost: false };
    this.#log.push(entry);
    this.#apply(entry);
    return entry;
  }

  /** The next rows of a range. */
  readRange(read: RangeRead): ReplicaReply {
    const record = this.records.get(read.id);
    if (record === undefined) return NOTHING;
    const rows: KeyedRow[] = [];
    let bytes = 0;
    let more = false;
    record.rows.visit(read.range, read.reverse, (row) => {
      more = rows.length >= read.rowLimit || bytes >= read.byteLimit;
      if (more) return false;
      rows.push(row);
      bytes += row.key.length + valueBytes(row, read.projection);
      return true;
    });
    return { rows, tombstones: record.tombstones, more };
  }

  /** The rows of single keys. */
  readKeys(id: string, keys: readonly Uint8Array[]): ReplicaReply {
    const record = this.records.get(id);
    if (record === undefined) return NOTHING;
    const rows = keys.map((key) => record.rows.get(key)).filter((row) => row !== undefined);
    return { rows, tombstones: record.tombstones, more: false };
  }

  /** Goes down: what the log had not synced is lost, and so is everything in memory. */
  crash(): void {
    this.node.crash();
    const { now } = this.node.world;
    for (const entry of this.#log) entry.lost ||= entry.durableAt > now;
    this.#log = this.#log.filter((entry) => !entry.lost);
    this.records.clear();
  }

  /** Comes back with what the log holds. */
  restart(): void {
    this.node.restart();
    for (const entry of this.#log) this.#apply(entry);
  }

  #apply(entry: LogEntry): void {
    let record = this.records.get(entry.id);
    if (record === undefined) {
      record = emptyRecord();
      this.records.set(entry.id, record);
    }
    for (const mutation of entry.mutations) applyToRecord(record, mutation);
  }
}

function valueBytes(row: KeyedRow, projection: Projection): number {
  return projection === "rows" ? row.value.length : 0;
}
