/**
 * Going through a table by token, the order in which Cassandra keeps its records. Two records of one token would
 * be taken for one at a page's end; the tokens of Murmur3 have 64 bits.
 */
import type { types } from "cassandra-driver";
import { concatBytes, EMPTY_BYTES, successor } from "../../model/bytes.ts";
import { decodeRowPlace, encodeRowPlace, type RowPlace } from "../../model/row-place.ts";
import type { EngineCall, Projection, ScanPage, ScanRead } from "../../ports/storage-engine.ts";
import { ByteSlab } from "../shared/byte-slab.ts";
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
  const from = standing(read);
  if (from === undefined || from.key === undefined) {
    const statement = selectTokens(name, from?.id ?? after, last, { limit, projection });
    const rows = await session.select(statement, limit, call);
    return { rows, cursor: cursorAfter(rows, limit) };
  }
  const { id, key } = from;
  const rows = await rowsAfter(session, name, { id, key }, { last, limit, projection }, call);
  return { rows, cursor: cursorAfter(rows, limit) };
}

/** After a row or, without a key, after all rows of a record. */
type Standing = { readonly id: string; readonly key: Uint8Array | undefined };

const AFTER_ROW = Uint8Array.of(0);
const AFTER_RECORD = Uint8Array.of(1);

/** What a cursor says: one byte of which of the two, then the place. */
function standing({ after, cursor }: Pick<ScanRead, "after" | "cursor">): Standing | undefined {
  if (after !== undefined || cursor === undefined) return after;
  const { id, key } = decodeRowPlace(cursor.slice(1));
  return { id, key: cursor[0] === AFTER_RECORD[0] ? undefined : key };
}

/**
 * Where a page ends with a few rows of a record of which there may be more, they are left to the next page, which then
 * begins with a record: one statement, where the middle of a record takes two.
 */
function endedByRecord({ rows, cursor }: RawPage): RawPage {
  const id = rows.at(-1)?.["id"] as string | undefined;
  if (cursor === undefined || id === undefined) return { rows, cursor };
  const begun = rows.findLastIndex((row) => row["id"] !== id) + 1;
  if (begun === 0 || (rows.length - begun) * SHORT_REST > rows.length) return { rows, cursor };
  const place = encodeRowPlace({ id: rows[begun - 1]?.["id"] as string, key: EMPTY_BYTES });
  return { rows: rows.slice(0, begun), cursor: concatBytes(AFTER_RECORD, place) };
}

/**
 * First the rest of the record, then further ones. Where records are small as a rule, both are asked for at once: what
 * the second answer has too much is then little.
 */
async function rowsAfter(
  session: Session,
  name: TableName,
  { id, key }: RowPlace,
  { last, limit, projection }: { last: bigint; limit: number; projection: Projection },
  call: EngineCall,
): Promise<Rows> {
  const facts = await factsOf(session, name, call);
  const { reverse } = facts;
  const rest = restOfRecord(session, name, { id, key, reverse, limit, projection }, call);
  const further = (most: number): Promise<Rows> =>
    session.select(selectTokens(name, id, last, { limit: most, projection }), most, call);
  if (facts.hasLongRests) {
    const own = await rest;
    facts.hasLongRests = own.length * SHORT_REST > limit;
    const left = limit - own.length;
    return left === 0 ? own : [...own, ...(await further(left))];
  }
  const [own, others] = await Promise.allSettled([rest, further(limit)]);
  if (own.status === "rejected") throw own.reason;
  if (others.status === "rejected") throw others.reason;
  facts.hasLongRests = own.value.length * SHORT_REST > limit;
  return [...own.value, ...others.value].slice(0, limit);
}

/** A rest is short that has no more than one row in so many of a page. */
const SHORT_REST = 8;

/** What is known of a table: the way its rows lie, which never changes, and what the last page began with. */
type TableFacts = { readonly reverse: boolean; hasLongRests: boolean };

/** Most tables remembered at a session (RES-2). */
const TABLES_MAX = 1_000;
const known = new WeakMap<Session, Map<string, TableFacts>>();

async function factsOf(session: Session, name: TableName, call: EngineCall): Promise<TableFacts> {
  const tables = known.get(session) ?? new Map<string, TableFacts>();
  known.set(session, tables);
  const found = tables.get(name.table);
  if (found !== undefined) return found;
  const facts = { reverse: await isDescending(session, name, call), hasLongRests: false };
  if (tables.size >= TABLES_MAX) tables.clear();
  tables.set(name.table, facts);
  return facts;
}

/** Live rows of a segment, record after record. */
export async function scan(
  session: Session,
  name: TableName,
  read: ScanRead,
  call: EngineCall,
): Promise<ScanPage> {
  const page = await scanRaw(session, name, read, call);
  const { rows, cursor } = endedByRecord(page);
  const slab = new ByteSlab();
  const entries: ScanPage["entries"][number][] = [];
  for (const raw of rows) {
    const row = liveRow(raw, call.now, slab);
    if (row !== undefined) entries.push({ id: raw["id"] as string, row });
  }
  return { entries, rowsExamined: page.rows.length, cursor };
}

async function restOfRecord(
  session: Session,
  name: TableName,
  from: RowPlace & { reverse: boolean; limit: number; projection: Projection },
  call: EngineCall,
): Promise<types.Row[]> {
  const { id, limit, projection } = from;
  // A scan meets rows as they lie, and goes on the way they lie.
  const { reverse } = from;
  const range = reverse ? { end: from.key } : { start: successor(from.key) };
  const statement = selectRange(name, id, range, { reverse, limit, projection });
  const rows = await session.select(statement, limit, call);
  // A slice of one record does not select its id.
  return rows.map((row) => Object.assign(row, { id }));
}

function cursorAfter(rows: Rows, limit: number): Uint8Array | undefined {
  const last = rows.length < limit ? undefined : rows.at(-1);
  if (last === undefined) return undefined;
  const key = new Uint8Array(last["key"] as Buffer);
  return concatBytes(AFTER_ROW, encodeRowPlace({ id: last["id"] as string, key }));
}
