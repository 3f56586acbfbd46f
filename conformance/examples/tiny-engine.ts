/**
 * An engine adapter as its author would begin: rows in a Map, most of the work done by the package's helpers. What a
 * verb has to do, and what a capability promises, is said at `StorageEngine` and `EngineCapabilities`.
 */
import { compareBytes, KvError } from "kvdal";
import {
  applyToRecord,
  bucketOf,
  bucketsOf,
  checkCall,
  decodeRowPlace,
  emptyRecord,
  encodeRowPlace,
  type EngineAdapter,
  type EngineCall,
  type EngineCapabilities,
  type EngineContext,
  isLive,
  type KeyedRow,
  type MemoryRecord,
  ownMutation,
  ownRow,
  type Projection,
  type Row,
  type RowsPage,
  type ScanPage,
  type ScanRead,
  type StorageEngine,
  sweepRecord,
} from "kvdal/engine";

/** What is judged by `kvdal conformance ./tiny-engine.ts`, and run by `kvdal sim --engine ./tiny-engine.ts`. */
export const engine: EngineAdapter = { name: "tiny", open: async (context) => openTiny(context) };

const CAPABILITIES: EngineCapabilities = {
  engine: "tiny",
  sharing: "embedded",
  durability: {
    processKill: "everything",
    hostLoss: "everything",
    consequence: "What is stored ends with the process.",
  },
  lastWriteWins: "emulated",
  atomicWrite: "record",
  outcome: "known",
  rangeDelete: "native",
  ttl: { removal: "sweep", granularity: 1, max: Number.POSITIVE_INFINITY, removalLag: 0 },
  putIfAbsent: false,
  consistency: ["eventual", "quorum"],
  eventualLag: 0,
  inlineBytesMax: 64 * 1024 * 1024,
  keysPerReadMax: 1_000,
  mutationsPerWriteMax: 1_000,
  nativePageBytesMax: Number.POSITIVE_INFINITY,
  pagesByBytes: true,
  scanSegmentsMax: 256,
  orderingGaps: [],
};

type Table = Map<string, MemoryRecord>;

function openTiny({ env, native }: EngineContext): StorageEngine {
  const tables = new Map<string, Table>();
  let isClosed = false;
  /** Every verb is one native call here, begun only for a caller who still waits. */
  const call = async <T>(label: string, how: EngineCall, work: () => T): Promise<T> => {
    if (isClosed) throw new KvError("UNAVAILABLE", "tiny is closed", { applied: "no" });
    checkCall(how, env.clock, "no");
    return native(label, async () => work());
  };
  return {
    capabilities: CAPABILITIES,
    provision: ({ table }, how) =>
      call("provision", how, () => void tables.set(table, tables.get(table) ?? new Map())),
    write: ({ table, id }, mutations, how) =>
      call("write", how, () => {
        const records = tableIn(tables, table);
        const record = records.get(id) ?? emptyRecord();
        records.set(id, record);
        // Whoever put them may change its bytes afterwards.
        return mutations.map((mutation) => applyToRecord(record, ownMutation(mutation)));
      }),
    readKeys: ({ table, id, keys, projection }, how) =>
      call("readKeys", how, () => {
        const record = tableIn(tables, table).get(id) ?? emptyRecord();
        const found = keys.flatMap((key) => record.rows.get(key) ?? []);
        const rows = found.filter((row) => isShown(row, record, how)).map(shownBy(projection));
        return { rows, rowsExamined: keys.length, resumeAfter: undefined };
      }),
    readRange: (read, how) =>
      call("readRange", how, () => {
        const record = tableIn(tables, read.table).get(read.id) ?? emptyRecord();
        const part = new Part(read.rowLimit, read.byteLimit);
        record.rows.visit(read.range, read.reverse, (row) =>
          part.take(row, isShown(row, record, how) ? shownBy(read.projection)(row) : undefined),
        );
        return part.page();
      }),
    putIfAbsent: async () => {
      throw new KvError("UNSUPPORTED", "tiny has no conditional puts", { applied: "no" });
    },
    scan: (read, how) => call("scan", how, () => scan(tableIn(tables, read.table), read, how)),
    sweep: ({ table, retention }, how) =>
      call("sweep", how, () => {
        const records = tableIn(tables, table);
        const swept = [...records].map(([id, record]) => {
          const { examined, removed, empty } = sweepRecord(record, how.now, retention);
          if (empty) records.delete(id);
          return { examined, removed };
        });
        const sum = (of: "examined" | "removed"): number =>
          swept.reduce((n, one) => n + one[of], 0);
        return { rowsExamined: sum("examined"), rowsRemoved: sum("removed"), cursor: undefined };
      }),
    close: async () => {
      isClosed = true;
      tables.clear();
    },
  };
}

