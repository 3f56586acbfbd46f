/** An open database, apart from the engines over it. */
import { equalBytes, utf8 } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";
import type { Partition } from "../../ports/storage-engine.ts";
import { getAll, type NativeDb, openNative, walk, writeAll } from "./binding.ts";
import { storeClosed } from "./errors.ts";
import { FORMAT } from "./keys.ts";
import { type Claim, createRowLock } from "./row-lock.ts";

/**
 * A database of one folder, which one process at a time may have open. Any number of engines may be opened over
 * it, at once or one after another: what keeps their writes apart lives here, and is held only within a single
 * native call, so that an engine which is abandoned in the middle of one leaves nothing locked.
 */
export type RocksdbStore = {
  readonly path: string;
  /** Runs a read. Throws UNAVAILABLE once the store is closing. */
  readonly use: <T>(work: (db: NativeDb) => Promise<T>) => Promise<T>;
  /** Runs a read, compare and write of what it claims of a record while no other runs on any of that. */
  readonly exclusive: <T>(
    record: Partition,
    claim: Claim,
    work: (db: NativeDb) => Promise<T>,
  ) => Promise<T>;
  /** Lets the calls that are out come to their end, starts none, and closes the database. Safe to call twice. */
  readonly close: () => Promise<void>;
};

/** Written into a new database: whose it is, and the version of the layout. */
const FORMAT_MARK = utf8("kvdal 1");

/**
 * Opens, or makes, the database in the folder `path`. Closing it is the caller's business. Acknowledged writes
 * survive the death of the process, not that of the machine: the binding cannot ask for a sync of the log.
 * Throws UNAVAILABLE when another process or opening has it, UNSUPPORTED for a database of something else.
 */
export async function openRocksdbStore(path: string): Promise<RocksdbStore> {
  const db = await openNative(path);
  try {
    await checkFormat(db, path);
  } catch (error) {
    await db.close();
    throw error;
  }
  return storeOver(db, path);
}

function storeOver(db: NativeDb, path: string): RocksdbStore {
  const lock = createRowLock();
  const out = new Set<Promise<unknown>>();
  let closed: Promise<void> | undefined;
  const use = async <T>(work: (db: NativeDb) => Promise<T>): Promise<T> => {
    if (closed !== undefined) throw storeClosed();
    const run = work(db);
    out.add(run);
    try {
      return await run;
    } finally {
      out.delete(run);
    }
  };
  const end = async (): Promise<void> => {
    // Calls that wait for a lock find the store closing when their turn comes.
    await Promise.allSettled(out);
    await db.close();
  };
  return {
    path,
    use,
    // No table name has a zero byte, so the two parts cannot run into each other.
    exclusive: ({ table, id }, claim, work) => lock(`${table}\0${id}`, claim, () => use(work)),
    close: () => (closed ??= end()),
  };
}

async function checkFormat(db: NativeDb, path: string): Promise<void> {
  const key = Uint8Array.of(FORMAT);
  const [mark] = await getAll(db, [key]);
  if (mark !== undefined && equalBytes(mark, FORMAT_MARK)) return;
  let empty = true;
  const everything = { from: key, to: new Uint8Array(64).fill(0xff), reverse: false, limit: 1 };
  await walk(db, everything, () => (empty = false));
  if (empty) return writeAll(db, [{ key, bytes: FORMAT_MARK }]);
  const found = mark === undefined ? "no mark of kvdal" : "another version's mark";
  throw new KvError("UNSUPPORTED", `${path} has ${found}, wanted an empty or a kvdal 1 database`);
}
