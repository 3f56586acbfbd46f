/** Whether planted bugs have their places in the source: whoever changes it may take one away. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hasPlace, type Mutant } from "kvdal/sim/mutants";
import { CliError, EXIT_FAILED } from "../exit.ts";

const TOP = join(import.meta.dirname, "../../..");

/** A file's text; `path` is from the top of the tree. */
export function sourceOf(path: string): string {
  return readFileSync(join(TOP, path), "utf8");
}

/** Throws a `CliError` that names those which have none, and what they look for. */
export function checkPlaces(mutants: readonly Mutant[]): void {
  const lost = mutants.filter((mutant) => !hasPlace(mutant, sourceOf(mutant.file)));
  if (lost.length === 0) return;
  const lines = lost.map(({ name, file, find }) => `  ${name}: ${JSON.stringify(find)} in ${file}`);
  const [what, wanted] = [
    "planted bugs have lost their places",
    "wanted what sim/mutants says of each, once",
  ];
  throw new CliError(EXIT_FAILED, [`${what}, ${wanted}:`, ...lines].join("\n"));
}
