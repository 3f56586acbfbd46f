/** What the worlds of a campaign run over: simulated replicas or a real engine, and the cache in front. */
import { randomBytes } from "node:crypto";
import {
  type BackendFactory,
  CONDITIONAL,
  type Mutant,
  openRealCache,
  openRealEngine,
  type RealCacheFactory,
  REPLICATED,
  REPLICATED_WORLDS,
  TWO_REGIONS,
} from "kvdal/sim";
import { toHex } from "../../model/bytes.ts";
import { systemEnv } from "../../system/env.ts";
import { CACHE_ENGINES, cacheByName, STORAGE_ENGINES, storageByName } from "../engine-by-name.ts";
import { CliError, EXIT_USAGE } from "../exit.ts";
import { notCleanedUp } from "../not-cleaned-up.ts";
import { isOwnEngine, opened, OWN_ENGINE } from "../own-engine.ts";

/** Least time-out of a native call: virtual time stands still during one, so the plan's budgets say nothing. */
const NATIVE_TIMEOUT_MILLIS = 10_000;

/** Simulated engines, by name. */
const TWINS: ReadonlyMap<string, BackendFactory> = new Map(
  [...REPLICATED_WORLDS, CONDITIONAL].map((factory) => [factory.name, factory]),
);

/** Their names. */
export const SIMULATED_ENGINES: readonly string[] = [...TWINS.keys()];

/** The engine of the worlds in which a planted bug is hunted; undefined for three replicas. */
export function engineOf({
  engine,
  regions,
}: Pick<Mutant, "engine" | "regions">): string | undefined {
  return regions === true ? TWO_REGIONS.name : engine;
}

/** What worlds run over, by name; undefined for what is not said. */
export type EngineNames = {
  readonly engine?: string | undefined;
  readonly cache?: string | undefined;
};

/** Whether worlds over them reach nothing that is real: such worlds can run side by side. */
export function isSimulated({ engine, cache }: EngineNames): boolean {
  const isTwin = engine === undefined || TWINS.has(engine);
  return isTwin && (cache === undefined || cache === "simulated");
}

/** An engine for worlds. */
export type OpenEngine = { readonly factory: BackendFactory; readonly stop: () => Promise<void> };

/** The engine side of the worlds; `stop` ends what was started for it. */
export async function openEngine(name: string | undefined): Promise<OpenEngine> {
  const twin = TWINS.get(name ?? REPLICATED.name);
  if (twin !== undefined) return { factory: twin, stop: async () => {} };
  if (name === undefined || !(STORAGE_ENGINES.includes(name) || isOwnEngine(name))) {
    const wanted = `one of: ${[...TWINS.keys(), ...STORAGE_ENGINES].join(", ")}; or ${OWN_ENGINE}`;
    throw new CliError(EXIT_USAGE, `the engine is "${name}", wanted ${wanted}`);
  }
  const named = await storageByName(name, { timeoutMillisMin: NATIVE_TIMEOUT_MILLIS });
  try {
    const tag = toHex(randomBytes(4));
    const { adapter } = named;
    const factory = await opened(name, () => openRealEngine({ adapter, env: systemEnv(), tag }));
    return {
      factory,
      stop: async () => {
        for (const end of [factory.close, named.stop]) await end().catch(notCleanedUp(name));
      },
    };
  } catch (error) {
    await named.stop();
    throw error;
  }
}

/** A cache for worlds. */
type OpenCache = {
  readonly factory: RealCacheFactory | "simulated" | undefined;
  readonly stop: () => Promise<void>;
};

/** The cache of the worlds; `stop` ends what was started for it. */
async function openCache(name: string | undefined): Promise<OpenCache> {
  if (name === undefined || name === "simulated") {
    return { factory: name, stop: async () => {} };
  }
  if (!CACHE_ENGINES.includes(name)) {
    const wanted = ["simulated", ...CACHE_ENGINES].join(", ");
    throw new CliError(EXIT_USAGE, `the cache is "${name}", wanted one of: ${wanted}`);
  }
  const named = await cacheByName(name);
  const tag = toHex(randomBytes(4));
  const factory = await openRealCache({ adapter: named.adapter, env: systemEnv(), tag });
  return {
    factory,
    stop: async () => {
      await factory.close();
      await named.stop();
    },
  };
}

/** What worlds run over. */
export type OpenEngines = {
  readonly factory: BackendFactory;
  readonly cache: OpenCache["factory"];
};

/** Opens both for as long as `work` takes. */
export async function withEngines<T>(
  names: EngineNames,
  work: (engines: OpenEngines) => Promise<T>,
): Promise<T> {
  const engine = await openEngine(names.engine);
  try {
    const cache = await openCache(names.cache);
    try {
      return await work({ factory: engine.factory, cache: cache.factory });
    } finally {
      await cache.stop();
    }
  } finally {
    await engine.stop();
  }
}
