/**
 * Reading past more tombstones than Cassandra scans in one query (100,000 by default): the range is read in slices,
 * as narrow as they have to be, until rows come or the call has done enough. The server says only that it failed, not
 * where; so widths are found by trying, from the place where the page begins outwards.
 */
import { successor } from "../../model/bytes.ts";
import { isEmptyRange, type KeyRange } from "../../model/range.ts";
import type { EngineCall, RangeRead } from "../../ports/storage-engine.ts";
import { isReadFailure } from "./errors.ts";
import type { Rows, Session } from "./session.ts";
import {
  isBefore,
  keyAfter,
  keyBefore,
  narrowed,
  type Widths,
  widened,
  widthsBeside,
} from "./slices.ts";
import { selectRange, selectTokenRange, type Statement, type TableName } from "./statements.ts";

/** Most native reads of one call: a failing one has scanned as many tombstones as the server allows. */
const TRIES_MAX = 40;
/** Most that fail one after another: then it is something else than tombstones. */
const FAILURES_MAX = 12;

/** What is left of the range, and where the traversal goes on once a slice at its beginning was read. */
type Slice = {
  readonly range: KeyRange;
  readonly rest: KeyRange;
  readonly resumeAfter: Uint8Array;
};

/** What is wanted of a record: of the one of this id or, where nobody knows that, of this token. */
export type RawRead = Omit<RangeRead, "table" | "id" | "byteLimit"> &
  (
    | { readonly id: string }
    /** Read the way its table lies: whoever asks by a token cannot say another. */
    | { readonly token: bigint }
  );

/** Rows as the driver gives them, dead ones too. */
export type RawRange = {
  readonly rows: Rows;
  readonly rowsExamined: number;
  readonly resumeAfter: Uint8Array | undefined;
};

/** A page of the range, in slices where tombstones are in the way. */
export async function rowsOfRange(
  session: Session,
  name: TableName,
  read: RawRead,
  call: EngineCall,
): Promise<RawRange> {
  const { range, rowLimit } = read;
  try {
    const rows = await session.select(statementOf(name, read, range), rowLimit, call);
    const last = rows.length < rowLimit ? undefined : rows.at(-1);
    return { rows, rowsExamined: rows.length, resumeAfter: last && keyOf(last) };
  } catch (error) {
    if (isReadFailure(error)) return readInSlices(session, name, read, call, error);
    throw error;
  }
}

/**
 * A page of the range, of which a read failed with `failure`. Without rows and with a place to go on when the time or
 * the tries were used up on tombstones alone. Throws `failure` when not even the narrowest slice could be read.
 */
async function readInSlices(
  session: Session,
  name: TableName,
  read: RawRead,
  call: EngineCall,
  failure: unknown,
): Promise<RawRange> {
  const { reverse, rowLimit } = read;
  const until = session.timeLeft(call) / 2;
  let left = read.range;
  let widths: Widths | undefined = widthsBeside(reverse ? left.end : left.start);
  let resumeAfter: Uint8Array | undefined;
  let failures = 0;
  for (let tries = 0; tries < TRIES_MAX && widths !== undefined; tries += 1) {
    // Half of the time is for whoever asked: other pages, and the answer.
    if (resumeAfter !== undefined && session.timeLeft(call) < until) break;
    const slice: Slice | undefined = sliceOf(left, widths.bits, reverse);
    const found = await trySelect(session, name, read, slice?.range ?? left, call);
    if (found === undefined) {
      failures += 1;
      if (failures === FAILURES_MAX) break;
      widths = narrowed(widths);
      continue;
    }
    failures = 0;
    if (found.length > 0) return pageOf(found, rowLimit, slice?.resumeAfter);
    if (slice === undefined) return { rows: [], rowsExamined: rowLimit, resumeAfter: undefined };
    ({ rest: left, resumeAfter } = slice);
    if (isEmptyRange(left)) return { rows: [], rowsExamined: rowLimit, resumeAfter: undefined };
    widths = widened(widths);
  }
  if (resumeAfter === undefined) throw failure;
  return { rows: [], rowsExamined: rowLimit, resumeAfter };
}

/** The slice at the beginning of what is left; undefined when it would be all of it. */
function sliceOf(left: KeyRange, bits: number, reverse: boolean): Slice | undefined {
  const { start, end } = left;
  if (reverse) {
    const from = keyBefore(end, bits);
    if (!isBefore(start ?? new Uint8Array(0), from)) return undefined;
    return { range: { start: from, end }, rest: { start, end: from }, resumeAfter: from };
  }
  const last = keyAfter(start ?? new Uint8Array(0), bits);
  const beyond = last === undefined ? undefined : successor(last);
  if (last === undefined || !isBefore(beyond, end)) return undefined;
  return { range: { start, end: beyond }, rest: { start: beyond, end }, resumeAfter: last };
}

/** The rows of a slice; undefined when the server could not read it. */
async function trySelect(
  session: Session,
  name: TableName,
  read: RawRead,
  range: KeyRange,
  call: EngineCall,
): Promise<Rows | undefined> {
  try {
    return await session.select(statementOf(name, read, range), read.rowLimit, call);
  } catch (error) {
    if (isReadFailure(error)) return undefined;
    throw error;
  }
}

function statementOf(name: TableName, read: RawRead, range: KeyRange): Statement {
  const { reverse, rowLimit: limit, projection } = read;
  return "id" in read
    ? selectRange(name, read.id, range, { reverse, limit, projection })
    : selectTokenRange(name, read.token, range, { limit, projection });
}

/** Rows looked at count as all that were asked for: the tombstones before them cost more. */
function pageOf(rows: Rows, rowLimit: number, sliceEnd: Uint8Array | undefined): RawRange {
  const last = rows.length < rowLimit ? undefined : rows.at(-1);
  const resumeAfter = last === undefined ? sliceEnd : keyOf(last);
  return { rows, rowsExamined: rowLimit, resumeAfter };
}

function keyOf(row: Rows[number]): Uint8Array {
  return new Uint8Array(row["key"] as Buffer);
}
