/** Whether a reader gets a compressed value as it is stored, or decoded by the server (COMP-1). */
import type { ClientCapabilities } from "../model/capabilities.ts";
import type { CompressionMetadata } from "../model/item.ts";

/** Also true of a value that is not compressed. */
export function canDecode(
  compression: CompressionMetadata | undefined,
  client: Pick<ClientCapabilities, "codecs" | "dictionaries">,
): boolean {
  if (compression === undefined) return true;
  const { codec, dictionaryId } = compression;
  return client.codecs.includes(codec) && (dictionaryId === undefined || client.dictionaries);
}
