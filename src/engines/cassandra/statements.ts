/** The CQL of the adapter, as texts with markers and the values to bind. Names are quoted: some are reserved. */
import { createHash } from "node:crypto";
import type { KeyRange } from "../../model/range.ts";
import type { Micros } from "../../model/time.ts";
import type { Version } from "../../model/version.ts";
import type { Projection } from "../../ports/storage-engine.ts";
import type { Cells } from "./cells.ts";
import { timestampOf } from "./timestamps.ts";

/** What may be bound. Never `undefined`: an unset timestamp would silently be the server's own. */
export type Bound = string | number | bigint | Buffer | readonly Buffer[];

/** A statement ready to be prepared and bound. */
export type Statement = { readonly query: string; readonly params: readonly Bound[] };

/** A table by its keyspace. */
export type TableName = { readonly keyspace: string; readonly table: string };

/** The quoted name. */
export function quoted({ keyspace, table }: TableName): string {
  return `"${keyspace}"."${table}"`;
}

/** A key as the driver takes it, in memory of its own. */
export function keyBuffer(key: Uint8Array): Buffer {
  return Buffer.from(key);
}

/**
 * Upsert of a row or a marker. Never INSERT: it leaves a row marker of Cassandra's own, which outlives the cells and
 * is one more tombstone for readers to cross. Both cells are always there, so a row needs nothing else to exist.
 */
export function updateRow(
  name: TableName,
  id: string,
  key: Uint8Array,
  row: Cells & { readonly version: Version; readonly ttlSeconds: number | undefined },
): Statement {
  const ttl = row.ttlSeconds === undefined ? [] : [row.ttlSeconds];
  return {
    query:
      `UPDATE ${quoted(name)} USING TIMESTAMP ?${row.ttlSeconds === undefined ? "" : " AND TTL ?"} ` +
      `SET value = ?, value_metadata = ? WHERE id = ? AND key = ?`,
    params: [timestampOf(row.version), ...ttl, row.value, row.metadata, id, keyBuffer(key)],
  };
}

/** One tombstone over a range, or over the record when the range has no bounds. The range must not be empty. */
export function deleteRange(
  name: TableName,
  id: string,
  range: KeyRange,
  version: Version,
): Statement {
  const { where, params } = slice(id, range);
  return {
    query: `DELETE FROM ${quoted(name)} USING TIMESTAMP ? WHERE ${where}`,
    params: [timestampOf(version), ...params],
  };
}

/** Removes one row for good, leaving alone whatever is newer. */
export function deleteRow(
  name: TableName,
  id: string,
  key: Uint8Array,
  version: Version,
): Statement {
  return {
    query: `DELETE FROM ${quoted(name)} USING TIMESTAMP ? WHERE id = ? AND key = ?`,
    params: [timestampOf(version), id, keyBuffer(key)],
  };
}

/** Rows of single keys; they come in key order, whatever the order asked in and whatever the table's. */
export function selectKeys(
  name: TableName,
  id: string,
  keys: readonly Uint8Array[],
  projection: Projection,
): Statement {
  return {
    query: `SELECT ${columns(projection)} FROM ${quoted(name)} WHERE id = ? AND key IN ? ORDER BY key ASC`,
    params: [id, keys.map(keyBuffer)],
  };
}

/** At most `limit` rows of a range of one record. The order is always said: the table may have either. */
export function selectRange(
  name: TableName,
  id: string,
  range: KeyRange,
  read: {
    readonly reverse: boolean;
    readonly limit: number;
    readonly projection: Projection;
  },
): Statement {
  const { where, params } = slice(id, range);
  const order = read.reverse ? "DESC" : "ASC";
  return {
    query:
      `SELECT ${columns(read.projection)} FROM ${quoted(name)} ` +
      `WHERE ${where} ORDER BY key ${order} LIMIT ?`,
    params: [...params, read.limit],
  };
}

/** At most `limit` rows of the records past `after`, a token or the record that has it, up to the token `last`. */
export function selectTokens(
  name: TableName,
  after: bigint | string,
  last: bigint,
  read: { readonly limit: number; readonly projection: Projection },
): Statement {
  const lower = typeof after === "bigint" ? "?" : "token(?)";
  return {
    query:
      `SELECT id, ${columns(read.projection)} FROM ${quoted(name)} ` +
      `WHERE token(id) > ${lower} AND token(id) <= ? LIMIT ?`,
    params: [after, last, read.limit],
  };
}

/**
 * The same of the record that has a token, in the order in which its rows lie. That the server is to filter is what it
 * is told, not what it does: it looks at nothing but the slice.
 */
export function selectTokenRange(
  name: TableName,
  token: bigint,
  range: KeyRange,
  read: { readonly limit: number; readonly projection: Projection },
): Statement {
  const { bounds, params } = boundsOf(range);
  return {
    query:
      `SELECT id, ${columns(read.projection)} FROM ${quoted(name)} ` +
      `WHERE token(id) = ?${bounds} LIMIT ? ALLOW FILTERING`,
    params: [token, ...params, read.limit],
  };
}

/**
 * The published shape (NS-7). `gcGrace` is how long tombstones are kept, microseconds, rounded up to seconds.
 *
 * The table's id follows from its name. Left to choose, coordinators that make one table at the same moment choose
 * different ids, and every node then drops the one, with what was written to it, and makes the other.
 */
export function createTable(name: TableName, gcGrace: Micros, descending: boolean): string {
  return (
    `CREATE TABLE IF NOT EXISTS ${quoted(name)} ` +
    `(id text, key blob, value blob, value_metadata blob, PRIMARY KEY (id, key)) ` +
    `WITH ID = '${tableId(name)}' AND CLUSTERING ORDER BY (key ${descending ? "DESC" : "ASC"}) ` +
    `AND gc_grace_seconds = ${Math.ceil(gcGrace / 1_000_000)}`
  );
}

/** A UUID of version 8, which leaves its bits to whoever makes it: here they are a hash of the name. */
export function tableId({ keyspace, table }: TableName): string {
  const hash = createHash("sha256").update(`kvdal ${keyspace}.${table}`).digest("hex");
  const variant = (8 + (parseInt(hash.slice(16, 17), 16) % 4)).toString(16);
  const groups = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ];
  return groups.join("-");
}

function columns(projection: Projection): string {
  return projection === "rows" ? "key, value, value_metadata" : "key, value_metadata";
}

function slice(id: string, range: KeyRange): { where: string; params: Bound[] } {
  const { bounds, params } = boundsOf(range);
  return { where: `id = ?${bounds}`, params: [id, ...params] };
}

function boundsOf({ start, end }: KeyRange): { bounds: string; params: Bound[] } {
  const params: Bound[] = [];
  let bounds = "";
  if (start !== undefined) {
    bounds += " AND key >= ?";
    params.push(keyBuffer(start));
  }
  if (end !== undefined) {
    bounds += " AND key < ?";
    params.push(keyBuffer(end));
  }
  return { bounds, params };
}
