/**
 * How a table is laid out. Names are short, since DynamoDB counts them into the size of every item, and none is a
 * reserved word.
 *
 * Sort keys begin with a byte that says what the item is, which also makes the empty key legal. A record's control
 * items sort before its rows: whoever goes through a record meets its range deletions first.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { concatBytes } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";
import { decodeVersion, type Version } from "../../model/version.ts";

/** An item as the SDK has it. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** Partition key: the record's id, a string. */
export const PK = "pk";
/** Sort key: one byte of `CONTROL` or `ROW`, then what tells items of that kind apart. */
export const SK = "sk";
/** The sortable version, 33 bytes; DynamoDB compares them unsigned. On every item. */
export const VERSION = "ver";
/** A row's value. */
export const VALUE = "v";
/** A row's metadata. */
export const METADATA = "m";
/** A row's expiry, microseconds since 1970, for conditions; absent for none. */
export const EXPIRY = "e";
/** On a deletion marker: from when on it may be removed, microseconds. */
export const REMOVE_AT = "d";
/** Second since 1970 from which on DynamoDB may remove the item. Never on a control item. */
export const TTL = "x";
/** On the control item of a range deletion: first key, absent for an open start. */
export const RANGE_START = "a";
/** The same: first key after the range, absent for an open end. */
export const RANGE_END = "z";

/** First byte of the sort key of a control item. */
export const CONTROL = 0x00;
/** First byte of the sort key of a row or a marker. */
export const ROW = 0x01;

/** What addresses an item. */
export type ItemKey = {
  readonly [PK]: { readonly S: string };
  readonly [SK]: { readonly B: Uint8Array };
};

/** The address of an item by record and sort key. */
export function itemKey(id: string, sortKey: Uint8Array): ItemKey & Record<string, AttributeValue> {
  return { [PK]: { S: id }, [SK]: { B: sortKey } };
}

/** The sort key of a row. */
export function rowSortKey(key: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(ROW), key);
}

/** The record of an item. Throws DATA_LOSS when it has none. */
export function recordOf(item: Item): string {
  const id = item[PK]?.S;
  if (id === undefined) throw new KvError("DATA_LOSS", `an item has no ${PK}`);
  return id;
}

/** Bytes of an attribute, in memory of their own. Throws DATA_LOSS when the item has none of the name. */
export function bytesOf(item: Item, name: string): Uint8Array {
  const bytes = optionalBytesOf(item, name);
  if (bytes === undefined) throw new KvError("DATA_LOSS", `an item has no ${name}`);
  return bytes;
}

/** The same, undefined when there are none. */
export function optionalBytesOf(item: Item, name: string): Uint8Array | undefined {
  const bytes = item[name]?.B;
  return bytes === undefined ? undefined : new Uint8Array(bytes);
}

/** The version of an item. Throws DATA_LOSS when it has none that decodes. */
export function versionOf(item: Item): Version {
  const bytes = bytesOf(item, VERSION);
  try {
    return decodeVersion(bytes);
  } catch (cause) {
    throw new KvError("DATA_LOSS", "an item has no readable version", { cause });
  }
}
