import { buildBase } from "./base.ts";
import type { Say } from "./command.ts";
import { runCommand, sayOnStderr } from "./command.ts";
import type { Recipe } from "./recipes.ts";
import { RECIPE_LABEL, recipeHash, recipes } from "./recipes.ts";
import { stage } from "./stage.ts";

/** Environment variables of proxies; the builder hands those that are set to the build's steps. */
const PROXIES = ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];

/**
 * What is to be done about an image: `present` (ours and current), `foreign` (somebody else's of the same
 * name, as pulled from a registry: left alone), `missing`, or `stale` (ours, of another recipe).
 */
export type ImageState = "present" | "foreign" | "missing" | "stale";

/** Looks an image up in the local Docker engine. */
export async function imageState(recipe: Recipe): Promise<ImageState> {
  const inspect = ["image", "inspect", "-f", "{{json .Config.Labels}}", recipe.tag];
  const seen = await runCommand("docker", inspect).catch(() => undefined);
  if (seen === undefined) return "missing";
  const label = (JSON.parse(seen) as Record<string, string> | null)?.[RECIPE_LABEL];
  if (label === undefined) return "foreign";
  return label === recipeHash(recipe) ? "present" : "stale";
}

/**
 * Builds the images that are missing or whose recipe changed, each after its parent, and says each step
 * with the seconds it took. Needs root, a running Docker engine, debootstrap and Maven.
 *
 * @returns the tags that were built.
 * @throws Error when a step fails; what was built before it stays.
 */
export async function buildImages(say: Say): Promise<readonly string[]> {
  const built: string[] = [];
  const wanted = await neededRecipes();
  for (const recipe of wanted) {
    say(`images: building ${recipe.tag} (${built.length + 1} of ${wanted.length})`);
    const start = performance.now();
    await buildImage(recipe);
    say(`images: ${recipe.tag} built in ${((performance.now() - start) / 1000).toFixed(1)} s`);
    built.push(recipe.tag);
  }
  // An image that was replaced has no name any more; those of ours that no container uses are dropped.
  const dropped = ["image", "prune", "--force", "--filter", `label=${RECIPE_LABEL}`];
  if (built.length > 0) await runCommand("docker", dropped);
  return built;
}

// A parent is needed only by a child that has to be built.
async function neededRecipes(): Promise<readonly Recipe[]> {
  const wanted = new Set<string>();
  for (const recipe of recipes.toReversed()) {
    const isParentOnly = recipe.tag.startsWith("kvdal-");
    if (isParentOnly && !wanted.has(recipe.tag)) continue;
    const state = await imageState(recipe);
    if (state !== "missing" && state !== "stale") {
      wanted.delete(recipe.tag);
      continue;
    }
    wanted.add(recipe.tag);
    if (recipe.parent !== undefined) wanted.add(recipe.parent);
  }
  return recipes.filter((recipe) => wanted.has(recipe.tag));
}

async function buildImage(recipe: Recipe): Promise<void> {
  const label = `${RECIPE_LABEL}=${recipeHash(recipe)}`;
  if (recipe.folder === undefined) return buildBase(recipe.tag, label);
  const folder = await stage(recipe);
  // --network host: apt inside the build reaches what apt on the host reaches, by the same names.
  // The classic builder is switched on by variable: BuildKit is a plug-in that Debian's engine lacks.
  await runCommand(
    "docker",
    [
      "build",
      "--network=host",
      ...PROXIES.filter((name) => process.env[name] !== undefined).flatMap((name) => [
        "--build-arg",
        name,
      ]),
      `--label=${label}`,
      `--tag=${recipe.tag}`,
      folder,
    ],
    { env: { DOCKER_BUILDKIT: "0" } },
  );
}

if (import.meta.main) {
  const built = await buildImages(sayOnStderr);
  sayOnStderr(built.length === 0 ? "images: all present" : `images: ${built.length} built`);
}
