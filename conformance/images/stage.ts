import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./command.ts";
import type { Recipe } from "./recipes.ts";
import { recipeHash } from "./recipes.ts";
import { recipeFolder, workFolder } from "./work-folder.ts";

/** The plugin is pinned like the jars that it fetches. */
const COPY_DEPENDENCIES =
  "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

/** Written last, so that a folder with it is complete. */
const STAMP = ".recipe";

/** The folder of an engine, ready to be run by its `run.sh` or to be copied into an image. */
export function stagedFolder(recipe: Recipe): string {
  return join(workFolder("stage"), recipe.folder ?? "");
}

/** Whether the engine's folder is complete and of the recipe as it is now. */
export function isStaged(recipe: Recipe): boolean {
  const stamp = join(stagedFolder(recipe), STAMP);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === recipeHash(recipe);
}

/**
 * Copies a recipe's folder under `.kvdal/stage` and lets Maven put the jars it names beside it, unless that
 * was done before. Maven runs on the host with the host's settings, so mirrors and proxies need no word here.
 *
 * @throws Error when Maven fails.
 */
export async function stage(recipe: Recipe): Promise<string> {
  const target = stagedFolder(recipe);
  if (recipe.folder === undefined || isStaged(recipe)) return target;
  // Built beside its place and moved: a reader never sees half a folder.
  const half = `${target}.half-${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  cpSync(join(recipeFolder, recipe.folder), half, { recursive: true });
  if (recipe.jars) await fetchJars(half);
  writeFileSync(join(half, STAMP), recipeHash(recipe));
  rmSync(target, { recursive: true, force: true });
  renameSync(half, target);
  return target;
}

// -B -ntp -q: no questions, no progress bars, errors only. runtime: what is needed to run, not to test.
async function fetchJars(folder: string): Promise<void> {
  await runCommand("mvn", [
    "-B",
    "-ntp",
    "-q",
    "-f",
    join(folder, "pom.xml"),
    COPY_DEPENDENCIES,
    "-DincludeScope=runtime",
    `-DoutputDirectory=${join(folder, "lib")}`,
  ]);
}
