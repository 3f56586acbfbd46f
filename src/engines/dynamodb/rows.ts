/** Rows and deletion markers as items. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { EMPTY_BYTES } from "../../model/bytes.ts";
import { type Micros, micros, SECOND } from "../../model/time.ts";
import { encodeVersion, RANK_DELETE, type Version } from "../../model/version.ts";
import type { Projection, Row } from "../../ports/storage-engine.ts";
import { isLive } from "../shared/visibility.ts";
import type { RangeTombstone } from "../shared/tombstones.ts";
import {
  bytesOf,
  EXPIRY,
  type Item,
  itemKey,
  METADATA,
  optionalBytesOf,
  REMOVE_AT,
  ROW,
  rowSortKey,
  SK,
  TTL,
  VALUE,
  VERSION,
  versionOf,
} from "./attributes.ts";

/** What lies under one key: a row, or a marker (rank 2), which has neither value nor metadata. */
export type StoredRow = Row & {
  /** From when on a marker may be removed; 0 for a row. */
  readonly removeAt: Micros;
};

/** When DynamoDB may remove by itself; `retention` is undefined while the table's is not known here. */
export type TtlSettings = { readonly nativeTtl: boolean; readonly retention: Micros | undefined };

/** A row as an item. */
export function rowItem(
  id: string,
  row: Row,
  settings: TtlSettings,
): Record<string, AttributeValue> {
  const { key, value, metadata, version } = row;
  return {
    ...itemKey(id, rowSortKey(key)),
    [VERSION]: { B: encodeVersion(version) },
    [VALUE]: { B: value },
    [METADATA]: { B: metadata },
    ...(version.expiry === 0 ? {} : { [EXPIRY]: { N: String(version.expiry) } }),
    ...ttl(version, version.expiry, settings),
  };
}

/** A deletion marker as an item. */
export function markerItem(
  id: string,
  key: Uint8Array,
  version: Version,
  removeAt: Micros,
  settings: TtlSettings,
): Record<string, AttributeValue> {
  return {
    ...itemKey(id, rowSortKey(key)),
    [VERSION]: { B: encodeVersion(version) },
    [REMOVE_AT]: { N: String(removeAt) },
    ...ttl(version, removeAt, settings),
  };
}

/** Whether the item is a row or a marker, not a control item. */
export function isRowItem(item: Item): boolean {
  return item[SK]?.B?.[0] === ROW;
}

/** What the item says, copied out of it. Throws DATA_LOSS when it does not decode. */
export function storedRow(item: Item): StoredRow {
  return {
    key: bytesOf(item, SK).subarray(1).slice(),
    value: optionalBytesOf(item, VALUE) ?? EMPTY_BYTES,
    metadata: optionalBytesOf(item, METADATA) ?? EMPTY_BYTES,
    version: versionOf(item),
    removeAt: micros(item[REMOVE_AT]?.N ?? "0") ?? 0,
  };
}

/** The row as a reader sees it, or undefined for one that is deleted, hidden or expired. */
export function liveRow(
  item: Item,
  tombstones: readonly RangeTombstone[],
  now: Micros,
): Row | undefined {
  const { key, value, metadata, version } = storedRow(item);
  return isLive(key, version, tombstones, now) ? { key, value, metadata, version } : undefined;
}

/** The attributes to ask for. */
export function projectionOf(projection: Projection, ...more: readonly string[]): string {
  const names = [...more, SK, VERSION, METADATA, REMOVE_AT];
  return (projection === "rows" ? [...names, VALUE] : names).join(", ");
}

/** From when on nothing is lost with a row: it has ended, and no older write is accepted any more (DEL-5). */
export function removableFrom(row: StoredRow, retention: Micros): Micros {
  const { version, removeAt } = row;
  const end = version.rank === RANK_DELETE ? removeAt : version.expiry;
  return end === 0 ? Infinity : Math.max(end, version.time + retention);
}

/**
 * The attribute by which DynamoDB removes the item. An expired row has to hide older writes as long as those may
 * come, so that without knowing the retention it is left to `sweep`; a marker's time is such a time already.
 */
function ttl(version: Version, end: Micros, settings: TtlSettings): Record<string, AttributeValue> {
  const { nativeTtl, retention } = settings;
  if (!nativeTtl || end === 0) return {};
  if (retention === undefined && version.rank !== RANK_DELETE) return {};
  const from = Math.max(end, version.time + (retention ?? 0));
  return { [TTL]: { N: String(Math.ceil(from / SECOND)) } };
}
