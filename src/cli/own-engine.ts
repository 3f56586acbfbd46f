/** Engines of others: a file, or a module of an installed package, that exports one. */
import { existsSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { EngineUnderTest } from "kvdal/conformance";
import { CliError, EXIT_UNAVAILABLE, EXIT_USAGE } from "./exit.ts";
import type { NamedStorage } from "./named-engine.ts";

/** What is wanted of such a module, for help and refusals. */
export const OWN_ENGINE =
  "a file or module that exports `engine`, an EngineAdapter, or `openEngine()`";

type EngineModule = {
  readonly engine?: EngineUnderTest["adapter"];
  readonly openEngine?: () => EngineUnderTest | Promise<EngineUnderTest>;
};

/** Whether an engine is named as files and modules are: with a dot, a slash or a backslash. */
export function isOwnEngine(name: string): boolean {
  return /[./\\]/.test(name);
}

/** Loads it. Throws `CliError`: usage for a module that is not there or exports no engine, unavailable where it throws. */
export async function ownEngine(name: string): Promise<NamedStorage> {
  const { engine, openEngine } = await load(name);
  const parts =
    openEngine === undefined ? engine && { adapter: engine } : await opened(name, openEngine);
  if (typeof parts?.adapter?.open !== "function") {
    const wanted = "`engine`, an EngineAdapter, or `openEngine()`, which resolves with { adapter }";
    throw new CliError(EXIT_USAGE, `${name} exports no engine, wanted ${wanted}`);
  }
  const { stop = async () => undefined } = parts;
  return { ...parts, kind: "storage", name, stop };
}

async function load(name: string): Promise<EngineModule> {
  const file = placeOf(name);
  lendPackage();
  try {
    return (await import(file)) as EngineModule;
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    const hint = /import statement outside a module/.test(found)
      ? '; wanted "type": "module" in its package.json, or a name that ends in .mts'
      : "";
    throw new CliError(EXIT_USAGE, `${name} could not be loaded: ${found}${hint}`, { cause });
  }
}

/** A file without this package installed beside it gets the one that runs: with a checkout it needs nothing else. */
function lendPackage(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!/^kvdal(?:\/|$)/.test(specifier)) throw error;
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
}

/** A file in the folder the program was started in, or what a package that is installed there calls so. */
function placeOf(name: string): string {
  const path = resolve(name);
  if (existsSync(path)) return pathToFileURL(path).href;
  try {
    return pathToFileURL(createRequire(join(process.cwd(), "package.json")).resolve(name)).href;
  } catch {
    throw new CliError(
      EXIT_USAGE,
      `the engine is ${name}, and no such file is there; wanted ${OWN_ENGINE}`,
    );
  }
}

/** What is opened of an engine. Throws `CliError` where it does not open: then it is not available. */
export async function opened<T>(name: string, open: () => T | Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    const message = `${name} did not open its engine: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new CliError(EXIT_UNAVAILABLE, message, { cause });
  }
}
