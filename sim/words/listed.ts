/** Several things in a row. */

/** Most that are named one by one. */
const NAMED_MAX = 8;

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** The first few, and how many more there are. */
export function firstFew(texts: readonly string[]): string {
  const named = texts.slice(0, NAMED_MAX).join(", ");
  return texts.length > NAMED_MAX ? `${named} and ${texts.length - NAMED_MAX} more` : named;
}
