import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The package's own folder: the nearest one above this file that has a package.json. */
export const packageFolder: string = nearestPackage(dirname(fileURLToPath(import.meta.url)));

/** Where the recipes of the images lie. Absent in the published package: it has none. */
export const recipeFolder: string = join(packageFolder, "conformance", "images");

/**
 * A folder under `.kvdal/` in the package's folder, made if it is missing. What lies there (staged jars,
 * logs, state of plain processes) can be deleted at any time and is made again.
 */
export function workFolder(...path: readonly string[]): string {
  const folder = join(packageFolder, ".kvdal", ...path);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function nearestPackage(folder: string): string {
  const parent = dirname(folder);
  if (parent === folder || existsSync(join(folder, "package.json"))) return folder;
  return nearestPackage(parent);
}
