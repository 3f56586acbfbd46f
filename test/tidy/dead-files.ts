import { resolveRelative } from "./import-rule.ts";
import type { SourceFile } from "./source-file.ts";
import { spelledPaths } from "./syntax-rule.ts";
import type { Violation } from "./violation.ts";

/** Where reading starts: files that something outside of the sources names. */
export type EntryPoints = {
  /** Public names of the package, such as `kvdal/sim`, to their source files. */
  readonly byName: ReadonlyMap<string, string>;
  /** Programs that package.json starts. */
  readonly programs: readonly string[];
};

/** Files of the product that no entry point and no test leads to, and entry points without a file. */
export function findDeadFiles(files: readonly SourceFile[], entries: EntryPoints): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const queue = [
    ...entries.byName.values(),
    ...entries.programs,
    ...files.map(({ path }) => path).filter((path) => path.startsWith("test/")),
  ];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const file = byPath.get(path);
    if (file === undefined || reached.has(path)) continue;
    reached.add(path);
    queue.push(...leadsTo(file, entries));
  }
  const missing = [...entries.byName.values(), ...entries.programs]
    .filter((path) => !byPath.has(path))
    .map((path) => ({
      path: "package.json",
      line: 1,
      rule: "missing-entry",
      message: `names ${path}, which does not exist`,
    }));
  const dead = files
    .filter(({ path }) => !reached.has(path))
    .map(({ path }) => ({
      path,
      line: 1,
      rule: "dead-file",
      message: "no entry point and no test leads here",
    }));
  return [...missing, ...dead];
}

/** A spelled path counts as an edge too: workers and module hooks are named, not imported. */
function leadsTo(file: SourceFile, entries: EntryPoints): string[] {
  const spelled = [...file.imports.map(({ specifier }) => specifier), ...spelledPaths(file)];
  return spelled.flatMap((specifier) => {
    if (specifier.startsWith(".")) return [resolveRelative(file.path, specifier)];
    return entries.byName.get(specifier) ?? [];
  });
}
