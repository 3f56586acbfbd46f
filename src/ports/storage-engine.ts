/**
 * The engine port: what a storage engine must do to hold kvdal's records. This page is the contract for authors
 * of adapters; `kvdal conformance` judges it.
 *
 * An engine keeps *rows* in *tables*. A row is addressed by table, record id and key, and carries the version of
 * the write it comes from. Whatever the order and number of arrivals, a row is the one of the highest version
 * (TOK-4, TOK-5), never a blend of two (TOK-6), and is hidden by every deletion of a version at or above its own
 * (DEL-4). Keys sort as unsigned bytes (DATA-2); the empty key and the empty value are legal (DATA-3).
 *
 * Time: microseconds. `call.deadline` is an instant of the monotonic clock of the environment that the adapter
 * was opened with; `call.now` is the caller's wall clock, by which expiry is judged. An adapter has no clock,
 * timer or chance but those of its environment, does no background work, and sends every native call of its
 * client library through the `native` function it was handed.
 *
 * Bytes: what the caller passes stays the caller's, unchanged until the promise settles; the adapter copies what
 * it keeps. What the adapter returns belongs to the caller: never a view into memory that will be used again.
 *
 * Errors: only `KvError`, mapped once, in the adapter (ERR-2). A failure is never reported as absence.
 * `applied: no` may be said only when the engine has certainly not applied the write and never will.
 */
import type { Consistency, EngineConsistency } from "../model/consistency.ts";
import type { KvError } from "../model/error.ts";
import type { KeyRange } from "../model/range.ts";
import type { RowPlace } from "../model/row-place.ts";
import type { Micros } from "../model/time.ts";
import type { Version } from "../model/version.ts";
import type { Env } from "./env.ts";

/** What goes with every call. */
export type EngineCall = {
  /** Monotonic instant after which no native call may be started (SLO-1) and the call fails DEADLINE_EXCEEDED. */
  readonly deadline: Micros;
  /** Aborted when the caller gives up: start nothing more, fail CANCELLED. */
  readonly signal: AbortSignal;
  readonly consistency: EngineConsistency;
  /** The caller's wall clock, microseconds since 1970. */
  readonly now: Micros;
};

/** One record of one table. `table` is a name of `[a-z][a-z0-9_]{2,47}`, `id` 1 to 1024 bytes of UTF-8. */
export type Partition = { readonly table: string; readonly id: string };

/** A row as it is written and read. `version.expiry` is the row's expiry, 0 for none. */
export type Row = {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Opaque to the engine; at most 64 KiB. */
  readonly metadata: Uint8Array;
  readonly version: Version;
};

/** One change of one record, under its own version. */
export type Mutation =
  /** Upsert. Clears an earlier expiry or deletion of its key (PUT-4). */
  | { readonly kind: "put"; readonly row: Row }
  /** Deletion of one item. Hidden at once; the marker may be removed physically from `removeAt` on (DEL-3). */
  | {
      readonly kind: "delete_key";
      readonly key: Uint8Array;
      readonly version: Version;
      readonly removeAt: Micros;
    }
  /** Deletion of every item in a non-empty range, present or still to arrive (DEL-2, DEL-4). */
  | { readonly kind: "delete_range"; readonly range: KeyRange; readonly version: Version }
  /** Deletion of the whole record at a cost independent of its size (DEL-1, DEL-4). */
  | { readonly kind: "delete_record"; readonly version: Version };

/** What became of one mutation. */
export type MutationOutcome =
  /** It is in effect. Also the answer to a repeat of itself (TOK-4). */
  | { readonly kind: "applied" }
  /** A write of a higher version was there already; nothing changed (TOK-5). */
  | { readonly kind: "superseded" }
  /** Durable and ordered by its version, but the engine does not say which of the two above holds. */
  | { readonly kind: "accepted" }
  /** `error.applied` says whether it may have taken effect (TOK-8). */
  | { readonly kind: "failed"; readonly error: KvError };

/** Whether values are wanted. Without them `Row.value` is empty. Versions and metadata always come. */
export type Projection = "rows" | "keys";

/** A read of single keys: sorted by bytes, each once, at most `capabilities.keysPerReadMax`. */
export type KeysRead = Partition & {
  readonly keys: readonly Uint8Array[];
  readonly projection: Projection;
};

