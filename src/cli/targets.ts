/** What a verb will write to: tried before it begins, so that hours of work never end with nowhere to put them. */
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  statSync,
  unlinkSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CliError, EXIT_USAGE } from "./exit.ts";

/** A file or a folder, and the option that names it. */
export type Target = {
  readonly option: string;
  readonly path: string;
  readonly kind: "file" | "folder";
};

/** Those of the options that are given: files, and folders that files will be written into. */
export function targetsOf(
  files: Readonly<Record<string, string | undefined>>,
  folders: Readonly<Record<string, string | undefined>> = {},
): readonly Target[] {
  const named = (of: typeof files, kind: Target["kind"]): readonly Target[] =>
    Object.entries(of).flatMap(([option, path]) =>
      path === undefined ? [] : [{ option: `--${option}`, path, kind }],
    );
  return [...named(files, "file"), ...named(folders, "folder")];
}

/**
 * Throws `CliError` for the first that cannot be written to, that another one is written to as well, or that is read.
 * Nothing that is there is changed, nothing is left behind.
 */
export function tryTargets(targets: readonly Target[], inputs: readonly string[] = []): void {
  const taken = new Map(inputs.map((path) => [resolve(path), "is what is read"]));
  for (const { option, path, kind } of targets) {
    if (kind === "folder" || isDevice(path)) continue;
    const whose = taken.get(resolve(path));
    if (whose !== undefined) {
      throw new CliError(EXIT_USAGE, `${option} ${path} ${whose}, wanted a file of its own`);
    }
    taken.set(resolve(path), `is that of ${option}, too`);
  }
  for (const target of targets) {
    try {
      if (target.kind === "file") tryFile(target.path);
      else tryFolder(target.path);
    } catch (error) {
      throw new CliError(EXIT_USAGE, unwritable(target, error), { cause: error });
    }
  }
}

/** Writes; says on stderr why not, where that fails, and resolves with false. */
export async function written(target: Target, write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    return say(target, error);
  }
}

/** The same of what is written at once. */
export function writtenNow(target: Target, write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    return say(target, error);
  }
}

function say(target: Target, error: unknown): false {
  process.stderr.write(`kvdal: ${unwritable(target, error)}\n`);
  return false;
}

function isDevice(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

function tryFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  // A pipe's reader would see its end; a device has nothing to be tried.
  if (isDevice(path)) return;
  closeSync(openSync(path, "a"));
  if (found === undefined) unlinkSync(path);
}

function tryFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  rmdirSync(mkdtempSync(join(path, ".kvdal-")));
  if (first === undefined) return;
  const end = dirname(resolve(first));
  for (let at = resolve(path); at !== end; at = dirname(at)) rmdirSync(at);
}

/** What failed, what was found, what is wanted. */
function unwritable({ option, path, kind }: Target, error: unknown): string {
  const wanted =
    kind === "file"
      ? "wanted a file that can be written, in a folder that is there"
      : "wanted a folder that is there or can be made, for files to be written into";
  return `${option} ${path} cannot be written: ${found(path, error as NodeJS.ErrnoException)}, ${wanted}`;
}

/** What an error says of a path, by its code. */
const FOUND: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `there is no folder ${dirname(path)}`,
  ENOTDIR: (path) => `${nearest(path)} is no folder`,
  EEXIST: (path) => `${nearest(path)} is no folder`,
  EISDIR: (path) => `${path} is a folder`,
  EACCES: (path) => `${nearest(path)} may not be changed by this user`,
  EPERM: (path) => `${nearest(path)} may not be changed by this user`,
  EROFS: (path) => `${nearest(path)} is in a file system that is read-only`,
  ENOSPC: () => "the device is full",
};

/** In words, of the path that the error is of: that may be a file in the folder that was named. */
function found(path: string, error: NodeJS.ErrnoException): string {
  return FOUND[error.code ?? ""]?.(error.path ?? path) ?? error.message;
}

/** The path itself, or what is there of it. */
function nearest(path: string): string {
  const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
  return isThere || dirname(path) === path ? path : nearest(dirname(path));
}
