/**
 * Deletions: how evenly the markers of a mass delete go, what deleting a record costs however large it is, and the
 * tombstones that each kind of deletion leaves on Cassandra. The parts that a filter chooses from are `removals`,
 * `record-delete` and `tombstones`.
 */
import { type BenchEngine, benchEngine, chosenEngines } from "../engines.ts";
import type { BenchOptions, BenchPlace } from "../named-bench.ts";
import { benchPlace } from "../place.ts";
import { type Spread, spreadOf } from "../report.ts";
import { measureRecordDeletes, type RecordDeleteCost } from "./record-delete.ts";
import { measureRemovals, REMOVAL_WAYS } from "./removals.ts";
import { countTombstones, type TombstoneCount } from "./tombstones.ts";

/** Engines that this bench knows. */
export const DELETE_ENGINES: readonly string[] = ["memory", "rocksdb", "cassandra", "dynamodb"];

/** Mass deletes of one way. */
export type RemovalsResult = {
  readonly way: string;
  readonly items: number;
  readonly peakToMean: Spread;
  /** Of the last run: rows removed in each minute. */
  readonly perMinute: readonly number[];
};

/** One engine's figures, of the parts that were asked for and that it has; `skipped` says why there are none. */
export type DeletesResult =
  | {
      readonly engine: string;
      readonly removals?: readonly RemovalsResult[];
      readonly recordDelete?: readonly RecordDeleteCost[];
      readonly tombstones?: readonly TombstoneCount[];
    }
  | { readonly engine: string; readonly skipped: string };

/** The report. */
export type DeletesReport = BenchPlace & { readonly engines: readonly DeletesResult[] };

type Part = "removals" | "record-delete" | "tombstones";

/** On Cassandra and DynamoDB markers go by the engine's own clock, which no bench can move. */
const PARTS: Readonly<Record<string, readonly Part[]>> = {
  memory: ["removals", "record-delete"],
  rocksdb: ["removals", "record-delete"],
  cassandra: ["record-delete", "tombstones"],
  dynamodb: ["record-delete"],
};

/** A record's largest size. DynamoDB takes items one by one: a million would be a quarter of an hour of filling. */
const LARGEST: Readonly<Record<string, number>> = { dynamodb: 100_000 };

/** Runs it, engine by engine. */
export async function runDeletesBench(options: BenchOptions): Promise<DeletesReport | undefined> {
  const engines: DeletesResult[] = [];
  for (const engine of chosenEngines(DELETE_ENGINES, options.engines)) {
    const parts = PARTS[engine]?.filter((part) => part.includes(options.filter)) ?? [];
    if (parts.length === 0) continue;
    const opened = await benchEngine(engine);
    if (typeof opened === "string") {
      options.say(`${engine}: skipped, ${opened}`);
      engines.push({ engine, skipped: opened });
      continue;
    }
    try {
      engines.push(await measure(opened, parts, options));
    } finally {
      await opened.end();
    }
  }
  return engines.length === 0 ? undefined : { ...benchPlace(), engines };
}

async function measure(
  engine: BenchEngine,
  parts: readonly Part[],
  options: BenchOptions,
): Promise<DeletesResult> {
  const { name, adapter, server } = engine;
  const has = (part: Part): boolean => parts.includes(part);
  return {
    engine: name,
    ...(has("removals") ? { removals: await allRemovals(engine, options) } : {}),
    ...(has("record-delete") ? { recordDelete: await allSizes(engine, options) } : {}),
    ...(has("tombstones") && server !== undefined
      ? { tombstones: allKinds(await countTombstones(adapter, server, 1000), options) }
      : {}),
  };
}

async function allRemovals(
  { name, adapter }: BenchEngine,
  { quick, say }: BenchOptions,
): Promise<readonly RemovalsResult[]> {
  const items = quick ? 2_000 : 100_000;
  const results: RemovalsResult[] = [];
  for (const way of REMOVAL_WAYS) {
    const peaks: number[] = [];
    let perMinute: readonly number[] = [];
    for (let run = 0; run < (quick ? 2 : 3); run += 1) {
      const removals = await measureRemovals(adapter, way, items);
      peaks.push(removals.peakToMean);
      ({ perMinute } = removals);
    }
    const peakToMean = spreadOf(peaks);
    results.push({ way: way.name, items, peakToMean, perMinute });
    const { median, min, max } = peakToMean;
    const spread = `${min.toFixed(2)} to ${max.toFixed(2)}`;
    const peak = `peak to mean ${median.toFixed(2)} (${spread}, ${peaks.length} runs)`;
    say(`${name}: removals of ${items} items, ${way.name}: ${peak}`);
  }
  return results;
}

async function allSizes(
  { name, adapter }: BenchEngine,
  { quick, say }: BenchOptions,
): Promise<readonly RecordDeleteCost[]> {
  const largest = quick ? 1_000 : (LARGEST[name] ?? 1_000_000);
  const sizes = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000].filter((size) => size <= largest);
  const costs = await measureRecordDeletes(adapter, sizes, quick ? 5 : 31, (line) =>
    say(`${name}: ${line}`),
  );
  for (const { items, micros, firstMicros, nativeCalls } of costs) {
    const spread = `${micros.p25.toFixed(0)} to ${micros.p75.toFixed(0)}`;
    const took = `${micros.median.toFixed(0).padStart(7)} µs (${spread}; first ${firstMicros.toFixed(0)})`;
    say(`${name}: delete a record of ${String(items).padStart(7)}: ${took}, ${nativeCalls} native`);
  }
  return costs;
}

function allKinds(
  counts: readonly TombstoneCount[],
  { say }: BenchOptions,
): readonly TombstoneCount[] {
  for (const { kind, deletedItems, tombstones } of counts) {
    say(`cassandra: ${deletedItems} items deleted as ${kind}: ${tombstones} tombstones`);
  }
  return counts;
}
