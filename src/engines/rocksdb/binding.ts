/**
 * What is used of `rocksdb-native`, which comes without types, and the four ways in which it is used: open, get
 * some, go through a range, write a batch. Its traps are kept in here: an iterator is always destroyed, a batch is
 * never touched after its flush, and no native range delete is ever issued (an inverted one poisons the database).
 */
import { successor } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";
import { openFailed, readFailed, writeFailed } from "./errors.ts";

type NativeEntry = { readonly key: Uint8Array; readonly value: Uint8Array };

type NativeRange = { readonly gte: Uint8Array; readonly lt: Uint8Array };

type NativeReads = {
  readonly get: (key: Uint8Array) => Promise<Uint8Array | null>;
  readonly flush: () => Promise<void>;
  readonly destroy: () => void;
};

type NativeWrites = {
  readonly tryPut: (key: Uint8Array, value: Uint8Array) => void;
  readonly tryDelete: (key: Uint8Array) => void;
  readonly flush: () => Promise<void>;
  readonly destroy: () => void;
};

/** A database, or a session that reads from a snapshot of it. */
export type NativeDb = {
  readonly ready: () => Promise<void>;
  readonly close: () => Promise<void>;
  readonly snapshot: () => NativeDb;
  readonly iterator: (
    range: NativeRange,
    options: { readonly reverse: boolean; readonly limit: number; readonly capacity: number },
  ) => AsyncIterable<NativeEntry> & {
    /** The next of those that a native read has fetched already, null where there is none. */
    readonly read: () => NativeEntry | null;
  };
  readonly read: (options: { readonly capacity: number }) => NativeReads;
  readonly write: (options: { readonly capacity: number }) => NativeWrites;
};

type NativeModule = { readonly default: new (path: string) => NativeDb };

/** Rows that one native read of an iterator fetches. It bounds what is read past the end of a page. */
const ROWS_PER_NATIVE_READ = 16;
/** The same where rows are known to be small: a read costs about as much as twenty such rows. */
const ROWS_PER_NATIVE_READ_MAX = 256;
/** Most that are fetched before any of them was seen: what is known of their sizes is an average of other rows. */
const ROWS_FIRST = 64;
/** Bytes that one native read is expected to fetch at most. */
const BYTES_PER_NATIVE_READ = 256 * 1024;

/** A stretch of the database, and how to go through it. Keys are whole native keys. */
export type Walk = {
  readonly from: Uint8Array;
  /** Exclusive. */
  readonly to: Uint8Array;
  readonly reverse: boolean;
  /** Most rows to show. */
  readonly limit: number;
  /** Bytes that a row is expected to have, where somebody has an idea. */
  readonly rowBytes?: number;
  /** Whether all up to the limit is wanted as a rule: then a native read may fetch four times as much. */
  readonly toTheLimit?: boolean;
};

/** Part of a batch: what a key is to hold, undefined for nothing. The bytes must not change until it is written. */
export type Change = { readonly key: Uint8Array; readonly bytes: Uint8Array | undefined };

/** Opens, or makes, the database in a folder. Throws UNSUPPORTED without the package, UNAVAILABLE when in use. */
export async function openNative(path: string): Promise<NativeDb> {
  let native: NativeModule;
  try {
    // @ts-expect-error The package has no types; those above are what is used of it.
    native = (await import("rocksdb-native")) as NativeModule;
  } catch (cause) {
    const wanted = "wanted the package rocksdb-native to be installed";
    throw new KvError("UNSUPPORTED", `RocksDB cannot be loaded, ${wanted}`, { cause });
  }
  const db = new native.default(path);
  try {
    await db.ready();
  } catch (cause) {
    throw openFailed(path, cause);
  }
  return db;
}

