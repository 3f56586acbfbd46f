/** The range tombstones of one record as bytes: each is version 33, flags 1, then the bounds with their lengths. */
import { joinBytes } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";
import { decodeVersion, encodeVersion, VERSION_BYTES } from "../../model/version.ts";
import type { RangeTombstone } from "../shared/tombstones.ts";

const HAS_START = 1;
const HAS_END = 2;

/** New bytes holding the list. */
export function encodeTombstones(tombstones: readonly RangeTombstone[]): Uint8Array {
  return joinBytes(tombstones.flatMap(partsOf));
}

function partsOf({ range: { start, end }, version }: RangeTombstone): readonly Uint8Array[] {
  const flags = (start === undefined ? 0 : HAS_START) | (end === undefined ? 0 : HAS_END);
  return [encodeVersion(version), Uint8Array.of(flags), ...boundParts(start), ...boundParts(end)];
}

function boundParts(bound: Uint8Array | undefined): readonly Uint8Array[] {
  if (bound === undefined) return [];
  return [Uint8Array.of(bound.length >> 8, bound.length & 0xff), bound];
}

/** The list in bytes that `encodeTombstones` made, copied out of them; none for undefined. Throws DATA_LOSS. */
export function decodeTombstones(stored: Uint8Array | undefined): readonly RangeTombstone[] {
  const tombstones: RangeTombstone[] = [];
  if (stored === undefined) return tombstones;
  // A plain view: `slice` of a Node Buffer would not copy.
  const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.length);
  let at = 0;
  const bound = (): Uint8Array => {
    const from = at + 2;
    at = from + ((bytes[from - 2] ?? 0) << 8) + (bytes[from - 1] ?? 0);
    return bytes.slice(from, at);
  };
  while (at < bytes.length) {
    const version = versionAt(bytes, at);
    const flags = bytes[at + VERSION_BYTES] ?? 0;
    at += VERSION_BYTES + 1;
    const start = (flags & HAS_START) === 0 ? undefined : bound();
    const end = (flags & HAS_END) === 0 ? undefined : bound();
    tombstones.push({ range: { start, end }, version });
  }
  if (at === bytes.length) return tombstones;
  throw new KvError("DATA_LOSS", `stored tombstones end at ${bytes.length}, wanted ${at} bytes`);
}

function versionAt(bytes: Uint8Array, at: number): RangeTombstone["version"] {
  try {
    return decodeVersion(bytes, at);
  } catch (cause) {
    throw new KvError("DATA_LOSS", "a stored tombstone has no readable version", { cause });
  }
}
