/** Puts spans into rows so that none covers another. */

/** A span of time; without an end it lasts to the world's. */
export type Span = { readonly from: number; readonly until: number };

/** The row of each span, in the order given: the first row that is free by then. */
export function rowsOf(spans: readonly Span[]): readonly number[] {
  const rows: number[] = Array.from({ length: spans.length }, () => 0);
  const free: number[] = [];
  const order = spans.map((_, i) => i).toSorted((a, b) => spans[a]!.from - spans[b]!.from);
  for (const i of order) {
    const { from, until } = spans[i] as Span;
    const found = free.findIndex((end) => end <= from);
    const row = found === -1 ? free.length : found;
    rows[i] = row;
    free[row] = Math.max(until, from + 1);
  }
  return rows;
}
