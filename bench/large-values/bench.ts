/**
 * Large values. First how much memory client and server take while a value of 256 MiB streams in and out, in one
 * process: it should be the windows of both, whatever the value's size; an engine in memory holds the value beside.
 * Then whether time grows as the size does, and what the layer costs beside the bare driver that writes the same rows.
 * The parts that a filter chooses from are the engines.
 */
import type { BenchOptions, BenchPlace } from "../named-bench.ts";
import { benchPlace } from "../place.ts";
import { bareChunks } from "./bare-cassandra.ts";
import { type GrowingFigures, measureGrowing } from "./growing.ts";
import { type BenchStore, openStore } from "./stores.ts";
import { measureStreaming, type StreamFigures, type StreamingResult } from "./streaming.ts";

/** One engine's figures; `skipped` says why there are none. */
export type LargeValuesResult =
  | {
      readonly engine: string;
      readonly streaming: StreamingResult;
      readonly growing: readonly GrowingFigures[];
    }
  | { readonly engine: string; readonly skipped: string };

/** The report. */
export type LargeValuesReport = BenchPlace & { readonly engines: readonly LargeValuesResult[] };

const ENGINES = ["memory", "rocksdb", "cassandra"];
const MIB = 1024 * 1024;

/** Runs it, engine by engine. */
export async function runLargeValuesBench(
  options: BenchOptions,
): Promise<LargeValuesReport | undefined> {
  const names = ENGINES.filter((name) => name.includes(options.filter));
  if (names.length === 0) return undefined;
  const engines: LargeValuesResult[] = [];
  for (const engine of names) {
    const opened = await openStore(engine);
    if (typeof opened === "string") {
      engines.push({ engine, skipped: opened });
      options.say(`${engine}: skipped, ${opened}`);
      continue;
    }
    try {
      engines.push(await measure(engine, opened, options));
    } finally {
      await opened.close();
    }
  }
  return { ...benchPlace(), engines };
}

async function measure(
  engine: string,
  { store, bare }: BenchStore,
  { quick, say }: BenchOptions,
): Promise<LargeValuesResult> {
  const { client } = store;
  const streaming = await measureStreaming(engine, client, (quick ? 16 : 256) * MIB);
  for (const way of ["put", "get"] as const) {
    say(streamLine(engine, way, streaming[way], streaming));
  }
  const sizes = quick ? [1, 2, 4] : [1, 2, 4, 8, 16, 32, 64];
  const chunks = bare && (await bareChunks(bare.client, bare.keyspace));
  const growing = await measureGrowing(client, chunks, sizes, quick ? 2 : 11);
  for (const figures of growing) say(growingLine(engine, figures));
  return { engine, streaming, growing };
}

function streamLine(
  engine: string,
  way: string,
  { millis, growth }: StreamFigures,
  { valueBytes }: StreamingResult,
): string {
  const mib = (bytes: number): string => `${(bytes / MIB).toFixed(0)} MiB`;
  const peaks = `heap and buffers +${mib(growth.heapAndExternal)}, resident +${mib(growth.rss)}`;
  return `${engine}: ${way} of ${mib(valueBytes)} in ${(millis / 1000).toFixed(1)} s; ${peaks}, held +${mib(growth.held)}`;
}

function growingLine(engine: string, { name, sizes, fit, mibPerSecond }: GrowingFigures): string {
  const medians = sizes.map(({ millis }) => millis.median.toFixed(0)).join(", ");
  const line = `${fit.base.toFixed(0)} + ${fit.perMiB.toFixed(1)} ms/MiB, R² ${fit.r2.toFixed(4)}`;
  return `${engine}: ${name.padEnd(16)} ${medians} ms; ${line}; ${mibPerSecond.toFixed(0)} MiB/s`;
}
