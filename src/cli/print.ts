/** What a verb comes to, for programs or for people. */
import { fold } from "./fold.ts";

/** Prints the value as JSON where that was asked for, else the lines for people. */
export function print(
  { json = false }: { readonly json?: boolean },
  value: unknown,
  lines: readonly string[],
): void {
  process.stdout.write(
    `${json ? JSON.stringify(value, undefined, 2) : lines.flatMap((text) => text.split("\n").map(fold)).join("\n")}\n`,
  );
}