/** A read of a non-empty key range. */
export type RangeRead = Partition & {
  readonly range: KeyRange;
  /** From the end of the range to its start. */
  readonly reverse: boolean;
  /** Most rows to examine, dead ones included, >= 1 (PAGE-5). */
  readonly rowLimit: number;
  /** Stop examining once this many bytes of keys and values are collected; a hint where paging by bytes is not native. */
  readonly byteLimit: number;
  readonly projection: Projection;
};

/** Rows in the order asked for. Deleted rows never; expired ones preferably not, the caller filters them again. */
export type RowsPage = {
  readonly rows: readonly Row[];
  /** Rows looked at, dead ones included as far as the engine shows them. */
  readonly rowsExamined: number;
  /**
   * The key after which the rest of the range begins, in the direction of the read; undefined when there is no
   * rest. It need not be the key of a returned, or of an existing, row. A page without rows but with a key to
   * resume from is normal (PAGE-4).
   */
  readonly resumeAfter: Uint8Array | undefined;
};

/** What became of a conditional put. */
export type PutIfAbsentOutcome =
  | { readonly kind: "inserted" }
  /** A live row is there, or a deletion newer than this put. */
  | { readonly kind: "present" };

/** One segment of a table: `index` of `of`, 0 <= index < of <= `capabilities.scanSegmentsMax`. */
export type ScanRead = {
  readonly table: string;
  readonly segment: { readonly index: number; readonly of: number };
  /** Where the last page ended; undefined to begin. Opaque, only valid for the same table and segment. */
  readonly cursor: Uint8Array | undefined;
  /** In place of a cursor: begin after this row, which a page of the segment had. It may be gone by now. */
  readonly after?: RowPlace | undefined;
  readonly rowLimit: number;
  /** As of `RangeRead`; absent for none. */
  readonly byteLimit?: number | undefined;
  readonly projection: Projection;
};

/**
 * Live rows with their records, in an order that stays; each row in exactly one segment. The rows of one record come
 * together, in the order of keys or against it. A page may end in the middle of a record.
 */
export type ScanPage = {
  readonly entries: readonly { readonly id: string; readonly row: Row }[];
  readonly rowsExamined: number;
  readonly cursor: Uint8Array | undefined;
};

/** A step of physical clean-up, for engines that do not expire by themselves. */
export type SweepRequest = {
  readonly table: string;
  readonly cursor: Uint8Array | undefined;
  readonly rowLimit: number;
  /** How long deletion knowledge is kept after its version's time, microseconds (DEL-5). */
  readonly retention: Micros;
};

/** How far a sweep came. `cursor` is undefined when the table has been gone through. */
export type SweepOutcome = {
  readonly rowsExamined: number;
  readonly rowsRemoved: number;
  readonly cursor: Uint8Array | undefined;
};

/** A table to be made. Making one that exists with the same shape is success. */
export type TableSpec = {
  readonly table: string;
  /** How long deletion knowledge must outlive a deletion, microseconds (DEL-5). */
  readonly retention: Micros;
  /**
   * Records are mostly read from their last key to their first; default false. An engine that keeps the rows of a
   * table in one order keeps them in this one (NS-7), and refuses, with INVALID_ARGUMENT, to make a table that exists
   * in the other (NS-5). An engine that reads both ways at one price need not know. Answers are the same either way.
   */
  readonly descending?: boolean;
};

/** The verbs. All are required; what an engine cannot do it declares and answers `UNSUPPORTED`. */
export type StorageEngine = {
  readonly capabilities: EngineCapabilities;
  /** Makes a table. Idempotent, also when run at once by several. */
  readonly provision: (spec: TableSpec, call: EngineCall) => Promise<void>;
  /**
   * Applies the mutations of one record, at least one; every one has its own outcome, in the order given. No two
   * of them are of one key and version. All take effect together where `atomicWrite` is `record`.
   */
  readonly write: (
    partition: Partition,
    mutations: readonly Mutation[],
    call: EngineCall,
  ) => Promise<readonly MutationOutcome[]>;
  /** Answers all the keys at once: `resumeAfter` is undefined. What cannot be answered whole is an error. */
  readonly readKeys: (read: KeysRead, call: EngineCall) => Promise<RowsPage>;
  readonly readRange: (read: RangeRead, call: EngineCall) => Promise<RowsPage>;
  /** Puts the row only where no live row is (PUT-5); repeated under the same version it answers `inserted`. */
  readonly putIfAbsent: (
    partition: Partition,
    row: Row,
    call: EngineCall,
  ) => Promise<PutIfAbsentOutcome>;
  readonly scan: (read: ScanRead, call: EngineCall) => Promise<ScanPage>;
  readonly sweep: (request: SweepRequest, call: EngineCall) => Promise<SweepOutcome>;
  /** Ends everything the adapter holds; safe to call twice, and while calls are out: they fail typed. */
  readonly close: () => Promise<void>;
};

