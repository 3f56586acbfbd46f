/**
 * An engine over a fixed list of rows, to page through. It examines as few rows a read as it is told to, shows
 * expired rows, hides deleted ones, and so returns pages that are empty but go on.
 */
import { compareBytes, EMPTY_BYTES } from "../../src/model/bytes.ts";
import { inRange } from "../../src/model/range.ts";
import type { RangeRead, Row, RowsPage } from "../../src/ports/storage-engine.ts";
import { type FakeEngine, fakeEngine } from "../fakes/fake-engine.ts";
import { WALL_BEGIN } from "../fakes/stepped-env.ts";

/** One row and what a reader may know of it. */
export type ListedRow = {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly state: "live" | "expired" | "hidden";
};

export type Manner = {
  /** Rows examined by each read, over and over; less than asked for is always allowed. */
  readonly strides: readonly number[];
  /** Whether hidden rows count as examined: an engine may not see them. */
  readonly countsHidden: boolean;
  readonly keysPerReadMax: number;
};

/** Keys must be distinct; the order of the list does not matter. */
export function listedRowsEngine(list: readonly ListedRow[], manner: Manner): FakeEngine {
  const sorted = list.toSorted((a, b) => compareBytes(a.key, b.key));
  let reads = 0;
  const readRange = (read: RangeRead): RowsPage => {
    const found = sorted.filter(({ key }) => inRange(read.range, key));
    if (read.reverse) found.reverse();
    const stride = manner.strides[reads % manner.strides.length] ?? 1;
    reads += 1;
    const examined = found.slice(0, Math.min(read.rowLimit, stride));
    const counted = manner.countsHidden
      ? examined
      : examined.filter(({ state }) => state !== "hidden");
    return {
      rows: examined.flatMap((row) => shownRow(row, read.projection === "rows")),
      rowsExamined: counted.length,
      resumeAfter: examined.length < found.length ? examined.at(-1)?.key : undefined,
    };
  };
  return fakeEngine({
    capabilities: { keysPerReadMax: manner.keysPerReadMax },
    readRange: async (read) => readRange(read),
    readKeys: async ({ keys, projection }) => ({
      rows: sorted
        .filter(({ key }) => keys.some((wanted) => compareBytes(wanted, key) === 0))
        .flatMap((row) => shownRow(row, projection === "rows")),
      rowsExamined: keys.length,
      resumeAfter: undefined,
    }),
  });
}

function shownRow({ key, value, state }: ListedRow, withValue: boolean): readonly Row[] {
  if (state === "hidden") return [];
  const expiry = state === "expired" ? WALL_BEGIN : 0;
  const version = { time: 1, rank: expiry === 0 ? 0 : 1, expiry, nonce: EMPTY_BYTES } as const;
  return [{ key, value: withValue ? value : EMPTY_BYTES, metadata: EMPTY_BYTES, version }];
}
