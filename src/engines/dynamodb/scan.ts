/**
 * Going through a table. DynamoDB keeps the items of a record together and in order, control items first, so that
 * a record's range deletions are met before its rows; only for the record in whose middle a page begins have they
 * to be looked up.
 */
import type { ScanCommandInput } from "@aws-sdk/client-dynamodb";
import { KvError } from "../../model/error.ts";
import type { EngineCall, ScanPage, ScanRead } from "../../ports/storage-engine.ts";
import type { RangeTombstone } from "../shared/tombstones.ts";
import {
  bytesOf,
  type Item,
  itemKey,
  PK,
  RANGE_END,
  RANGE_START,
  recordOf,
  rowSortKey,
  SK,
} from "./attributes.ts";
import { loadTombstones, tombstoneOfControl } from "./controls.ts";
import { decodeCursor, encodeCursor, type Position } from "./cursor.ts";
import { isRowItem, liveRow, projectionOf } from "./rows.ts";
import type { Session } from "./session.ts";

/** Most segments of one scan. DynamoDB would take a million. */
export const SCAN_SEGMENTS_MAX = 4096;

/** A part of a scan, as DynamoDB gives it. */
export type RawPage = { readonly items: readonly Item[]; readonly next: Position | undefined };

/** The next items of a segment after a position: at most `rowLimit`, and at most 1 MB. */
export async function scanRaw(
  session: Session,
  table: string,
  read: Omit<ScanRead, "table" | "cursor" | "after"> & { readonly after: Position | undefined },
  call: EngineCall,
): Promise<RawPage> {
  const { segment, after, rowLimit, projection } = read;
  const input: ScanCommandInput = {
    TableName: table,
    Limit: rowLimit,
    ProjectionExpression: projectionOf(projection, PK, RANGE_START, RANGE_END),
    ConsistentRead: call.consistency !== "eventual",
    ...(segment.of === 1 ? {} : { Segment: segment.index, TotalSegments: segment.of }),
    ...(after === undefined ? {} : { ExclusiveStartKey: itemKey(after.id, after.sortKey) }),
  };
  const { Items = [], LastEvaluatedKey } = await session.scan(input, call);
  const next = LastEvaluatedKey === undefined ? undefined : positionOf(LastEvaluatedKey);
  return { items: Items, next };
}

/** Live rows of a segment. */
export async function scan(
  session: Session,
  table: string,
  read: ScanRead,
  call: EngineCall,
): Promise<ScanPage> {
  const after = afterOf(read);
  const { items, next } = await scanRaw(session, table, { ...read, after }, call);
  const entries: ScanPage["entries"][number][] = [];
  let record: { readonly id: string; readonly tombstones: RangeTombstone[] } | undefined;
  for (const item of items) {
    const id = recordOf(item);
    if (record?.id !== id) {
      const known = id === after?.id ? await loadTombstones(session, table, id, call) : [];
      record = { id, tombstones: [...known] };
    }
    if (!isRowItem(item)) {
      record.tombstones.push(tombstoneOfControl(item));
      continue;
    }
    const row = liveRow(item, record.tombstones, call.now);
    if (row !== undefined) entries.push({ id, row });
  }
  const cursor = next === undefined ? undefined : encodeCursor({ kind: "after", item: next });
  return { entries, rowsExamined: items.length, cursor };
}

/** The position of an item. Throws DATA_LOSS when it has none. */
export function positionOf(item: Item): Position {
  return { id: recordOf(item), sortKey: bytesOf(item, SK) };
}

function afterOf({ after, cursor }: ScanRead): Position | undefined {
  if (after !== undefined) return { id: after.id, sortKey: rowSortKey(after.key) };
  if (cursor === undefined) return undefined;
  const standing = decodeCursor(cursor);
  if (standing.kind === "after") return standing.item;
  throw new KvError("INVALID_ARGUMENT", "the cursor is of a sweep, wanted one of a scan");
}
