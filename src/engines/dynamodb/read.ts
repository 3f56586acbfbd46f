/** Reads of one record: its range deletions first, then the rows, so that nothing deleted is ever seen. */
import type { AttributeValue, QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { equalBytes, toHex } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";
import { isEmptyRange, type KeyRange } from "../../model/range.ts";
import { type Micros, MILLISECOND } from "../../model/time.ts";
import type {
  EngineCall,
  EngineContext,
  KeysRead,
  RangeRead,
  Row,
  RowsPage,
} from "../../ports/storage-engine.ts";
import { pause } from "../../ports/pause.ts";
import {
  CONTROL,
  type Item,
  itemKey,
  PK,
  RANGE_END,
  RANGE_START,
  ROW,
  rowSortKey,
  SK,
} from "./attributes.ts";
import type { RangeTombstone } from "../shared/tombstones.ts";
import { loadTombstones, tombstoneOfControl } from "./controls.ts";
import { isRowItem, liveRow, projectionOf } from "./rows.ts";
import type { Session } from "./session.ts";

const NOTHING: RowsPage = { rows: [], rowsExamined: 0, resumeAfter: undefined };

/** Pause after an answer that brought nothing, doubled each time up to the longest. */
const PAUSE_FIRST = 10 * MILLISECOND;
const PAUSE_LONGEST = 1000 * MILLISECOND;

/** Rows of single keys, at most 100, put back into the order asked for. */
export async function readKeys(
  session: Session,
  context: EngineContext,
  table: string,
  read: KeysRead,
  call: EngineCall,
): Promise<RowsPage> {
  if (read.keys.length === 0) return NOTHING;
  const tombstones = await loadTombstones(session, table, read.id, call);
  const found = await getAll(session, context, table, read, call);
  const rows: Row[] = [];
  for (const key of read.keys) {
    const item = found.get(toHex(rowSortKey(key)));
    const row = item === undefined ? undefined : liveRow(item, tombstones, call.now);
    if (row !== undefined) rows.push(row);
  }
  return { rows, rowsExamined: found.size, resumeAfter: undefined };
}

/** Items by the hexadecimal of their sort keys. What DynamoDB leaves out of an answer is asked for again. */
async function getAll(
  session: Session,
  { env }: EngineContext,
  table: string,
  read: KeysRead,
  call: EngineCall,
): Promise<Map<string, Item>> {
  const found = new Map<string, Item>();
  let wanted: Record<string, AttributeValue>[] = read.keys.map((key) =>
    itemKey(read.id, rowSortKey(key)),
  );
  let wait = PAUSE_FIRST;
  while (wanted.length > 0) {
    const request = {
      Keys: wanted,
      ProjectionExpression: projectionOf(read.projection),
      ConsistentRead: call.consistency !== "eventual",
    };
    const answer = await session.batchGetItem({ RequestItems: { [table]: request } }, call);
    const items = answer.Responses?.[table] ?? [];
    for (const item of items) found.set(toHex(item[SK]?.B ?? new Uint8Array()), item);
    wanted = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    // An answer cut at 16 MB is no sign of trouble; one without anything is.
    if (wanted.length > 0 && items.length === 0) {
      const left = call.deadline - env.clock.monotonic();
      await pause(env.timers, Math.max(0, Math.min(wait, left)), call.signal);
      wait = Math.min(2 * wait, PAUSE_LONGEST);
    }
  }
  return found;
}

/** One page of the engine: at most `rowLimit` items, markers and hidden rows included, and at most 1 MB. */
export async function readRange(
  session: Session,
  table: string,
  read: RangeRead,
  call: EngineCall,
): Promise<RowsPage> {
  if (isEmptyRange(read.range)) return NOTHING;
  const met = await readFromStart(session, table, read, call);
  if (met !== undefined) return met;
  const tombstones = await loadTombstones(session, table, read.id, call);
  const page = await session.query(rangeQuery(table, read, call), call);
  return pageOf(page.Items ?? [], page.LastEvaluatedKey, read, tombstones, call.now);
}

/** Range deletions that a record is expected to have at most. */
const CONTROLS_EXPECTED = 4;

/**
 * A read from a record's beginning meets its range deletions on the way: one request instead of two. Undefined for
 * other reads, and for a record with more deletions than one answer brought.
 */
async function readFromStart(
  session: Session,
  table: string,
  read: RangeRead,
  call: EngineCall,
): Promise<RowsPage | undefined> {
  if (read.reverse || read.range.start !== undefined) return undefined;
  const { ExpressionAttributeValues, ...query } = rangeQuery(table, read, call);
  const { Items = [], LastEvaluatedKey: last } = await session.query(
    {
      ...query,
      ExpressionAttributeValues: { ...ExpressionAttributeValues, ":first": { B: CONTROLS } },
      ProjectionExpression: projectionOf(read.projection, RANGE_START, RANGE_END),
      Limit: read.rowLimit + CONTROLS_EXPECTED,
    },
    call,
  );
  if (last !== undefined && !isRowItem(last)) return undefined;
  const begin = Items.findIndex(isRowItem);
  const controls = begin === -1 ? Items : Items.slice(0, begin);
  const rows = begin === -1 ? [] : Items.slice(begin);
  const fitting = rows.slice(0, read.rowLimit);
  const end = fitting.length < rows.length ? fitting.at(-1) : last;
  return pageOf(fitting, end, read, controls.map(tombstoneOfControl), call.now);
}

const CONTROLS = Uint8Array.of(CONTROL);

/** The page that these items are, `last` being where the query ended before its end. */
function pageOf(
  items: readonly Item[],
  last: Item | undefined,
  { range }: RangeRead,
  tombstones: readonly RangeTombstone[],
  now: Micros,
): RowsPage {
  const end = range.end === undefined ? undefined : rowSortKey(range.end);
  // BETWEEN takes its end in, half-open ranges do not.
  const isInside = (item: Item): boolean =>
    end === undefined || !equalBytes(item[SK]?.B ?? end, end);
  const inside = items.filter(isInside);
  const rows = inside.map((item) => liveRow(item, tombstones, now));
  return {
    rows: rows.filter((row) => row !== undefined),
    rowsExamined: inside.length,
    resumeAfter: last !== undefined && isInside(last) ? keyOf(last) : undefined,
  };
}

/** The query of one page of rows. The range must not be empty: DynamoDB refuses bounds the wrong way round. */
export function rangeQuery(table: string, read: RangeRead, call: EngineCall): QueryCommandInput {
  const { id, range, reverse } = read;
  const bounds = boundsOf(range);
  return {
    TableName: table,
    KeyConditionExpression:
      bounds.last === undefined
        ? `${PK} = :id AND ${SK} >= :first`
        : `${PK} = :id AND ${SK} BETWEEN :first AND :last`,
    ExpressionAttributeValues: {
      ":id": { S: id },
      ":first": { B: bounds.first },
      ...(bounds.last === undefined ? {} : { ":last": { B: bounds.last } }),
    },
    ProjectionExpression: projectionOf(read.projection),
    ScanIndexForward: !reverse,
    Limit: read.rowLimit,
    ConsistentRead: call.consistency !== "eventual",
    // Backwards the end comes first and would use up the limit: begin behind it.
    ...(reverse && bounds.last !== undefined
      ? { ExclusiveStartKey: itemKey(id, bounds.last) }
      : {}),
  };
}

function boundsOf({ start, end }: KeyRange): { first: Uint8Array; last: Uint8Array | undefined } {
  return {
    first: start === undefined ? Uint8Array.of(ROW) : rowSortKey(start),
    last: end === undefined ? undefined : rowSortKey(end),
  };
}

function keyOf(lastEvaluated: Item): Uint8Array {
  const sortKey = lastEvaluated[SK]?.B;
  if (sortKey === undefined) throw new KvError("DATA_LOSS", `a page ends without ${SK}`);
  return new Uint8Array(sortKey.subarray(1));
}
