/** One engine's large values: memory while a large one streams, and time as values grow. */
import { type GrowingFigures, measureGrowing } from "./growing.ts";
import { type BenchStore, openStore } from "./stores.ts";
import { measureStreaming, type StreamFigures, type StreamingResult } from "./streaming.ts";

/** What is to be measured. */
export type MeasureTask = { readonly engine: string; readonly quick: boolean };

/** One engine's figures; `skipped` says why there are none. */
export type LargeValuesResult =
  | {
      readonly engine: string;
      readonly streaming: StreamingResult;
      readonly growing: readonly GrowingFigures[];
    }
  | { readonly engine: string; readonly skipped: string };

type Say = (line: string) => void;

const MIB = 1024 * 1024;

/** Measures it, in this process; a line for people at a time. */
export async function measureEngine(task: MeasureTask, say: Say): Promise<LargeValuesResult> {
  const { engine } = task;
  const opened = await openStore(engine);
  if (typeof opened === "string") {
    say(`skipped, ${opened}`);
    return { engine, skipped: opened };
  }
  try {
    return await measure(task, opened, say);
  } finally {
    await opened.close();
  }
}

async function measure(
  { engine, quick }: MeasureTask,
  { store, bare }: BenchStore,
  say: Say,
): Promise<LargeValuesResult> {
  const { client } = store;
  const streaming = await measureStreaming(engine, client, (quick ? 16 : 256) * MIB);
  for (const way of ["put", "get"] as const) {
    say(streamLine(way, streaming[way], streaming));
  }
  const sizes = quick ? [1, 2, 4] : [1, 2, 4, 8, 16, 32, 64];
  const growing = await measureGrowing(client, bare, sizes, quick ? 2 : 11);
  for (const figures of growing) say(growingLine(figures));
  return { engine, streaming, growing };
}

function streamLine(
  way: string,
  { millis, growth }: StreamFigures,
  { valueBytes }: StreamingResult,
): string {
  const mib = (bytes: number): string => `${(bytes / MIB).toFixed(0)} MiB`;
  const peaks = `heap and buffers +${mib(growth.heapAndExternal)}, resident +${mib(growth.rss)}`;
  return `${way} of ${mib(valueBytes)} in ${(millis / 1000).toFixed(1)} s; ${peaks}, held +${mib(growth.held)}`;
}

function growingLine({ name, sizes, fit, mibPerSecond }: GrowingFigures): string {
  const medians = sizes.map(({ millis }) => millis.median.toFixed(0)).join(", ");
  const line = `${fit.base.toFixed(0)} + ${fit.perMiB.toFixed(1)} ms/MiB, R² ${fit.r2.toFixed(4)}`;
  return `${name.padEnd(16)} ${medians} ms; ${line}; ${mibPerSecond.toFixed(0)} MiB/s`;
}
