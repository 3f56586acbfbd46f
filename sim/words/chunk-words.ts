/** What is said of tables of chunks, whose rows have numbers in place of keys, and whose records are one value each. */

/** `chunk 2 = #7` in place of `0x00000002 = #7`; what is said of other tables is left as it is. */
export function inTable(table: string, text: string): string {
  if (!table.endsWith("_chunks")) return text;
  return text
    .replaceAll(/\b0x([0-9a-f]{8})(?![0-9a-f])/gu, (_, hex: string) => `chunk ${parseInt(hex, 16)}`)
    .replaceAll(/\b0x(?![0-9a-f])/gu, "the doom")
    .replaceAll("record deleted", "all chunks deleted");
}
