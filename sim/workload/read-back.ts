/** Operations that read everything back, once a world has healed. */
import { toHex } from "kvdal";
import type { ChunkedValue, ReadRecord } from "../check/history.ts";
import type { Operation } from "./operation.ts";
import type { Places } from "./places.ts";

/** They are numbered from here on. */
export const READ_BACK_FIRST = 900_000;

/** One a record, numbered from `first` on, each of the whole of it. */
export function readBackOperations(
  records: number,
  keyCount: number,
  first: number,
): readonly Operation[] {
  return Array.from({ length: records }, (_, record) => ({
    index: first + record,
    think: 0,
    giveUp: 0,
    record,
    kind: "page" as const,
    from: 0,
    to: keyCount,
    pageBytes: 4_096,
    itemLimit: 0,
    reverse: false,
    byAlias: false,
  }));
}

/** The values in chunks that they found. */
export function chunkedItems(
  reads: readonly ReadRecord[],
  keys: readonly Uint8Array[],
  { idOf }: Pick<Places, "idOf">,
): readonly ChunkedValue[] {
  const last = reads.filter(({ operation }) => operation >= READ_BACK_FIRST);
  return last.flatMap(({ record, items }) =>
    items
      .filter(({ chunked }) => chunked)
      .map(({ key, writeTime, staging }) => ({
        id: idOf(record),
        key: toHex(keys[key] as Uint8Array),
        writeTime,
        staging,
      })),
  );
}
