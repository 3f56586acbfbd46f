/** A codec without a library, for worlds: runs of one byte, through a dictionary where there is one. */
import { KvError, toHex } from "kvdal";
import {
  type Codec,
  type CodecParts,
  type Dictionaries,
  inPlace,
  noDictionaries,
} from "kvdal/client";

/** Begins what it made. */
const FIRST = 0x52;
const RUN_MAX = 255;

/** What a dictionary says would come next is 0, and so a long run. */
function masked(value: Uint8Array, dictionary: Uint8Array | undefined): Uint8Array {
  if (dictionary === undefined) return value;
  return value.map((byte, i) => byte ^ (dictionary[i % dictionary.length] as number));
}

function compress(value: Uint8Array, dictionary: Uint8Array | undefined): Uint8Array {
  const to = [FIRST];
  for (const byte of masked(value, dictionary)) {
    const run = to.at(-2) as number;
    const goesOn = to.length > 1 && to.at(-1) === byte && run < RUN_MAX;
    if (goesOn) to[to.length - 2] = run + 1;
    else to.push(1, byte);
  }
  return Uint8Array.from(to);
}

function decompress(
  bytes: Uint8Array,
  originalBytes: number,
  dictionary: Uint8Array | undefined,
): Uint8Array {
  const value: number[] = [];
  for (let at = 1; at < bytes.length; at += 2) {
    for (let run = bytes[at] as number; run > 0; run -= 1) value.push(bytes[at + 1] as number);
  }
  if (bytes[0] === FIRST && value.length === originalBytes) {
    return masked(Uint8Array.from(value), dictionary);
  }
  throw new KvError("DATA_LOSS", `${toHex(bytes)} is no value of ${originalBytes} bytes`);
}

/** It under that name. */
export function standIn(name: string): Codec {
  return {
    name,
    takesDictionaries: true,
    compress: (value, { dictionary }) => compress(value, dictionary),
    decompress: (bytes, { originalBytes, dictionary }) =>
      decompress(bytes, originalBytes, dictionary),
    compressAside: async (value, { dictionary }) => compress(value, dictionary),
    decompressAside: async (bytes, { originalBytes, dictionary }) =>
      decompress(bytes, originalBytes, dictionary),
  };
}

/** A side that has the codecs of these names. */
export function codecParts(
  names: readonly string[],
  dictionaries: Dictionaries = noDictionaries,
): CodecParts {
  return { codecs: names.map(standIn), compressor: inPlace, dictionaries };
}

/** Dictionaries by id; the first one is that of new values. */
export function dictionariesOf(all: ReadonlyMap<string, Uint8Array>): Dictionaries {
  const [current] = all.keys();
  return {
    current: () => current,
    find: (_namespace, id) => all.get(id),
    fetch: async (_namespace, id) => all.get(id),
  };
}
