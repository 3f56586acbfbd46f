/** Copies: what a caller passed stays its own once its call has ended. */
import { EMPTY_BYTES } from "../../model/bytes.ts";
import type { Mutation, Row } from "../../ports/storage-engine.ts";

/** The mutation with bytes of its own. */
export function ownMutation(mutation: Mutation): Mutation {
  switch (mutation.kind) {
    case "put":
      return { kind: "put", row: ownRow(mutation.row) };
    case "delete_key":
      return { ...mutation, key: mutation.key.slice() };
    case "delete_range":
      return {
        ...mutation,
        range: { start: mutation.range.start?.slice(), end: mutation.range.end?.slice() },
      };
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
    key: key.slice(),
    value: value.slice(),
    metadata: metadata.length === 0 ? EMPTY_BYTES : metadata.slice(),
    version: { time, rank, expiry, nonce: nonce.slice() },
  };
}
