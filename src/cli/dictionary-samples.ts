/** Samples to train a dictionary from, as people have them. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CliError, EXIT_USAGE } from "./exit.ts";

/** Most bytes that are read. More would teach a dictionary nothing, and memory has to hold them. */
const BYTES_MAX: number = 256 * 1024 * 1024;

/** One sample a line of .ndjson and .jsonl files, one a file of a folder, one for any other file. */
export async function readSamples(paths: readonly string[]): Promise<readonly Uint8Array[]> {
  const samples: Uint8Array[] = [];
  let bytes = 0;
  for (const path of paths) {
    for (const file of await filesOf(path)) {
      const content = await reading(file, () => readFile(file));
      bytes += content.length;
      if (bytes > BYTES_MAX) {
        throw new CliError(EXIT_USAGE, `the samples are above 256 MiB at ${file}, wanted fewer`);
      }
      if (/\.(?:ndjson|jsonl)$/.test(file)) samples.push(...linesOf(content));
      else samples.push(content);
    }
  }
  return samples;
}

async function filesOf(path: string): Promise<readonly string[]> {
  const isFolder = await reading(path, async () => (await stat(path)).isDirectory());
  if (!isFolder) return [path];
  const entries = await reading(path, () => readdir(path, { withFileTypes: true }));
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  // The order of a folder differs from machine to machine; the dictionary should not.
  return names.toSorted().map((name) => join(path, name));
}

function linesOf(content: Buffer): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < content.length; ) {
    const newline = content.indexOf(0x0a, start);
    const end = newline === -1 ? content.length : newline;
    const line = content.subarray(start, content[end - 1] === 0x0d ? end - 1 : end);
    if (line.length > 0) lines.push(line);
    start = end + 1;
  }
  return lines;
}

async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(EXIT_USAGE, `${path} cannot be read (${found}), wanted a file of samples`);
  }
}
