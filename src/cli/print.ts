/** What a verb comes to, for programs or for people. */

/** Prints the value as JSON where that was asked for, else the lines for people. */
export function print(
  { json = false }: { readonly json?: boolean },
  value: unknown,
  lines: readonly string[],
): void {
  process.stdout.write(`${json ? JSON.stringify(value, undefined, 2) : lines.join("\n")}\n`);
}
