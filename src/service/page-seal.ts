/**
 * Sealing of page tokens. The seal covers what the traversal is over as well as its position, so a token from
 * another namespace, record, predicate or direction fails as an altered one does (PAGE-3).
 */
import { concatBytes, EMPTY_BYTES, equalBytes, utf8 } from "../model/bytes.ts";
import { KvError } from "../model/error.ts";
import { decodePagePosition, encodePagePosition, type PagePosition } from "../model/page-token.ts";
import type { Predicate } from "../model/predicate.ts";
import { type Mac, MAC_BYTES } from "../ports/mac.ts";

/** What a traversal is over. */
export type Traversal = {
  /** The namespace it was resolved to. */
  readonly namespace: string;
  readonly id: string;
  readonly predicate: Predicate;
  readonly reverse: boolean;
};

/** A token, new bytes: the seal, then the position. */
export function sealPageToken(position: PagePosition, traversal: Traversal, mac: Mac): Uint8Array {
  const body = encodePagePosition(position);
  return concatBytes(mac(sealed(body, traversal)), body);
}

/** The position in a token of this traversal. Throws INVALID_ARGUMENT for any other bytes. */
export function openPageToken(token: Uint8Array, traversal: Traversal, mac: Mac): PagePosition {
  const body = token.slice(MAC_BYTES);
  const genuine = equalBytes(mac(sealed(body, traversal)), token.subarray(0, MAC_BYTES));
  const position = genuine ? decodePagePosition(body) : undefined;
  if (position === undefined) {
    throw new KvError(
      "INVALID_ARGUMENT",
      "page token was altered or belongs to another traversal, " +
        "wanted one of this namespace, record, predicate and direction",
    );
  }
  return position;
}

function sealed(body: Uint8Array, traversal: Traversal): Uint8Array {
  const { namespace, id, predicate, reverse } = traversal;
  const parts = [utf8(namespace), utf8(id), ...predicateParts(predicate), body];
  const kind = KINDS[predicate.kind] * 2 + (reverse ? 1 : 0);
  return concatBytes(Uint8Array.of(kind), ...parts.flatMap((part) => [lengthOf(part), part]));
}

const KINDS: Readonly<Record<Predicate["kind"], number>> = {
  match_all: 0,
  match_keys: 1,
  match_range: 2,
};

function predicateParts(predicate: Predicate): readonly Uint8Array[] {
  switch (predicate.kind) {
    case "match_all":
      return [];
    case "match_keys":
      return predicate.keys;
    case "match_range":
      // An open end and an empty bound differ by the marker, not by the bytes.
      return [
        openness(predicate.range),
        predicate.range.start ?? EMPTY_BYTES,
        predicate.range.end ?? EMPTY_BYTES,
      ];
    default:
      throw predicate satisfies never;
  }
}

function openness(range: {
  readonly start?: Uint8Array | undefined;
  readonly end?: Uint8Array | undefined;
}): Uint8Array {
  return Uint8Array.of((range.start === undefined ? 1 : 0) + (range.end === undefined ? 2 : 0));
}

function lengthOf(part: Uint8Array): Uint8Array {
  const { length } = part;
  return Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length);
}
