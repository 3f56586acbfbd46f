/**
 * Going through a table by token, the order in which Cassandra keeps its records. Two records of one token would
 * be taken for one at a page's end; the tokens of Murmur3 have 64 bits.
 */
import type { types } from "cassandra-driver";
import { successor } from "../../model/bytes.ts";
import { decodeRowPlace, encodeRowPlace } from "../../model/row-place.ts";
import type { EngineCall, Projection, ScanPage, ScanRead } from "../../ports/storage-engine.ts";
import { isDescending } from "./provision.ts";
import { liveRow } from "./rows.ts";
import type { Rows, Session } from "./session.ts";
import { selectRange, selectTokens, type TableName } from "./statements.ts";

/** Most segments of one scan: more would only make them smaller than a page. */
export const SCAN_SEGMENTS_MAX = 4096;

/** The token that no record has; the first one is greater. */
const TOKEN_BEFORE_ALL = -(2n ** 63n);
const TOKENS = 2n ** 64n;

/** Tokens of a segment: greater than `after`, up to and with `last`. Segments meet without gap or overlap. */
export function segmentTokens(segment: ScanRead["segment"]): {
  readonly after: bigint;
  readonly last: bigint;
} {
  const bound = (index: number): bigint =>
    TOKEN_BEFORE_ALL + (TOKENS * BigInt(index)) / BigInt(segment.of);
  const isLast = segment.index + 1 === segment.of;
  const last = isLast ? 2n ** 63n - 1n : bound(segment.index + 1);
  return { after: bound(segment.index), last };
}

/** A part of a scan, as the driver gives it: dead rows too. */
export type RawPage = { readonly rows: Rows; readonly cursor: Uint8Array | undefined };

/** The next `rowLimit` rows after the cursor: first the rest of the record it stands in, then further records. */
export async function scanRaw(
  session: Session,
  name: TableName,
  read: Omit<ScanRead, "table">,
  call: EngineCall,
): Promise<RawPage> {
  const { after, last } = segmentTokens(read.segment);
  const { rowLimit: limit, projection } = read;
  const from = read.after ?? (read.cursor && decodeRowPlace(read.cursor));
  if (from === undefined) {
    const rows = await session.select(
      selectTokens(name, after, last, { limit, projection }),
      limit,
      call,
    );
    return { rows, cursor: cursorAfter(rows, limit) };
  }
  const { id, key } = from;
  const rest = await restOfRecord(session, name, { id, key, limit, projection }, call);
  const left = limit - rest.length;
  if (left === 0) return { rows: rest, cursor: cursorAfter(rest, limit) };
  const further = selectTokens(name, id, last, { limit: left, projection });
  const rows = [...rest, ...(await session.select(further, left, call))];
  return { rows, cursor: cursorAfter(rows, limit) };
}

/** Live rows of a segment, record after record. */
export async function scan(
  session: Session,
  name: TableName,
  read: ScanRead,
  call: EngineCall,
): Promise<ScanPage> {
  const { rows, cursor } = await scanRaw(session, name, read, call);
  const entries = rows.flatMap((raw) => {
    const row = liveRow(raw, call.now);
    return row === undefined ? [] : [{ id: raw["id"] as string, row }];
  });
  return { entries, rowsExamined: rows.length, cursor };
}

async function restOfRecord(
  session: Session,
  name: TableName,
  from: { readonly id: string; readonly key: Uint8Array; limit: number; projection: Projection },
  call: EngineCall,
): Promise<types.Row[]> {
  const { id, limit, projection } = from;
  // A scan meets rows as they lie, and goes on the way they lie.
  const reverse = await isDescending(session, name, call);
  const range = reverse ? { end: from.key } : { start: successor(from.key) };
  const statement = selectRange(name, id, range, { reverse, limit, projection });
  const rows = await session.select(statement, limit, call);
  // A slice of one record does not select its id.
  return rows.map((row) => Object.assign(row, { id }));
}

function cursorAfter(rows: Rows, limit: number): Uint8Array | undefined {
  const last = rows.length < limit ? undefined : rows.at(-1);
  if (last === undefined) return undefined;
  return encodeRowPlace({ id: last["id"] as string, key: new Uint8Array(last["key"] as Buffer) });
}
