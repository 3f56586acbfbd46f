/** What a cache of intervals came to, in the terms in which it is published. */
import type { DashboardQuery } from "kvdal/sim";

/** Shares and changes are per cent. */
export type IntervalFigures = {
  /** Queries of which at least a part came from the store. */
  readonly partialHits: number;
  /** Of what was answered, what came from it. */
  readonly dataFromCache: number;
  /** The 90th hundredth of looks into it. */
  readonly p90LookMillis: number;
  /** How many more, or fewer, queries Druid had than without it. */
  readonly sourceQueries: number;
  /** How much longer, or shorter, the 90th hundredth of all queries took than without it. */
  readonly p90: number;
};

/** As published, of production traffic. */
export const PUBLISHED: IntervalFigures = {
  partialHits: 82,
  dataFromCache: 84,
  p90LookMillis: 5.5,
  sourceQueries: -33,
  p90: -66,
};

/** Of the same queries with and without the cache. */
export function intervalFigures(
  cached: readonly DashboardQuery[],
  plain: readonly DashboardQuery[],
): IntervalFigures {
  const count = (fits: (query: DashboardQuery) => boolean): number => cached.filter(fits).length;
  const buckets = cached.reduce((sum, query) => sum + query.buckets, 0);
  const hit = cached.reduce((sum, query) => sum + query.hit, 0);
  const times = [cached, plain].map((queries) => p90Of(queries.map(({ took }) => took)));
  const [withIt = 0, without = 1] = times;
  return {
    partialHits: tenths((100 * count((query) => query.hit > 0)) / cached.length),
    dataFromCache: tenths((100 * hit) / buckets),
    p90LookMillis: tenths(p90Of(cached.map(({ looked }) => looked)) / 1_000),
    sourceQueries: tenths(-(100 * count((query) => query.hit === query.buckets)) / cached.length),
    p90: tenths(100 * (withIt / without - 1)),
  };
}

function p90Of(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(0.9 * sorted.length)] ?? Number.NaN;
}

function tenths(value: number): number {
  return Math.round(10 * value) / 10 + 0;
}

/** A line for people. */
export function intervalLine(name: string, figures: IntervalFigures): string {
  const { partialHits, dataFromCache, p90LookMillis, sourceQueries, p90 } = figures;
  const columns = [
    `${partialHits} %`,
    `${dataFromCache} %`,
    `${p90LookMillis} ms`,
    `${sourceQueries} %`,
    `${p90} %`,
  ];
  return `${name.padEnd(36)}${columns.map((text) => text.padStart(13)).join("")}`;
}

/** What stands above them. */
export const INTERVAL_HEAD: string = `${"".padEnd(36)}${[
  "hits, a part",
  "data from it",
  "p90 of looks",
  "Druid has",
  "p90 of all",
]
  .map((text) => text.padStart(13))
  .join("")}`;
