/**
 * Rows of one record, sorted by key: a list of short sorted blocks, so that a record of a million rows takes an
 * insertion as easily as a small one (DATA-7).
 */
import { compareBytes } from "../../model/bytes.ts";
import { inRange, type KeyRange } from "../../model/range.ts";
import type { StoredRow } from "../shared/row-codec.ts";

/** A row or a deletion marker with its key. */
export type KeyedRow = StoredRow & { readonly key: Uint8Array };

/** Whether an arriving row takes the place of the one of its key. */
export type Beats = (arriving: KeyedRow, present: KeyedRow) => boolean;

const always: Beats = () => true;

/** Rows in a block before it is split in two. */
const BLOCK_ROWS_MAX = 512;

/** A sorted map of key to row. */
export class SortedRows {
  readonly #blocks: KeyedRow[][] = [[]];

  /** The row of exactly this key. */
  get(key: Uint8Array): KeyedRow | undefined {
    const block = this.#blocks[this.#blockOf(key)] as KeyedRow[];
    const at = lowerBound(block, key);
    const row = block[at];
    return row !== undefined && compareBytes(row.key, key) === 0 ? row : undefined;
  }

  /** Puts a row, replacing the one of its key. */
  set(row: KeyedRow): void {
    this.put(row, always);
  }

  /** Puts a row unless one of its key is there that it does not beat; returns the one that stays. */
  put(row: KeyedRow, beats: Beats): KeyedRow | undefined {
    const index = this.#blockOf(row.key);
    const block = this.#blocks[index] as KeyedRow[];
    const at = lowerBound(block, row.key);
    const present = block[at];
    if (present !== undefined && compareBytes(present.key, row.key) === 0) {
      if (!beats(row, present)) return present;
      block[at] = row;
      return undefined;
    }
    block.splice(at, 0, row);
    if (block.length > BLOCK_ROWS_MAX) {
      this.#blocks.splice(index + 1, 0, block.splice(block.length >> 1));
    }
    return undefined;
  }

  /** Removes the row of this key, if there is one. */
  delete(key: Uint8Array): void {
    const index = this.#blockOf(key);
    const block = this.#blocks[index] as KeyedRow[];
    const at = lowerBound(block, key);
    const present = block[at];
    if (present === undefined || compareBytes(present.key, key) !== 0) return;
    block.splice(at, 1);
    if (block.length === 0 && this.#blocks.length > 1) this.#blocks.splice(index, 1);
  }

  /** Shows the rows of a range in order, or in reverse, until `visit` returns false or there are no more. */
  visit(range: KeyRange, reverse: boolean, visit: (row: KeyedRow) => boolean): void {
    if (reverse) this.#visitReverse(range, visit);
    else this.#visitForward(range, visit);
  }

  #visitForward(range: KeyRange, visit: (row: KeyedRow) => boolean): void {
    let index = range.start === undefined ? 0 : this.#blockOf(range.start);
    let at =
      range.start === undefined ? 0 : lowerBound(this.#blocks[index] as KeyedRow[], range.start);
    for (; index < this.#blocks.length; index += 1, at = 0) {
      const block = this.#blocks[index] as KeyedRow[];
      for (; at < block.length; at += 1) {
        const row = block[at] as KeyedRow;
        if (!inRange(range, row.key) || !visit(row)) return;
      }
    }
  }

  #visitReverse(range: KeyRange, visit: (row: KeyedRow) => boolean): void {
    let index = range.end === undefined ? this.#blocks.length - 1 : this.#blockOf(range.end);
    let at =
      range.end === undefined
        ? (this.#blocks[index] as KeyedRow[]).length
        : lowerBound(this.#blocks[index] as KeyedRow[], range.end);
    for (;;) {
      const block = this.#blocks[index] as KeyedRow[];
      for (at -= 1; at >= 0; at -= 1) {
        const row = block[at] as KeyedRow;
        if (!inRange(range, row.key) || !visit(row)) return;
      }
      index -= 1;
      if (index < 0) return;
      at = (this.#blocks[index] as KeyedRow[]).length;
    }
  }

  /** The last block whose first key is at or before `key`, else the first. */
  #blockOf(key: Uint8Array): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const first = (this.#blocks[middle] as KeyedRow[])[0] as KeyedRow;
      if (compareBytes(first.key, key) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Index of the first row at or after `key`. */
function lowerBound(block: readonly KeyedRow[], key: Uint8Array): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareBytes((block[middle] as KeyedRow).key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
