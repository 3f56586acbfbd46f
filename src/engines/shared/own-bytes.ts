/** Copies: what a caller passed stays its own once its call has ended. */
import { EMPTY_BYTES, copyBytes } from "../../model/bytes.ts";
import type { KeyRange } from "../../model/range.ts";
import type { Mutation, Row } from "../../ports/storage-engine.ts";

/** The mutation with bytes of its own. */
export function ownMutation(mutation: Mutation): Mutation {
  switch (mutation.kind) {
    case "put":
      return { kind: "put", row: ownRow(mutation.row) };
    case "delete_key":
      return { ...mutation, key: copyBytes(mutation.key) };
    case "delete_range":
      return { ...mutation, range: ownRange(mutation.range) };
    case "delete_record":
      return mutation;
    default:
      throw mutation satisfies never;
  }
}

/** The row with bytes of its own. */
export function ownRow({ key, value, metadata, version }: Row): Row {
  const { time, rank, expiry, nonce } = version;
  return {
    key: copyBytes(key),
    value: copyBytes(value),
    metadata: metadata.length === 0 ? EMPTY_BYTES : copyBytes(metadata),
    version: { time, rank, expiry, nonce: copyBytes(nonce) },
  };
}

/** The range with bytes of its own. */
export function ownRange({ start, end }: KeyRange): KeyRange {
  return { start: start && copyBytes(start), end: end && copyBytes(end) };
}
