/** A page of a record that is all there, as an engine would answer it. */
import { EMPTY_BYTES } from "../model/bytes.ts";
import { inRange } from "../model/range.ts";
import type { Projection, RangeRead, Row, RowsPage } from "../ports/storage-engine.ts";

/** The page that `read` asks for, of the rows of its record, which are sorted. */
export function pageOfRows(rows: readonly Row[], read: RangeRead): RowsPage {
  const wanted = rows.filter(({ key }) => inRange(read.range, key));
  if (read.reverse) wanted.reverse();
  const page: Row[] = [];
  let bytes = 0;
  for (const row of wanted) {
    if (page.length >= read.rowLimit || (page.length > 0 && bytes >= read.byteLimit)) break;
    page.push(projected(row, read.projection));
    bytes += row.key.length + row.value.length;
  }
  const rest = page.length < wanted.length;
  return {
    rows: page,
    rowsExamined: page.length,
    resumeAfter: rest ? page.at(-1)?.key : undefined,
  };
}

/** The row with its value, or without. */
export function projected(row: Row, projection: Projection): Row {
  return projection === "rows" ? row : { ...row, value: EMPTY_BYTES };
}
