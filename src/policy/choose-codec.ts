/** Whether a value is compressed, and how (COMP-1 to COMP-3); and, once it is, whether that pays (COMP-2). */

/** What a namespace wants. `none`: stored as they are. */
export type CodecWish = "zstd" | "lz4" | "none";

/** Smallest value that is compressed, bytes: what can be saved below does not pay for metadata and time. */
export const COMPRESS_BYTES_MIN = 128;
/** The same where a dictionary helps, which is with small values most of all. */
export const COMPRESS_WITH_DICTIONARY_BYTES_MIN = 64;
/** Largest value that a dictionary helps, bytes: a larger one soon holds what the dictionary does. */
export const DICTIONARY_VALUE_BYTES_MAX: number = 16 * 1024;
/** zstd's own default: nearly all of the saving for half the time of the levels above. */
export const LEVEL_DEFAULT = 3;
/** Least share of the original that must be saved, percent; with less, every reader would decode for nothing. */
export const SAVING_PERCENT_MIN = 10;

/** What is known before compressing. */
export type CodecFacts = {
  readonly valueBytes: number;
  readonly wish: CodecWish;
  /** The namespace's level, for codecs that have levels: 1 to 19; undefined for the default. */
  readonly level: number | undefined;
  /** Smallest value that the namespace wants compressed; undefined for the defaults above. */
  readonly minBytes: number | undefined;
  /** Names of the codecs that this side has. */
  readonly codecs: readonly string[];
  /** Those that the other side has: it decodes for readers that cannot (COMP-1). */
  readonly otherSide: readonly string[];
  /** The namespace's current dictionary, if it is at hand; undefined for none. */
  readonly dictionaryId: string | undefined;
};

/** The choice. `plain`: stored as it is. */
export type CodecChoice =
  | { readonly kind: "plain"; readonly why: "not-wanted" | "too-small" | "not-shared" }
  | {
      readonly kind: "compress";
      readonly codec: Exclude<CodecWish, "none">;
      readonly level: number;
      readonly dictionaryId: string | undefined;
    };

/** A codec that one of the sides lacks is no reason to refuse a value: it is stored plain. */
export function chooseCodec(facts: CodecFacts): CodecChoice {
  const { wish, valueBytes } = facts;
  if (wish === "none") return { kind: "plain", why: "not-wanted" };
  const helps = wish === "zstd" && valueBytes <= DICTIONARY_VALUE_BYTES_MAX;
  const dictionaryId = helps ? facts.dictionaryId : undefined;
  const usual =
    dictionaryId === undefined ? COMPRESS_BYTES_MIN : COMPRESS_WITH_DICTIONARY_BYTES_MIN;
  if (valueBytes < (facts.minBytes ?? usual)) return { kind: "plain", why: "too-small" };
  if (!facts.codecs.includes(wish) || !facts.otherSide.includes(wish)) {
    return { kind: "plain", why: "not-shared" };
  }
  return { kind: "compress", codec: wish, level: facts.level ?? LEVEL_DEFAULT, dictionaryId };
}

/** Whether the compressed value is the one to store; `storedBytes` counts what its metadata adds (COMP-2). */
export function paysOff(originalBytes: number, storedBytes: number): boolean {
  return storedBytes * 100 <= originalBytes * (100 - SAVING_PERCENT_MIN);
}
