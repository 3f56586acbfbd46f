/** What a verb comes to, for programs or for people. */
import { fold } from "./fold.ts";
import { visible } from "./visible.ts";

/** Prints the value as JSON where that was asked for, else the lines for people. */
export function print(
  { json = false }: { readonly json?: boolean },
  value: unknown,
  lines: readonly string[],
): void {
  process.stdout.write(
    `${json ? JSON.stringify(value, undefined, 2) : lines.flatMap((text) => visible(text).split("\n").map(fold)).join("\n")}\n`,
  );
}
