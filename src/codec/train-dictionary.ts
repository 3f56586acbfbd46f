/** Makes a dictionary from samples of a namespace's values, and measures what it saves (COMP-3). */
import { KvError } from "../model/error.ts";
import type { DictionaryGain } from "../model/dictionary.ts";
import { DICTIONARY_VALUE_BYTES_MAX, LEVEL_DEFAULT, paysOff } from "../policy/choose-codec.ts";
import { coverDictionary } from "./cover-dictionary.ts";
import { zstd } from "./zstd.ts";

/** Smallest and largest dictionary that may be asked for, bytes. Every compression reads all of it. */
export const DICTIONARY_BYTES_MIN: number = 1024;
export const DICTIONARY_BYTES_MAX: number = 112 * 1024;
/** The usual bound, bytes. */
export const DICTIONARY_BYTES_DEFAULT: number = 32 * 1024;
/** Fewest samples to learn anything from. */
export const SAMPLES_MIN = 20;

/** Most bytes that are learnt from: about five bytes of memory are needed for each. More samples are thinned out. */
const TRAINING_BYTES_MAX: number = 16 * 1024 * 1024;
/** Of this many samples one is held out, to measure by. */
const HELD_OUT_ONE_IN = 4;
const HELD_OUT_MAX = 500;
/** A larger dictionary has to save this much more, percent of the bytes, since every compression pays for it. */
const STEP_SAVES_PERCENT_MIN = 1;

/** A dictionary, and what it was seen to save. */
export type TrainedDictionary = { readonly content: Uint8Array; readonly gain: DictionaryGain };

/**
 * The smallest dictionary of at most `bytesMax` bytes that saves nearly all there is to save. Samples above 16 KiB are
 * left out, as such values are compressed without. Undefined when no dictionary saves anything; INVALID_ARGUMENT with
 * less than 20 samples. Takes a second or two for each 10 MB of samples. Pure.
 */
export function trainDictionary(
  samples: readonly Uint8Array[],
  bytesMax: number = DICTIONARY_BYTES_DEFAULT,
): TrainedDictionary | undefined {
  const usable = samples.filter(({ length }) => length > 0 && length <= DICTIONARY_VALUE_BYTES_MAX);
  if (usable.length < SAMPLES_MIN) {
    const found = `${usable.length} samples of 1 to ${DICTIONARY_VALUE_BYTES_MAX} bytes`;
    throw new KvError("INVALID_ARGUMENT", `${found}, wanted at least ${SAMPLES_MIN}`);
  }
  const heldOut = thinned(everyFourth(usable, true), HELD_OUT_MAX);
  const largest = coverDictionary(withinBytes(everyFourth(usable, false)), bytesMax);
  const plainBytes = storedBytes(heldOut);
  const trained = smallestGood(largest, heldOut);
  if (trained === undefined || trained.dictionaryBytes >= plainBytes) return undefined;
  const { content, dictionaryBytes } = trained;
  const originalBytes = sumOfLengths(heldOut);
  return { content, gain: { samples: heldOut.length, originalBytes, plainBytes, dictionaryBytes } };
}

type Candidate = { readonly content: Uint8Array; readonly dictionaryBytes: number };

/** The last part of a dictionary is the best smaller one: sizes are doubled as long as that pays. */
function smallestGood(largest: Uint8Array, heldOut: readonly Uint8Array[]): Candidate | undefined {
  let best: Candidate | undefined;
  for (let size = DICTIONARY_BYTES_MIN; largest.length > 0; size *= 2) {
    const content = largest.slice(Math.max(0, largest.length - size));
    const dictionaryBytes = storedBytes(heldOut, content);
    const worthIt =
      best === undefined ||
      dictionaryBytes * 100 <= best.dictionaryBytes * (100 - STEP_SAVES_PERCENT_MIN);
    if (worthIt) best = { content, dictionaryBytes };
    if (size >= largest.length) break;
  }
  return best;
}

/** A sample that does not become smaller counts as it is. */
function storedBytes(samples: readonly Uint8Array[], dictionary?: Uint8Array): number {
  const how = { level: LEVEL_DEFAULT, dictionary };
  let sum = 0;
  for (const sample of samples) {
    const { length } = zstd.compress(sample, how);
    sum += paysOff(sample.length, length) ? length : sample.length;
  }
  return sum;
}

function everyFourth(samples: readonly Uint8Array[], heldOut: boolean): readonly Uint8Array[] {
  return samples.filter((_, i) => (i % HELD_OUT_ONE_IN === 0) === heldOut);
}

/** At most `most` of them, from all over. */
function thinned(samples: readonly Uint8Array[], most: number): readonly Uint8Array[] {
  const step = Math.max(1, Math.ceil(samples.length / most));
  return samples.filter((_, i) => i % step === 0);
}

function withinBytes(samples: readonly Uint8Array[]): readonly Uint8Array[] {
  const over = sumOfLengths(samples) / TRAINING_BYTES_MAX;
  return over <= 1 ? samples : thinned(samples, Math.floor(samples.length / over));
}

function sumOfLengths(samples: readonly Uint8Array[]): number {
  return samples.reduce((sum, { length }) => sum + length, 0);
}
