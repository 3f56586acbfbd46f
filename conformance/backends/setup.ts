import { existsSync } from "node:fs";
import { buildImages, imageState } from "../images/build.ts";
import type { Say } from "../images/command.ts";
import { hasCommand, runCommand, sayOnStderr } from "../images/command.ts";
import { recipes } from "../images/recipes.ts";
import { isStaged, stage } from "../images/stage.ts";
import { installMissing } from "./apt.ts";
import type { EngineName, Unavailable } from "./backend.ts";
import { dockerClient } from "./docker.ts";
import { dockerdLog, startDockerd } from "./dockerd.ts";
import { engineFacts, engineNames } from "./facts.ts";
import { canRunProcess } from "./process.ts";

/** What a machine can run after the setup, engine by engine. */
export type SetupReport = Readonly<
  Record<EngineName, Unavailable | { readonly available: true; readonly engine: EngineName }>
>;

/** How long a registry may take to hand out an image, milliseconds. */
const PULL_MILLIS = 300_000;

/**
 * Makes the real engines available: as root on Debian it installs the Docker engine with apt, starts it and
 * builds the images that are missing; where Docker cannot run, it prepares plain processes. Each step is said
 * before it is done. `KVDAL_SETUP=never` forbids all steps; engines named by variables need none.
 *
 * Starts no engine. Never throws: what cannot be had is in the report, with why and how to get it.
 */
export async function setupEngines(say: Say = sayOnStderr): Promise<SetupReport> {
  const wanted = engineNames.filter(
    (name) => (process.env[engineFacts[name].variable] ?? "") === "",
  );
  const problem = wanted.length === 0 ? undefined : await attempt(() => provide(wanted, say));
  const entries = await Promise.all(
    engineNames.map(async (engine) => {
      const ready = !wanted.includes(engine) || (await isReady(engine));
      return [engine, ready ? { available: true, engine } : missing(engine, problem)] as const;
    }),
  );
  return Object.fromEntries(entries) as SetupReport;
}

/** Why this process may not install anything, or undefined if it may. */
export async function setupForbidden(): Promise<string | undefined> {
  if (process.env["KVDAL_SETUP"] === "never") return "KVDAL_SETUP=never forbids the setup";
  if (!existsSync("/etc/debian_version")) return "this machine is not Debian";
  if (process.getuid?.() !== 0) return "this process is not root";
  return undefined;
}

// Does what is missing, in order; returns why it could not.
async function provide(engines: readonly EngineName[], say: Say): Promise<string | undefined> {
  const docker = (await dockerClient()) !== undefined;
  if (docker && (await haveImages(engines))) return undefined;
  const forbidden = await setupForbidden();
  if (forbidden !== undefined) return docker ? await pull(engines, say, forbidden) : forbidden;
  if (docker || (await provideDocker(say))) {
    await installMissing(["debootstrap", "maven"], say);
    await buildImages(say);
    return undefined;
  }
  say(`setup: the Docker engine does not start here (${dockerdLog}); preparing plain processes`);
  return provideProcesses(engines, say);
}

async function provideDocker(say: Say): Promise<boolean> {
  await installMissing(["docker.io"], say);
  // Newer Debian releases have the command-line client, which builds the images, in a package of its own.
  if (!(await hasCommand("docker", ["--version"]))) await installMissing(["docker-cli"], say);
  say("setup: starting the Docker engine (dockerd)");
  return startDockerd();
}

async function provideProcesses(engines: readonly EngineName[], say: Say): Promise<undefined> {
  const packages = engines.flatMap((engine) => engineFacts[engine].packages);
  await installMissing(["maven", ...new Set(packages)], say);
  for (const recipe of recipes) {
    if (!engines.some((engine) => engine === recipe.folder) || isStaged(recipe)) continue;
    say(`setup: staging ${recipe.folder}`);
    await stage(recipe);
  }
}

async function pull(engines: readonly EngineName[], say: Say, why: string): Promise<string> {
  if (process.env["KVDAL_SETUP"] === "never") return why;
  for (const engine of engines) {
    const { image } = engineFacts[engine];
    if (await hasImage(engine)) continue;
    say(`setup: pulling ${image}`);
    const pulled = runCommand("docker", ["pull", "-q", image], { timeoutMillis: PULL_MILLIS });
    if ((await pulled.catch(() => "")) === "") return `${why}, and no registry gave ${image}`;
  }
  return why;
}

async function isReady(engine: EngineName): Promise<boolean> {
  if ((await dockerClient()) !== undefined) return hasImage(engine);
  return canRunProcess(engine);
}

async function haveImages(engines: readonly EngineName[]): Promise<boolean> {
  return (await Promise.all(engines.map(hasCurrentImage))).every(Boolean);
}

async function hasImage(engine: EngineName): Promise<boolean> {
  return (await stateOf(engine)) !== "missing";
}

async function hasCurrentImage(engine: EngineName): Promise<boolean> {
  const state = await stateOf(engine);
  return state === "present" || state === "foreign";
}

async function stateOf(engine: EngineName): ReturnType<typeof imageState> {
  const recipe = recipes.find(({ tag }) => tag === engineFacts[engine].image);
  return recipe === undefined ? "missing" : imageState(recipe);
}

async function attempt(step: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await step();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function missing(engine: EngineName, problem: string | undefined): Unavailable {
  const { image, variable, scheme } = engineFacts[engine];
  return {
    available: false,
    engine,
    why: problem ?? `neither a Docker engine with ${image} nor a plain process can be had`,
    howToGet:
      `set ${variable}=${scheme}host:port, or install Docker and \`docker pull ${image}\`, ` +
      "or run `npm test` as root on Debian",
  };
}