function tableIn(tables: ReadonlyMap<string, Table>, name: string): Table {
  const table = tables.get(name);
  if (table === undefined) throw new KvError("NAMESPACE_NOT_FOUND", `tiny has no table ${name}`);
  return table;
}

/** Not deleted, by itself or with its range, and not expired. */
function isShown(
  { key, version }: KeyedRow,
  { tombstones }: MemoryRecord,
  { now }: EngineCall,
): boolean {
  return isLive(key, version, tombstones, now);
}

/** A copy, without its value where only keys are wanted. */
function shownBy(projection: Projection): (row: KeyedRow) => Row {
  return (row) => ownRow(projection === "rows" ? row : { ...row, value: new Uint8Array() });
}

/** Rows until there are enough of them, or of their bytes; and whether there are more. */
class Part {
  readonly rows: Row[] = [];
  examined = 0;
  last: KeyedRow | undefined;
  hasMore = false;
  readonly #rowLimit: number;
  #bytesLeft: number;

  constructor(rowLimit: number, byteLimit: number) {
    this.#rowLimit = rowLimit;
    this.#bytesLeft = byteLimit;
  }

  /** Looks at a row, which is undefined where it is not shown; false when there is no room for it. */
  take(stored: KeyedRow, row: Row | undefined): boolean {
    this.hasMore = this.examined >= this.#rowLimit || this.#bytesLeft <= 0;
    if (this.hasMore) return false;
    this.examined += 1;
    this.last = stored;
    if (row === undefined) return true;
    this.rows.push(row);
    this.#bytesLeft -= row.key.length + row.value.length;
    return true;
  }

  page(): RowsPage {
    const resumeAfter = this.hasMore ? this.last?.key.slice() : undefined;
    return { rows: this.rows, rowsExamined: this.examined, resumeAfter };
  }
}

/** Records in the order of their buckets, of which each segment has some; a cursor is the last row that was looked at. */
function scan(records: Table, read: ScanRead, how: EngineCall): ScanPage {
  const { first, end } = bucketsOf(read.segment);
  const begin = read.cursor === undefined ? read.after : decodeRowPlace(read.cursor);
  const places = [...records].map(([id, record]) => ({ id, record, bucket: bucketOf(id) }));
  const compare = (a: { bucket: number; id: string }, b: { bucket: number; id: string }): number =>
    a.bucket - b.bucket || (a.id < b.id ? -1 : Number(a.id > b.id));
  const from = begin && { id: begin.id, bucket: bucketOf(begin.id) };
  const wanted = places
    .filter(({ bucket }) => bucket >= first && bucket < end)
    .filter((place) => from === undefined || compare(place, from) >= 0)
    .toSorted(compare);
  const part = new Part(read.rowLimit, read.byteLimit ?? Number.POSITIVE_INFINITY);
  const ids: string[] = [];
  let lastId = "";
  for (const { id, record } of wanted) {
    record.rows.visit({ start: undefined, end: undefined }, false, (row) => {
      if (id === begin?.id && compareBytes(row.key, begin.key) <= 0) return true;
      const isTaken = part.take(
        row,
        isShown(row, record, how) ? shownBy(read.projection)(row) : undefined,
      );
      if (isTaken) lastId = id;
      if (part.rows.length > ids.length) ids.push(id);
      return isTaken;
    });
    if (part.hasMore) break;
  }
  const { rows, examined, last, hasMore } = part;
  const entries = rows.map((row, i) => ({ id: ids[i] as string, row }));
  const cursor =
    hasMore && last !== undefined ? encodeRowPlace({ id: lastId, key: last.key }) : undefined;
  return { entries, rowsExamined: examined, cursor };
}
