/** Text in lines that fit on a terminal. */

/** No line that is made of words is wider. */
export const COLUMNS = 100;

/** Stands in place of a space at which a line may not end. */
export const UNBROKEN = "\u00A0";

/** Keeps a command in one piece, so that it can be copied. */
export function inOnePiece(text: string): string {
  return text.replaceAll(" ", UNBROKEN);
}

/** The words in as many lines as they take: the head stands before the first, an indent before the others. */
export function wrapped(
  head: string,
  text: string,
  indent: string = " ".repeat(head.length),
): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/[ \n]+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= COLUMNS) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(`${lines.length === 0 ? head : indent}${word}`);
  }
  return lines.map((line) => line.replaceAll(UNBROKEN, " "));
}
