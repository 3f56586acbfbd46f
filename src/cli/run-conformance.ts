/** Opens an engine by its name, runs the chosen cases against it, and closes all that was opened. */
import {
  cacheCases,
  cacheDoor,
  type CaseResult,
  type ConformanceReport,
  engineDoor,
  inMode,
  type Mode,
  modeOptions,
  runCacheCases,
  runStorageCases,
  storageCases,
  type SuiteOptions,
} from "kvdal/conformance";
import { SECOND } from "../model/time.ts";
import type { CacheAdapter } from "../ports/cache-engine.ts";
import type { Env } from "../ports/env.ts";
import { installedCodecs } from "../open.ts";
import { systemEnv } from "../system/env.ts";
import { CliError, EXIT_USAGE } from "./exit.ts";
import { cacheByName, engineByName } from "./engine-by-name.ts";
import { notCleanedUp } from "./not-cleaned-up.ts";
import { isOwnEngine, opened } from "./own-engine.ts";
import type { NamedCache, NamedStorage } from "./named-engine.ts";
import { PROGRAM } from "./program.ts";

/** What is run and how. */
export type ConformanceWish = {
  /** The cases to run. */
  readonly ids: ReadonlySet<string>;
  /** Cases at a time; by default as many as suits the engine. */
  readonly parallel?: number | undefined;
  /** How the namespaces of storage engines are made; default: as each case asks. */
  readonly mode?: Mode;
  readonly timeoutSeconds?: number | undefined;
  /** Nodes that keep a copy each; default 1. */
  readonly nodes?: number | undefined;
  readonly onResult?: (result: CaseResult) => void;
};

/** Cases at a time where nothing else is asked for: they wait for the engine more than for this process. */
const PARALLEL = 8;

/** The report. Rejects with `CliError` when the engine is not available, with `KvError` when it does not open. */
export async function runConformance(
  name: string,
  wish: ConformanceWish,
): Promise<ConformanceReport> {
  const { nodes } = wish;
  // Cases of a cache have one in any case; the mode puts one in front of all the others.
  const cache = await cacheByName(wish.mode?.cache ?? "memory-cache");
  try {
    const engine = await engineByName(name, nodes === undefined ? {} : { nodes });
    return await judgeEngine(engine, wish, cache.adapter);
  } finally {
    await cache.stop();
  }
}

/** As `runConformance`, of an engine that is there, which is stopped at the end; with a cache in front of it, if given. */
export async function judgeEngine(
  engine: NamedStorage | NamedCache,
  wish: ConformanceWish,
  cache?: CacheAdapter,
): Promise<ConformanceReport> {
  const env = systemEnv();
  const { onResult, timeoutSeconds, parallel = PARALLEL } = wish;
  const options: SuiteOptions = {
    env,
    parallel,
    repeat: await repeating(engine.name, wish),
    ...(timeoutSeconds === undefined ? {} : { caseTimeout: timeoutSeconds * SECOND }),
    ...(onResult === undefined ? {} : { onResult }),
  };
  try {
    return engine.kind === "cache"
      ? await judgeCache(engine, wish, env, options)
      : await judgeStorage(engine, wish, env, { ...options, cache });
  } finally {
    await engine.stop().catch(notCleanedUp(engine.name));
  }
}

/** The command that runs one case again, as it was run. */
async function repeating(
  name: string,
  { mode = {}, nodes, timeoutSeconds }: ConformanceWish,
): Promise<(id: string) => string> {
  // A file may be called anything; what it takes to name one in a shell comes with the simulator.
  const engine = isOwnEngine(name) ? (await import("kvdal/sim")).shellWord(name) : name;
  const ofNodes = nodes === undefined ? "" : ` --nodes ${nodes}`;
  const time = timeoutSeconds === undefined ? "" : ` --timeout ${timeoutSeconds}`;
  const options = `${ofNodes}${modeOptions(mode)}${time}`;
  return (id) => `${PROGRAM} conformance ${engine}${options} --case ${id}`;
}

async function judgeCache(
  { name, adapter, isShared }: NamedCache,
  { ids }: ConformanceWish,
  env: Env,
  options: SuiteOptions,
): Promise<ConformanceReport> {
  const cases = cacheCases.filter(({ id }) => ids.has(id));
  const door = cacheDoor(adapter, env, isShared);
  return runCacheCases(cases, { engine: name, door }, options);
}

async function judgeStorage(
  { name, adapter, engineClock, dropTable, columnsOf }: NamedStorage,
  { ids, mode = {} }: ConformanceWish,
  env: Env,
  { cache, ...options }: SuiteOptions & { readonly cache: CacheAdapter | undefined },
): Promise<ConformanceReport> {
  const cases = storageCases.filter(({ id }) => ids.has(id));
  const overlay = inMode(mode);
  const { codecs } = await installedCodecs();
  if (mode.compress !== undefined && !codecs.some((codec) => codec.name === mode.compress)) {
    throw new CliError(EXIT_USAGE, `--compress is ${mode.compress}, wanted a codec installed here`);
  }
  const doorOptions = {
    overlay,
    codecs,
    ...(cache && { cache }),
    ...(dropTable === undefined ? {} : { dropTable }),
    ...(columnsOf === undefined ? {} : { columnsOf }),
  };
  const door = await opened(name, () => engineDoor(adapter, env, doorOptions));
  const doors = [door];
  try {
    if (engineClock === undefined) {
      return await runStorageCases(cases, { engine: name, mode, door }, options);
    }
    const clockDoor = await engineDoor(engineClock.adapter, env, doorOptions);
    doors.push(clockDoor);
    const { removalWithin } = engineClock;
    const target = { engine: name, mode, door, engineClock: { door: clockDoor, removalWithin } };
    return await runStorageCases(cases, target, options);
  } finally {
    for (const one of doors) await one.close().catch(notCleanedUp(name));
  }
}
