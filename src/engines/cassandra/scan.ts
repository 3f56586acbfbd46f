/**
 * Going through a table by token, the order in which Cassandra keeps its records. Two records of one token would
 * be taken for one at a page's end; the tokens of Murmur3 have 64 bits.
 */
import { concatBytes, EMPTY_BYTES, successor } from "../../model/bytes.ts";
import { rangeAfter } from "../../model/range.ts";
import { decodeRowPlace, encodeRowPlace, type RowPlace } from "../../model/row-place.ts";
import type { EngineCall, Projection, ScanPage, ScanRead } from "../../ports/storage-engine.ts";
import { ByteSlab } from "../shared/byte-slab.ts";
import { isReadFailure } from "./errors.ts";
import { isDescending } from "./provision.ts";
import { rowsOfRange } from "./read-slices.ts";
import { liveRow } from "./rows.ts";
import { narrowed, type TokenPlace, type TokenRead, tokensInSlices } from "./scan-slices.ts";
import type { Rows, Session } from "./session.ts";
import { selectTokens, type TableName } from "./statements.ts";

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
export type RawPage = {
  readonly rows: Rows;
  /** More than there are, where tombstones were in the way. */
  readonly rowsExamined: number;
  readonly cursor: Uint8Array | undefined;
};

/** The next `rowLimit` rows after the cursor: first the rest of the record it stands in, then further records. */
export async function scanRaw(
  session: Session,
  name: TableName,
  read: Omit<ScanRead, "table">,
  call: EngineCall,
): Promise<RawPage> {
  const { after, last } = segmentTokens(read.segment);
  const wanted = { last, limit: read.rowLimit, projection: read.projection };
  const from = standing(read);
  if (from === undefined) return recordsAfter(session, name, after, wanted, call);
  if ("width" in from) return slicesAfter(session, name, from, wanted, call);
  if ("token" in from) return rowsOfToken(session, name, from, wanted, call);
  const { id, key } = from;
  if (key === undefined) return recordsAfter(session, name, id, wanted, call);
  return rowsAfter(session, name, { id, key }, wanted, call);
}

/** What is wanted of a scan, up to and with the token `last`. */
type Wanted = Omit<TokenRead, "after">;

/** Further records, past a token or the record that has it. */
async function recordsAfter(
  session: Session,
  name: TableName,
  place: bigint | string,
  wanted: Wanted,
  call: EngineCall,
): Promise<RawPage> {
  const { last, limit } = wanted;
  try {
    const rows = await session.select(selectTokens(name, place, last, wanted), limit, call);
    return { rows, rowsExamined: rows.length, cursor: cursorAfter(rows, limit) };
  } catch (error) {
    if (!isReadFailure(error)) throw error;
    const token = typeof place === "bigint" ? place : session.tokenOf(place);
    return slicesAfter(session, name, { token, width: narrowed(last - token) }, wanted, call);
  }
}

/** The same where tombstones are in the way. */
async function slicesAfter(
  session: Session,
  name: TableName,
  { token, width }: TokenPlace,
  wanted: Wanted,
  call: EngineCall,
): Promise<RawPage> {
  const read = { ...wanted, after: token };
  const sliced = await tokensInSlices(session, name, read, width, call);
  if (sliced.kind === "blocked") {
    return rowsOfToken(session, name, { token: token + 1n, key: undefined }, wanted, call);
  }
  const { rows, rest } = sliced;
  const cursor = cursorAfter(rows, wanted.limit) ?? (rest && cursorAt(rest));
  return { rows, rowsExamined: wanted.limit, cursor };
}

/** A record that by itself has too many tombstones for a query, in slices: by its token, since no row tells its id yet. */
async function rowsOfToken(
  session: Session,
  name: TableName,
  { token, key }: KeyPlace,
  { last, limit: rowLimit, projection }: Wanted,
  call: EngineCall,
): Promise<RawPage> {
  const { reverse } = await factsOf(session, name, call);
  const range = key === undefined ? {} : rangeAfter({}, key, reverse);
  const read = { token, range, reverse, rowLimit, projection };
  const { rows, rowsExamined, resumeAfter } = await rowsOfRange(session, name, read, call);
  if (resumeAfter !== undefined) {
    return { rows, rowsExamined, cursor: cursorWithin({ token, key: resumeAfter }) };
  }
  const cursor = token < last ? cursorAt({ token, width: last - token }) : undefined;
  return { rows, rowsExamined, cursor };
}

/** In the middle of the record that has a token; without a key, before its first row. */
type KeyPlace = { readonly token: bigint; readonly key: Uint8Array | undefined };

/** After a row or, without a key, after all rows of a record; after all records up to a token; or within one's record. */
type Standing =
  | { readonly id: string; readonly key: Uint8Array | undefined }
  | TokenPlace
  | KeyPlace;

const AFTER_ROW = Uint8Array.of(0);
const AFTER_RECORD = Uint8Array.of(1);
const AFTER_TOKEN = Uint8Array.of(2);
const WITHIN_TOKEN = Uint8Array.of(3);

