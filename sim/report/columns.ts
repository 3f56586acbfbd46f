/** Text in lines that fit on a terminal. */

/** No line that is made of words is wider. */
export const COLUMNS = 100;

/** Stands in place of a space at which a line may not end. */
const UNBROKEN = "\u00A0";

/** Keeps a command in one piece, so that it can be copied. */
export function inOnePiece(text: string): string {
  return text.replaceAll(" ", UNBROKEN);
}

/** The words in as many lines as they take: the head stands before the first, as much room before the others. */
export function wrapped(head: string, text: string): readonly string[] {
  const room = COLUMNS - head.length;
  const lines: string[] = [];
  for (const word of text.split(/[ \n]+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  const indent = " ".repeat(head.length);
  return lines.map((line, i) => `${i === 0 ? head : indent}${line.replaceAll(UNBROKEN, " ")}`);
}
