/** A page of one segment of a table. */
import { successor } from "../../model/bytes.ts";
import { ALL_KEYS } from "../../model/range.ts";
import { decodeRowPlace, encodeRowPlace, type RowPlace } from "../../model/row-place.ts";
import type { Micros } from "../../model/time.ts";
import type { Row, ScanPage, ScanRead } from "../../ports/storage-engine.ts";
import { ByteSlab } from "../shared/byte-slab.ts";
import { bucketOf, bucketsOf, checkBucket } from "../shared/scan-buckets.ts";
import { isLive } from "../shared/visibility.ts";
import type { MemoryTables } from "./memory-tables.ts";
import { toRow } from "./memory-verbs.ts";

/** The live rows among the next `rowLimit` of the segment. Throws INVALID_ARGUMENT for another segment's cursor. */
export function scanTable(tables: MemoryTables, read: ScanRead, now: Micros): ScanPage {
  const segment = bucketsOf(read.segment);
  const from = placeOf(read);
  const first = from === undefined ? segment.first : bucketOf(from.id);
  if (from !== undefined) checkBucket(first, segment);
  const page = new PageInMaking(tables, read, now);
  for (let bucket = first; bucket < segment.end; bucket += 1) {
    const ids = tables.bucket(read.table, bucket);
    const isFirst = from !== undefined && bucket === first;
    for (let i = isFirst ? lowerBound(ids, from.id) : 0; i < ids.length; i += 1) {
      const id = ids[i] as string;
      const goesOn = page.take(id, id === from?.id ? from.key : undefined);
      if (!goesOn) return page.ended(true);
    }
  }
  return page.ended(false);
}

class PageInMaking {
  readonly #read: ScanRead;
  readonly #now: Micros;
  readonly #records: ReturnType<MemoryTables["records"]>;
  readonly #entries: { id: string; row: Row }[] = [];
  readonly #slab = new ByteSlab();
  #rowsExamined = 0;
  #bytes = 0;
  #last: RowPlace | undefined;

  constructor(tables: MemoryTables, read: ScanRead, now: Micros) {
    this.#read = read;
    this.#now = now;
    this.#records = tables.records(read.table);
  }

  /** Takes the rows of a record after a key; false when there are more than the page may have. */
  take(id: string, after: Uint8Array | undefined): boolean {
    const record = this.#records.get(id);
    if (record === undefined) return true;
    const { rowLimit, byteLimit = Number.POSITIVE_INFINITY, projection } = this.#read;
    const rest = after === undefined ? ALL_KEYS : { start: successor(after) };
    let goesOn = true;
    record.rows.visit(rest, false, (row) => {
      goesOn = this.#rowsExamined < rowLimit && this.#bytes < byteLimit;
      if (!goesOn) return false;
      this.#rowsExamined += 1;
      this.#last = { id, key: row.key };
      if (isLive(row.key, row.version, record.tombstones, this.#now)) {
        this.#entries.push({ id, row: toRow(row, projection, this.#slab) });
        this.#bytes += row.key.length + (projection === "rows" ? row.value.length : 0);
      }
      return true;
    });
    return goesOn;
  }

  ended(more: boolean): ScanPage {
    const last = more ? this.#last : undefined;
    return {
      entries: this.#entries,
      rowsExamined: this.#rowsExamined,
      cursor: last && encodeRowPlace(last),
    };
  }
}

function placeOf({ after, cursor }: ScanRead): RowPlace | undefined {
  return after ?? (cursor && decodeRowPlace(cursor));
}

/** Index of the first id at or after `id`. */
function lowerBound(ids: readonly string[], id: string): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] as string) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