/** What a cursor says: one byte of which of the four, then the place. */
function standing({ after, cursor }: Pick<ScanRead, "after" | "cursor">): Standing | undefined {
  if (after !== undefined || cursor === undefined) return after;
  if (cursor[0] === AFTER_TOKEN[0]) return placeIn(cursor);
  if (cursor[0] === WITHIN_TOKEN[0]) {
    return { token: viewOf(cursor).getBigInt64(1), key: cursor.slice(9) };
  }
  const { id, key } = decodeRowPlace(cursor.slice(1));
  return { id, key: cursor[0] === AFTER_RECORD[0] ? undefined : key };
}

/** The token in eight bytes, and how many bits the width has. */
function cursorAt({ token, width }: TokenPlace): Uint8Array {
  const bytes = new Uint8Array(10);
  bytes.set(AFTER_TOKEN);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(1, token);
  view.setUint8(9, Math.min(64, width.toString(2).length - 1));
  return bytes;
}

/** The token in eight bytes, then the key. */
function cursorWithin({ token, key = EMPTY_BYTES }: KeyPlace): Uint8Array {
  const place = new Uint8Array(8);
  viewOf(place).setBigInt64(0, token);
  return concatBytes(WITHIN_TOKEN, place, key);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function placeIn(cursor: Uint8Array): TokenPlace {
  const view = viewOf(cursor);
  return { token: view.getBigInt64(1), width: 1n << BigInt(view.getUint8(9)) };
}

/**
 * Where a page ends with a few rows of a record of which there may be more, they are left to the next page, which then
 * begins with a record: one statement, where the middle of a record takes two.
 */
function endedByRecord(page: RawPage): RawPage {
  const { rows, cursor } = page;
  const id = rows.at(-1)?.["id"] as string | undefined;
  if (cursor?.[0] !== AFTER_ROW[0] || id === undefined) return page;
  const begun = rows.findLastIndex((row) => row["id"] !== id) + 1;
  if (begun === 0 || (rows.length - begun) * SHORT_REST > rows.length) return page;
  const place = encodeRowPlace({ id: rows[begun - 1]?.["id"] as string, key: EMPTY_BYTES });
  return { ...page, rows: rows.slice(0, begun), cursor: concatBytes(AFTER_RECORD, place) };
}

/**
 * First the rest of the record, then further ones. Where records are small as a rule, both are asked for at once: what
 * the second answer has too much is then little.
 */
async function rowsAfter(
  session: Session,
  name: TableName,
  { id, key }: RowPlace,
  wanted: Wanted,
  call: EngineCall,
): Promise<RawPage> {
  const facts = await factsOf(session, name, call);
  const { limit, projection } = wanted;
  const { reverse } = facts;
  const rest = restOfRecord(session, name, { id, key, reverse, limit, projection }, call);
  const further = (most: number): Promise<RawPage> =>
    recordsAfter(session, name, id, { ...wanted, limit: most }, call);
  const noteOf = (own: RawPage): void => {
    facts.hasLongRests = own.rows.length * SHORT_REST > limit;
  };
  if (facts.hasLongRests) {
    const own = await rest;
    noteOf(own);
    if (own.cursor !== undefined) return own;
    return together(own, await further(limit - own.rows.length), limit);
  }
  const [own, others] = await Promise.allSettled([rest, further(limit)]);
  if (own.status === "rejected") throw own.reason;
  noteOf(own.value);
  if (own.value.cursor !== undefined) return own.value;
  if (others.status === "rejected") throw others.reason;
  return together(own.value, others.value, limit);
}

/** One page of both, as far as that has room. */
function together(own: RawPage, others: RawPage, limit: number): RawPage {
  const rows = [...own.rows, ...others.rows].slice(0, limit);
  const rowsExamined = Math.max(rows.length, own.rowsExamined, others.rowsExamined);
  const isFull = own.rows.length + others.rows.length > limit;
  return { rows, rowsExamined, cursor: isFull ? cursorAfter(rows, limit) : others.cursor };
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
  return { entries, rowsExamined: page.rowsExamined, cursor };
}

/** The rest of a record: with a cursor where a page is full, or tombstones were in the way. */
async function restOfRecord(
  session: Session,
  name: TableName,
  from: RowPlace & { reverse: boolean; limit: number; projection: Projection },
  call: EngineCall,
): Promise<RawPage> {
  // A scan meets rows as they lie, and goes on the way they lie.
  const { id, key, reverse, limit: rowLimit, projection } = from;
  const range = reverse ? { end: key } : { start: successor(key) };
  const read = { id, range, reverse, rowLimit, projection };
  const { rows, rowsExamined, resumeAfter } = await rowsOfRange(session, name, read, call);
  const cursor = resumeAfter && concatBytes(AFTER_ROW, encodeRowPlace({ id, key: resumeAfter }));
  // A slice of one record does not select its id.
  return { rows: rows.map((row) => Object.assign(row, { id })), rowsExamined, cursor };
}

function cursorAfter(rows: Rows, limit: number): Uint8Array | undefined {
  const last = rows.length < limit ? undefined : rows.at(-1);
  if (last === undefined) return undefined;
  const key = new Uint8Array(last["key"] as Buffer);
  return concatBytes(AFTER_ROW, encodeRowPlace({ id: last["id"] as string, key }));
}
