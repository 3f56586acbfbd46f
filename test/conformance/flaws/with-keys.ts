/** Keys as another engine would store them. */
import type { KeyRange } from "../../../src/model/range.ts";
import { insertIfAbsent } from "../../../src/engines/memory/memory-verbs.ts";
import type { Mutation, RowsPage } from "../../../src/ports/storage-engine.ts";
import type { Replacements } from "./flawed-memory.ts";

type Change = (key: Uint8Array) => Uint8Array;

/** Replacements that store every key changed by `inward` and return it changed by `outward`. */
export function withKeys(inward: Change, outward: Change): Replacements {
  const range = ({ start, end }: KeyRange): KeyRange => ({
    start: start === undefined ? undefined : inward(start),
    end: end === undefined ? undefined : inward(end),
  });
  const page = (one: RowsPage): RowsPage => ({
    ...one,
    rows: one.rows.map((row) => ({ ...row, key: outward(row.key) })),
    resumeAfter: one.resumeAfter === undefined ? undefined : outward(one.resumeAfter),
  });
  return {
    mutation: (mutation: Mutation): Mutation => {
      switch (mutation.kind) {
        case "put":
          return { kind: "put", row: { ...mutation.row, key: inward(mutation.row.key) } };
        case "delete_key":
          return { ...mutation, key: inward(mutation.key) };
        case "delete_range":
          return { ...mutation, range: range(mutation.range) };
        case "delete_record":
          return mutation;
        default:
          throw mutation satisfies never;
      }
    },
    insert: (record, row, now) => insertIfAbsent(record, { ...row, key: inward(row.key) }, now),
    rangeRead: (read) => ({ ...read, range: range(read.range) }),
    rangePage: page,
    keysRead: (read) => ({ ...read, keys: read.keys.map(inward) }),
    keysPage: page,
    scanRead: ({ after, ...read }) => ({
      ...read,
      ...(after && { after: { ...after, key: inward(after.key) } }),
    }),
    scanPage: (one) => ({
      ...one,
      entries: one.entries.map(({ id, row }) => ({ id, row: { ...row, key: outward(row.key) } })),
    }),
  };
}
