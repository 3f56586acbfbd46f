/** Whether a reader gets a compressed value as it is stored, or decoded by the server (COMP-1). */
import type { CompressionMetadata } from "../model/item.ts";

/** What a client says of itself with each request (SIG-2). */
export type DecodingAbility = {
  /** Names of the codecs that it has. */
  readonly codecs: readonly string[];
  /** Whether it can get at its namespaces' dictionaries. */
  readonly dictionaries: boolean;
};

/** Of whoever says nothing: every value comes decoded. */
export const DECODES_NOTHING: DecodingAbility = { codecs: [], dictionaries: false };

/** Also true of a value that is not compressed. */
export function canDecode(
  compression: CompressionMetadata | undefined,
  ability: DecodingAbility,
): boolean {
  if (compression === undefined) return true;
  const { codec, dictionaryId } = compression;
  return ability.codecs.includes(codec) && (dictionaryId === undefined || ability.dictionaries);
}