/** The bytes under each key, in the order of the keys. They are the caller's. Throws when one cannot be read. */
export async function getAll(
  db: NativeDb,
  keys: readonly Uint8Array[],
): Promise<readonly (Uint8Array | undefined)[]> {
  const batch = db.read({ capacity: keys.length });
  try {
    const found = keys.map((key) => batch.get(key));
    const [values] = await Promise.all([Promise.all(found), batch.flush()]);
    return values.map((value) => value ?? undefined);
  } catch (cause) {
    throw readFailed(cause);
  } finally {
    batch.destroy();
  }
}

/**
 * Shows the rows of a stretch in order until `visit` answers false. Resolves when nothing is open any more. With an
 * expectation of what a row has, `db` has to be of one moment: many small rows are read by more than one iterator.
 */
export async function walk(db: NativeDb, wanted: Walk, visit: Visit): Promise<void> {
  const { limit, rowBytes, toTheLimit = false } = wanted;
  const capacity = (bytes: number | undefined): number => rowsPerRead(bytes, toTheLimit ? 4 : 1);
  if (Math.min(limit, capacity(rowBytes)) <= ROWS_FIRST) {
    return await iterate(db, wanted, capacity(rowBytes), visit);
  }
  // Rows were small so far, elsewhere perhaps: the first of these show what the next ones are likely to have.
  let [rows, bytes, goesOn, last] = [0, 0, true, wanted.from];
  await iterate(db, { ...wanted, limit: ROWS_FIRST }, ROWS_FIRST, (key, value) => {
    rows += 1;
    bytes += key.length + value.length;
    last = key;
    const answer = visit(key, value);
    if (typeof answer !== "boolean") return answer.then((goes) => (goesOn = goes));
    goesOn = answer;
    return answer;
  });
  if (!goesOn || rows < ROWS_FIRST) return;
  const rest = wanted.reverse ? { ...wanted, to: last } : { ...wanted, from: successor(last) };
  await iterate(db, { ...rest, limit: limit - rows }, capacity(bytes / rows), visit);
}

/** Shown a row; false for no more. */
type Visit = (key: Uint8Array, bytes: Uint8Array) => boolean | Promise<boolean>;

async function iterate(
  db: NativeDb,
  { from, to, reverse, limit }: Walk,
  rowsARead: number,
  visit: Visit,
): Promise<void> {
  const capacity = Math.max(1, Math.min(limit, rowsARead));
  const rows = db.iterator({ gte: from, lt: to }, { reverse, limit, capacity });
  try {
    // Leaving the loop in any way destroys the iterator and waits until it is closed.
    for await (const first of rows) {
      // A turn of the loop is for what has to be waited for: those that are there already follow at once.
      for (let row: NativeEntry | null = first; row !== null; row = rows.read()) {
        const goesOn = visit(row.key, row.value);
        if (!(typeof goesOn === "boolean" ? goesOn : await goesOn)) return;
      }
    }
  } catch (cause) {
    throw readFailed(cause);
  }
}

function rowsPerRead(rowBytes: number | undefined, times: number): number {
  if (rowBytes === undefined) return ROWS_PER_NATIVE_READ;
  const fitting = Math.floor((times * BYTES_PER_NATIVE_READ) / Math.max(1, rowBytes));
  return Math.max(ROWS_PER_NATIVE_READ, Math.min(fitting, times * ROWS_PER_NATIVE_READ_MAX));
}

/** Reads several things as of one moment. */
export async function atSnapshot<T>(db: NativeDb, read: (at: NativeDb) => Promise<T>): Promise<T> {
  const snapshot = db.snapshot();
  try {
    return await read(snapshot);
  } finally {
    await snapshot.close();
  }
}

/** Makes all changes, or none. Throws with `applied: unknown` when the database does not say so. */
export async function writeAll(db: NativeDb, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const batch = db.write({ capacity: changes.length });
  try {
    for (const { key, bytes } of changes) {
      if (bytes === undefined) batch.tryDelete(key);
      else batch.tryPut(key, bytes);
    }
    await batch.flush();
  } catch (cause) {
    throw writeFailed(cause);
  } finally {
    batch.destroy();
  }
}
