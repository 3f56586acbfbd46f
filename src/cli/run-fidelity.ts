/** Opens the two engines of a pair, checks one against the other, and ends what was opened. */
import { randomBytes } from "node:crypto";
import {
  checkFidelity,
  type FidelityPair,
  type FidelityReport,
  openCachePair,
  openStoragePair,
} from "kvdal/sim";
import { toHex } from "../model/bytes.ts";
import { systemEnv } from "../system/env.ts";
import { cacheByName, storageByName } from "./engine-by-name.ts";

/** A pair, and whether its pages end at the same rows: where both are one adapter. */
type Pair = {
  readonly engines: readonly [string, string];
  readonly isCache?: boolean;
  readonly samePages?: boolean;
};

const PAIRS: Readonly<Record<string, Pair>> = {
  "memory-rocksdb": { engines: ["memory", "rocksdb"] },
  "memory-replicated": { engines: ["memory", "replicated"] },
  "conditional-dynamodb": { engines: ["conditional", "dynamodb"], samePages: true },
  "replicated-cassandra": { engines: ["replicated", "cassandra"] },
  "cache-memcached": { engines: ["simulated-cache", "memcached"], isCache: true },
};

/** Names of the pairs. */
export const FIDELITY_PAIRS: readonly string[] = Object.keys(PAIRS);

/** What is run. */
export type FidelityWish = { readonly lists: number; readonly seed: number };

/** Lists at a time: they wait for engines more than for this process. */
const PARALLEL = 8;

/** The report of one pair. Rejects with `CliError` when an engine of it cannot be had here. */
export async function runFidelity(
  name: string,
  { lists, seed }: FidelityWish,
): Promise<FidelityReport> {
  const pair = PAIRS[name] as Pair;
  const tag = toHex(randomBytes(4));
  const options = { lists, seed, parallel: PARALLEL, env: systemEnv() };
  const { open, stop } =
    pair.isCache === true ? await caches(name, pair, tag) : await storages(name, pair, tag);
  try {
    return await open((opened) => checkFidelity(opened, options));
  } finally {
    await stop();
  }
}

/** A pair whose engines can be had, not yet opened. */
type Ready = {
  readonly open: (
    check: <T>(pair: FidelityPair<T>) => Promise<FidelityReport>,
  ) => Promise<FidelityReport>;
  readonly stop: () => Promise<void>;
};

async function storages(
  name: string,
  { engines, samePages = false }: Pair,
  tag: string,
): Promise<Ready> {
  const [left, right] = [await storageByName(engines[0]), await storageByName(engines[1])];
  const options = { name, env: systemEnv(), table: `fidelity_${tag}`, samePages };
  return {
    open: async (check) =>
      closing(
        await openStoragePair({ ...options, adapters: [left.adapter, right.adapter] }),
        check,
      ),
    stop: async () => {
      await left.stop();
      await right.stop();
    },
  };
}

async function caches(name: string, { engines }: Pair, tag: string): Promise<Ready> {
  const [left, right] = [await cacheByName(engines[0]), await cacheByName(engines[1])];
  const options = { name, env: systemEnv(), tag };
  return {
    open: async (check) =>
      closing(await openCachePair({ ...options, adapters: [left.adapter, right.adapter] }), check),
    stop: async () => {
      await left.stop();
      await right.stop();
    },
  };
}

async function closing<T>(
  pair: FidelityPair<T>,
  check: (pair: FidelityPair<T>) => Promise<FidelityReport>,
): Promise<FidelityReport> {
  try {
    return await check(pair);
  } finally {
    await pair.close();
  }
}
