/**
 * Control items: the range deletions of a record, kept in front of its rows (DEL-1, DEL-2). Readers load them first
 * and hide what they cover. DynamoDB never removes them by itself: first must go what they hide.
 *
 *   00 00               the deletion of the whole record; a later one replaces it
 *   00 01 | version 33 | hash of the range 8
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { concatBytes, EMPTY_BYTES } from "../../model/bytes.ts";
import { ALL_KEYS, type KeyRange } from "../../model/range.ts";
import { encodeVersion, type Version } from "../../model/version.ts";
import type { EngineCall } from "../../ports/storage-engine.ts";
import type { RangeTombstone } from "../shared/tombstones.ts";
import {
  CONTROL,
  type Item,
  itemKey,
  optionalBytesOf,
  PK,
  RANGE_END,
  RANGE_START,
  ROW,
  SK,
  VERSION,
  versionOf,
} from "./attributes.ts";
import type { Session } from "./session.ts";

/** Sort key of the deletion of the whole record. */
export const RECORD_CONTROL: Uint8Array = Uint8Array.of(CONTROL, 0x00);

/** The deletion of the whole record as an item. */
export function recordControl(id: string, version: Version): Record<string, AttributeValue> {
  return { ...itemKey(id, RECORD_CONTROL), [VERSION]: { B: encodeVersion(version) } };
}

/** The deletion of a range as an item. Its sort key follows from its content: repeats land on one item. */
export function rangeControl(
  id: string,
  range: KeyRange,
  version: Version,
): Record<string, AttributeValue> {
  const encoded = encodeVersion(version);
  const sortKey = concatBytes(Uint8Array.of(CONTROL, 0x01), encoded, hashOf(range));
  return {
    ...itemKey(id, sortKey),
    [VERSION]: { B: encoded },
    ...(range.start === undefined ? {} : { [RANGE_START]: { B: range.start } }),
    ...(range.end === undefined ? {} : { [RANGE_END]: { B: range.end } }),
  };
}

/** The tombstone that a control item stands for. Throws DATA_LOSS when it does not decode. */
export function tombstoneOfControl(item: Item): RangeTombstone {
  const version = versionOf(item);
  if (item[SK]?.B?.[1] === 0x00) return { range: ALL_KEYS, version };
  const start = optionalBytesOf(item, RANGE_START);
  const end = optionalBytesOf(item, RANGE_END);
  return { range: { start, end }, version };
}

/** All control items of a record, through as many pages as they take: none may be missed. */
export async function loadControls(
  session: Session,
  table: string,
  id: string,
  call: EngineCall,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await session.query(
      {
        TableName: table,
        KeyConditionExpression: `${PK} = :id AND ${SK} < :rows`,
        ExpressionAttributeValues: { ":id": { S: id }, ":rows": { B: Uint8Array.of(ROW) } },
        ConsistentRead: call.consistency !== "eventual",
        ExclusiveStartKey: from,
      },
      call,
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}

/** The range deletions of a record. */
export async function loadTombstones(
  session: Session,
  table: string,
  id: string,
  call: EngineCall,
): Promise<readonly RangeTombstone[]> {
  return (await loadControls(session, table, id, call)).map(tombstoneOfControl);
}

/** Eight bytes that tell two ranges of one version apart: two FNV-1a sums with different seeds. */
function hashOf({ start, end }: KeyRange): Uint8Array {
  const marks = Uint8Array.of(start === undefined ? 0 : 1, end === undefined ? 0 : 1);
  const first = start ?? EMPTY_BYTES;
  const lengths = Uint8Array.of(first.length >> 8, first.length & 0xff);
  const bytes = concatBytes(marks, lengths, first, end ?? EMPTY_BYTES);
  const sums = new DataView(new ArrayBuffer(8));
  sums.setUint32(0, fnv(bytes, 0x811c9dc5));
  sums.setUint32(4, fnv(bytes, 0x050c5d1f));
  return new Uint8Array(sums.buffer);
}

function fnv(bytes: Uint8Array, seed: number): number {
  let sum = seed;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum >>> 0;
}
