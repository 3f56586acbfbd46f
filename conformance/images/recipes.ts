import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { recipeFolder } from "./work-folder.ts";

/** One image: its tag, the folder its recipe lies in, and the image that it is built on. */
export type Recipe = {
  readonly tag: string;
  /** Folder under `conformance/images`; the base has none, its recipe is base.ts. */
  readonly folder: string | undefined;
  readonly parent: string | undefined;
  /** Whether Maven fetches jars into `lib/` before the image is built. */
  readonly jars: boolean;
};

/** Debian 12 from debootstrap: what every other image stands on. */
export const baseRecipe: Recipe = {
  tag: "kvdal-debian:12",
  folder: undefined,
  parent: undefined,
  jars: false,
};

/** All images, each after the one that it is built on. */
export const recipes: readonly Recipe[] = [
  baseRecipe,
  { tag: "kvdal-java:17", folder: "java", parent: "kvdal-debian:12", jars: false },
  { tag: "cassandra:5.0", folder: "cassandra", parent: "kvdal-java:17", jars: true },
  { tag: "amazon/dynamodb-local:3", folder: "dynamodb", parent: "kvdal-java:17", jars: true },
  { tag: "memcached:1.6", folder: "memcached", parent: "kvdal-debian:12", jars: false },
];

/** The label that carries {@link recipeHash}; an image without it is not ours and is left alone. */
export const RECIPE_LABEL = "kvdal.recipe";

/**
 * A hash over the files of a recipe and of its parents. An image whose label differs is built anew; equal
 * files give equal hashes on every machine.
 */
export function recipeHash(recipe: Recipe): string {
  const hash = createHash("sha256");
  const parent = recipes.find((other) => other.tag === recipe.parent);
  if (parent !== undefined) hash.update(recipeHash(parent));
  for (const file of recipeFiles(recipe)) {
    hash.update(`\0${file}\0`).update(readFileSync(join(recipeFolder, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

function recipeFiles(recipe: Recipe): readonly string[] {
  if (recipe.folder === undefined) return ["base.ts"];
  const folder = recipe.folder;
  return readdirSync(join(recipeFolder, folder))
    .toSorted()
    .map((name) => join(folder, name));
}
