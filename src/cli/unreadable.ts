/** Files that cannot be read, in words. */

/** Why a file cannot be read, beginning with its path; `wanted` is what should be there: `a plan file`. */
export function unreadable(path: string, wanted: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return `${path}: there is no such file`;
  if (code === "EISDIR") return `${path}: is a folder, wanted ${wanted}`;
  return `${path}: cannot be read (${message}), wanted ${wanted}`;
}
