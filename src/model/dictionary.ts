/** Compression dictionaries of a namespace, in versions (COMP-3). */
import type { Micros } from "./time.ts";

/**
 * `new`: trained, not used yet. `current`: new values are compressed with it; one a namespace at most. `old`: was
 * current, and may be again. `retired`: never used again; values that were compressed with it can still be read.
 */
export type DictionaryState = "new" | "current" | "old" | "retired";

/**
 * What a dictionary was seen to do, on samples that it was not made from. Bytes of all their values; those that do not
 * become smaller count as they are.
 */
export type DictionaryGain = {
  readonly samples: number;
  readonly originalBytes: number;
  /** Compressed without the dictionary. */
  readonly plainBytes: number;
  /** Compressed with it. */
  readonly dictionaryBytes: number;
};

/** One version. Its id follows from its content, so that an id never comes to mean another content. */
export type DictionaryVersion = {
  readonly namespace: string;
  readonly id: string;
  readonly state: DictionaryState;
  readonly bytes: number;
  /** When it was added, microseconds since 1970. */
  readonly addedAt: Micros;
  readonly gain: DictionaryGain;
};
