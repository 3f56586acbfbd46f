/**
 * What the cache costs and brings, side by side. The memcached adapter beside the bare memjs client that sends the same
 * commands; and records on Cassandra with memcached in front beside records without.
 */
import { openEngine, type Unavailable } from "kvdal/conformance";
import { contest, type ContestFigures } from "../compare/contest.ts";
import { benchEngine, chosenEngines } from "../engines.ts";
import type { BenchOptions, BenchPlace } from "../named-bench.ts";
import { benchPlace } from "../place.ts";
import { type Spread, spreadOf } from "../report.ts";
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
  const address = memcached.endpoint().address;
  const runs: (readonly ContestFigures[])[] = [];
  // The server's threads are not all equally near: each pair of connections is a sample, not each round of one.
  for (let pair = 0; pair < (quick ? 2 : 11); pair += 1) {
    const { contestants, end } = await overMemjs(address);
    const size = { rounds: quick ? 1 : 3, calls: quick ? 100 : 1000 };
    try {
      runs.push(await contest(contestants, "calls", size));
    } finally {
      await end();
    }
  }
  await memcached.release();
  const [first = []] = runs;
  const figures = first.map(({ name, verb }, i) => {
    const spread = (of: "micros" | "ratio"): Spread =>
      spreadOf(runs.map((run) => run[i]?.[of].median ?? Number.NaN));
    return { name, verb, micros: spread("micros"), ratio: spread("ratio") };
  });
  for (const { name, verb, micros, ratio } of figures) {
    const goal = name === first[0]?.name ? "" : `, goal ${ADAPTER_GOALS[verb]}`;
    say(`memcached: ${name.padEnd(24)} ${took(micros, verb)}  ${times(ratio)} the bare one${goal}`);
  }
  return figures;
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
