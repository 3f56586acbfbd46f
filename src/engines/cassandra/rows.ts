/** Rows of the driver as rows of the port. */
import type { types } from "cassandra-driver";
import type { Micros } from "../../model/time.ts";
import type { Row } from "../../ports/storage-engine.ts";
import { ByteSlab } from "../shared/byte-slab.ts";
import { isLive } from "../shared/visibility.ts";
import { type Decoded, decodeCells } from "./cells.ts";

/** What lies under one key, a marker included; its bytes are copies. */
export type StoredRow = Decoded & { readonly key: Uint8Array };

/**
 * The row, or undefined where a cell is null: that is how a row looks whose cells are gone but whose marker is not,
 * and it is no row of ours. Throws DATA_LOSS when the cells do not decode.
 */
export function storedRow(row: types.Row, slab: ByteSlab = new ByteSlab()): StoredRow | undefined {
  const key = row["key"] as Buffer;
  const metadata = row["value_metadata"] as Buffer | null;
  // Undefined when the column was not selected.
  const value = row["value"] as Buffer | null | undefined;
  if (metadata === null || value === null) return undefined;
  const { version, removeAt, metadata: rest, value: body } = decodeCells(metadata, value, slab);
  return { key: slab.copy(key), version, removeAt, metadata: rest, value: body };
}

/** The row as a reader sees it at `now`, or undefined for a marker, an expired row and no row of ours. */
export function liveRow(row: types.Row, now: Micros, slab: ByteSlab): Row | undefined {
  const stored = storedRow(row, slab);
  if (stored === undefined || !isLive(stored.key, stored.version, [], now)) return undefined;
  const { key, value, metadata, version } = stored;
  return { key, value, metadata, version };
}

/** All that a reader sees of the rows. */
export function liveRows(rows: readonly types.Row[], now: Micros): Row[] {
  const slab = new ByteSlab();
  const live: Row[] = [];
  for (const raw of rows) {
    const row = liveRow(raw, now, slab);
    if (row !== undefined) live.push(row);
  }
  return live;
}
