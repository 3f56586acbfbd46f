/** Words of command lines that a reader is to copy into a shell. */

/** The text as one word of a POSIX shell: in quotes, where that takes any of it for something else. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
