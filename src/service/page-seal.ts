/**
 * Sealing of page tokens. The seal covers what the traversal is over as well as its position, so a token from
 * another namespace, record, predicate or direction fails as an altered one does (PAGE-3).
 */
import { concatBytes, EMPTY_BYTES, utf8, writeUint32 } from "../model/bytes.ts";
import { KvError } from "../model/error.ts";
import {
  decodePageToken,
  encodePageToken,
  namespaceInToken,
  type PagePosition,
} from "../model/page-token.ts";
import type { Predicate } from "../model/predicate.ts";
import type { ScanSegment } from "../model/scan.ts";
import { type Mac, MAC_BYTES, type MacKeyring } from "../ports/mac.ts";

/** The namespace of a traversal. */
type InNamespace = {
  /** What the caller calls its namespace: a name or an alias. */
  readonly namespace: string;
  /** The own name of the namespace that it goes through. It is in the token, and sealed with it (NS-4). */
  readonly resolved: string;
};

/** What a traversal of a record is over. */
export type RecordTraversal = InNamespace & {
  readonly id: string;
  readonly predicate: Predicate;
  readonly reverse: boolean;
};

/** What a traversal is over: items of a record, or all of a segment. */
export type Traversal = RecordTraversal | (InNamespace & { readonly segment: ScanSegment });

/** A token, new bytes: the seal by the ring's current key, then what it says. */
export function sealPageToken(
  position: PagePosition,
  traversal: Traversal,
  ring: MacKeyring,
): Uint8Array {
  const body = encodePageToken({ keyId: ring.current, namespace: traversal.resolved, position });
  return concatBytes(currentMac(ring)(sealed(body, traversal)), body);
}

/**
 * The position in a token of this traversal, sealed with any key of the ring. Throws INVALID_ARGUMENT for any other
 * bytes, and for a token whose key is not, or no longer, in the ring.
 */
export function openPageToken(
  token: Uint8Array,
  traversal: Traversal,
  ring: MacKeyring,
): PagePosition {
  const body = token.slice(MAC_BYTES);
  const said = decodePageToken(body);
  if (said === undefined) throw refused("page token is no token of this version");
  const mac = ring.keys.get(said.keyId);
  if (mac === undefined) throw refused(`page token is sealed with key ${said.keyId}, not in use`);
  if (!isSameSeal(mac(sealed(body, traversal)), token)) {
    throw refused("page token was altered or belongs to another traversal");
  }
  if (said.namespace !== traversal.resolved) {
    throw new KvError(
      "NAMESPACE_NOT_FOUND",
      `the traversal began in ${said.namespace}, which is not served any more, wanted a new traversal`,
    );
  }
  return said.position;
}

/** The namespace that a token says its traversal began in. Not to be believed before `openPageToken` has returned. */
export function pinnedNamespace(token: Uint8Array): string | undefined {
  return namespaceInToken(token, MAC_BYTES);
}

/** The key that seals. Throws INVALID_ARGUMENT for a ring whose current key is not among its keys. */
export function currentMac(ring: MacKeyring): Mac {
  const mac = ring.keys.get(ring.current);
  if (mac !== undefined) return mac;
  const found = `current key of the ring is ${ring.current}`;
  const wanted = `one of its keys: ${[...ring.keys.keys()].join(", ")}`;
  throw new KvError("INVALID_ARGUMENT", `${found}, wanted ${wanted}`);
}

/** Compares the seal in time that does not depend on where it differs: no one may learn it byte by byte. */
function isSameSeal(seal: Uint8Array, token: Uint8Array): boolean {
  let difference = 0;
  for (let i = 0; i < MAC_BYTES; i += 1) difference |= (seal[i] as number) ^ (token[i] as number);
  return difference === 0;
}

function refused(found: string): KvError {
  const wanted = "one of this namespace, and of this record, predicate and direction, or segment";
  return new KvError("INVALID_ARGUMENT", `${found}, wanted ${wanted}`);
}

function sealed(body: Uint8Array, traversal: Traversal): Uint8Array {
  const { namespace } = traversal;
  if ("segment" in traversal) {
    const { index, of } = traversal.segment;
    const segment = Uint8Array.of(index >>> 8, index, of >>> 8, of);
    return sealedParts(SCAN_KIND, [utf8(namespace), segment, body]);
  }
  const { id, predicate, reverse } = traversal;
  const kind = KINDS[predicate.kind] * 2 + (reverse ? 1 : 0);
  return sealedParts(kind, [utf8(namespace), utf8(id), ...predicateParts(predicate), body]);
}

function sealedParts(kind: number, parts: readonly Uint8Array[]): Uint8Array {
  let length = 1;
  for (const part of parts) length += LENGTH_BYTES + part.length;
  const bytes = new Uint8Array(length);
  bytes[0] = kind;
  let at = 1;
  for (const part of parts) {
    writeUint32(bytes, at, part.length);
    bytes.set(part, at + LENGTH_BYTES);
    at += LENGTH_BYTES + part.length;
  }
  return bytes;
}

/** Beyond those that predicates and directions make. */
const SCAN_KIND = 6;

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

const LENGTH_BYTES = 4;
