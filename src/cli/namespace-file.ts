/** A configuration of namespaces as a file on the command line. */
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { type ConfigReading, readNamespaces } from "../namespace/read-namespaces.ts";
import { CliError, EXIT_USAGE } from "./exit.ts";
import { visible } from "./visible.ts";

/** Reads the file. Throws `CliError`, usage, when it cannot be read. */
export async function readNamespaceFile(path: string): Promise<ConfigReading> {
  try {
    return readNamespaces(await readFile(path, "utf8"), basename(path, extname(path)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT_USAGE, `the file is ${path}, wanted one that can be read: ${why}`);
  }
}

/** Prints lines for people. */
export function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${visible(line)}\n`);
}
