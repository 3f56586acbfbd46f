/** What compression is made of; both sides have a set of their own. */
import type { Codec, Compressor } from "../ports/codec.ts";
import { inPlace } from "./compressor.ts";

/** Dictionaries as they are at hand: in memory, looked up at once. */
export type Dictionaries = {
  /** Id of the one that new values of the namespace are compressed with; undefined for none. */
  readonly current: (namespace: string) => string | undefined;
  /** Its bytes, which must not change; undefined when it is not at hand. */
  readonly find: (namespace: string, id: string) => Uint8Array | undefined;
  /** Looks further, where that may take a while; undefined when it is gone. Rejects with KvError. */
  readonly fetch: (namespace: string, id: string) => Promise<Uint8Array | undefined>;
};

/** The parts. */
export type CodecParts = {
  /** Those that this side can do, each name once. */
  readonly codecs: readonly Codec[];
  readonly compressor: Compressor;
  readonly dictionaries: Dictionaries;
};

/** For those who have none. */
export const noDictionaries: Dictionaries = {
  current: () => undefined,
  find: () => undefined,
  fetch: async () => undefined,
};

/** For a side that compresses nothing and decodes nothing. */
export const NO_CODECS: CodecParts = {
  codecs: [],
  compressor: inPlace,
  dictionaries: noDictionaries,
};

/** Values of up to this many bytes are compressed in place: a millisecond or two at most, often less than a hop. */
export const IN_PLACE_BYTES_MAX: number = 1024 * 1024;
