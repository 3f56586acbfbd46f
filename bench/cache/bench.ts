/**
 * What the cache costs and brings, side by side. The memcached adapter beside the bare memjs client that sends the same
 * commands; and records on Cassandra with memcached in front beside records without.
 */
import { openEngine, type Unavailable } from "kvdal/conformance";
import { contest, type ContestFigures } from "../compare/contest.ts";
import { benchEngine, chosenEngines } from "../engines.ts";
import type { BenchOptions, BenchPlace } from "../named-bench.ts";
import { benchPlace } from "../place.ts";
import type { Spread } from "../report.ts";
import { CACHED_VERBS, type CachedFigures, inFront } from "./in-front.ts";
import { overMemjs } from "./over-memjs.ts";

/** Engines that this bench knows. */
export const CACHE_BENCH_ENGINES: readonly string[] = ["memcached", "cassandra"];

/** The adapter in parts of the bare client, at most: what keyv takes over memjs. */
export const ADAPTER_GOALS = { put: 1.14, get: 1.19 } as const;

/** Why there are no figures. */
type Skipped = { readonly skipped: string };

/** The report; what was not asked for, or not chosen by the filter, is left out. */
export type CacheReport = BenchPlace & {
  readonly memcached?: readonly ContestFigures[] | Skipped;
  readonly cassandra?: readonly CachedFigures[] | Skipped;
};

/** Runs it. */
export async function runCacheBench(options: BenchOptions): Promise<CacheReport | undefined> {
  const chosen = chosenEngines(CACHE_BENCH_ENGINES, options.engines);
  const names = chosen.filter((name) => name.includes(options.filter));
  if (names.length === 0) return undefined;
  return {
    ...benchPlace(),
    ...(names.includes("memcached") ? { memcached: await adapter(options) } : {}),
    ...(names.includes("cassandra") ? { cassandra: await tier(options) } : {}),
  };
}

async function adapter({
  quick,
  say,
}: BenchOptions): Promise<NonNullable<CacheReport["memcached"]>> {
  const memcached = await openEngine("memcached");
  if (!memcached.available) return skip("memcached", missing(memcached), say);
  const { contestants, end } = await overMemjs(memcached.endpoint().address);
  try {
    const size = { rounds: quick ? 2 : 25, calls: quick ? 100 : 1000 };
    const figures = await contest(contestants, "calls", size);
    for (const { name, verb, micros, ratio } of figures) {
      const over = name === contestants[0].name ? "" : `, goal ${ADAPTER_GOALS[verb]}`;
      say(
        `memcached: ${name.padEnd(24)} ${took(micros, verb)}  ${times(ratio)} the bare one${over}`,
      );
    }
    return figures;
  } finally {
    await end();
    await memcached.release();
  }
}

async function tier({ quick, say }: BenchOptions): Promise<NonNullable<CacheReport["cassandra"]>> {
  const memcached = await openEngine("memcached");
  if (!memcached.available) return skip("cassandra", missing(memcached), say);
  const engine = await benchEngine("cassandra");
  if (typeof engine === "string") return skip("cassandra", engine, say);
  try {
    const address = memcached.endpoint().address;
    const size = { rounds: quick ? 2 : 7, calls: quick ? 50 : 500 };
    const figures = await inFront(engine.adapter, address, size);
    for (const { verb, plain, cached, ratio } of figures) {
      const line = `${took(plain, "without")}, ${took(cached, "with a cache")}  ${times(ratio)}`;
      say(`cassandra: ${CACHED_VERBS[verb].padEnd(24)} ${line}`);
    }
    return figures;
  } finally {
    await engine.end();
    await memcached.release();
  }
}

function missing({ why, howToGet }: Unavailable): string {
  return `${why}; ${howToGet}`;
}

function skip(name: string, why: string, say: BenchOptions["say"]): Skipped {
  say(`${name}: skipped, ${why}`);
  return { skipped: why };
}

function took({ median, p25, p75 }: Spread, what: string): string {
  return `${median.toFixed(1).padStart(8)} µs ${what} (${p25.toFixed(1)} to ${p75.toFixed(1)})`;
}

function times({ median, p25, p75 }: Spread): string {
  return `${median.toFixed(2)} times (${p25.toFixed(2)} to ${p75.toFixed(2)})`;
}