/** What an engine can do, as values. Every field is a promise that a conformance case holds it to. */
export type EngineCapabilities = {
  /** Short name, for messages and reports. */
  readonly engine: string;
  /** `embedded`: one process owns the store. `shared`: any number of servers may. */
  readonly sharing: "embedded" | "shared";
  readonly durability: EngineDurability;
  /** Who elects the highest version: the engine itself, or a compare in the adapter. */
  readonly lastWriteWins: "native" | "emulated";
  /** What readers see of one `write` at once: all of it, or each item by itself (PUT-2). */
  readonly atomicWrite: "record" | "item";
  /** Whether outcomes tell `applied` from `superseded`, or only `accepted`. */
  readonly outcome: "known" | "accepted";
  /** One range tombstone of the engine, or a control row and a sweep. */
  readonly rangeDelete: "native" | "emulated";
  readonly ttl: EngineTtl;
  readonly putIfAbsent: boolean;
  /** The levels it can give; one that it cannot is refused when a namespace is made (CONS-1). */
  readonly consistency: readonly Consistency[];
  /** How long, while nothing is down, an `eventual` read may lag behind a write in its region, microseconds. */
  readonly eventualLag: Micros;
  /** Largest stored value, bytes. Above it, values must be chunked (CHUNK-1). */
  readonly inlineBytesMax: number;
  /** Most keys in one `readKeys`. */
  readonly keysPerReadMax: number;
  /** Most mutations in one `write`. */
  readonly mutationsPerWriteMax: number;
  /** Largest amount one native read returns, bytes; Infinity when there is no such limit (PAGE-6). */
  readonly nativePageBytesMax: number;
  /** Whether `byteLimit` is kept by the engine, or rows are fetched by count alone. */
  readonly pagesByBytes: boolean;
  readonly scanSegmentsMax: number;
  /** Where two writers at one microsecond may be elected otherwise than by version; empty when nowhere (TOK-6). */
  readonly orderingGaps: readonly string[];
};

/** How much of what was acknowledged may be gone: `newest` is the writes of the last moments. */
export type Loss = "nothing" | "newest" | "everything";

/** What a crash may take of the acknowledged writes that one copy keeps (PUT-3). Other copies are other copies. */
export type EngineDurability = {
  /** The process that stores is killed (SIGKILL): the engine's own where it is shared, else its embedder's. */
  readonly processKill: Loss;
  /** Its machine stops, or loses power; its disk stays. */
  readonly hostLoss: Loss;
  /** For users, one sentence: how much `newest` is and on what it depends; empty where nothing is ever lost. */
  readonly consequence: string;
};

/** Expiry, as the engine does it. Visibility is exact everywhere, since the service filters. */
export type EngineTtl = {
  /** Removes expired rows by itself, or by `sweep` alone. */
  readonly removal: "native" | "sweep";
  /** Unit in which the engine counts, microseconds; expiries are rounded up to it, never down (TTL-1). */
  readonly granularity: Micros;
  /** Longest distance of an expiry from now, microseconds; Infinity when there is none (TTL-3). */
  readonly max: Micros;
  /** How long after its expiry a row may still take space, microseconds. */
  readonly removalLag: Micros;
};

/** Runs one native call: at once in production; in the simulator the one place where a real engine is reached. */
export type Native = <T>(label: string, thunk: () => Promise<T>) => Promise<T>;

/** What an adapter is opened with. */
export type EngineContext = { readonly env: Env; readonly native: Native };

/** How an adapter is named and opened: the function an adapter package exports returns one of these. */
export type EngineAdapter = {
  readonly name: string;
  /** Connects. Fails with `KvError` UNAVAILABLE when the engine cannot be reached. */
  readonly open: (context: EngineContext) => Promise<StorageEngine>;
};
