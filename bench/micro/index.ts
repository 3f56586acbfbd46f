/**
 * Door to the benches. Goal: ratios and orders of magnitude of single pieces, side by side in one run, with their
 * spread. Not a goal: absolute figures that hold on another machine, or under another load; no test asserts one.
 */
import { cpus } from "node:os";
import { engineBenches } from "./micro/engine.ts";
import type { MicroBench } from "./micro/micro-bench.ts";
import { modelBenches } from "./micro/model.ts";
import { runLoopRate } from "./micro/run-loop.ts";
import { type BenchReport, type BenchResult, spreadOf } from "./report.ts";

export { benchLine, type BenchReport, type BenchResult } from "./report.ts";

/** What is run and how long. */
export type BenchOptions = {
  /** Only benches whose name contains this. */
  readonly filter: string;
  /** A smoke test: a tenth of the time, a tenth of the events. */
  readonly quick: boolean;
  /** Called with each result as it comes. */
  readonly onResult?: (result: BenchResult) => void;
};

const RUN_LOOP = "simulator: bare run loop";
const RUN_LOOP_RUNS = 9;

/** Runs the benches one after another. Loads tinybench, which the rest of the package does not need. */
export async function runBenches(options: BenchOptions): Promise<BenchReport> {
  const wanted = (name: string): boolean => name.includes(options.filter);
  const benches: BenchResult[] = [];
  const take = (result: BenchResult): void => {
    benches.push(result);
    options.onResult?.(result);
  };
  for (const bench of [...(await engineBenches()), ...modelBenches()]) {
    if (wanted(bench.name)) take(await timed(bench, options.quick));
  }
  if (wanted(RUN_LOOP)) take(await timedRunLoop(options.quick));
  const [cpu] = cpus();
  return {
    node: process.version,
    machine: `${cpus().length} × ${cpu?.model.trim() ?? "unknown"}`,
    benches,
  };
}

async function timed(bench: MicroBench, quick: boolean): Promise<BenchResult> {
  const { Bench } = await import("tinybench");
  const tinybench = new Bench({
    time: quick ? 50 : 500,
    warmupTime: quick ? 20 : 250,
    throws: true,
    retainSamples: true,
  });
  tinybench.add(bench.name, bench.run);
  const [task] = await tinybench.run();
  const result = task?.result;
  if (result === undefined || !("latency" in result)) {
    throw new Error(`bench ${bench.name} gave no result: ${result?.state ?? "no task"}`);
  }
  const { samples = [] } = result.latency;
  const rates = samples.map((millis) => (bench.operations * 1000) / Math.max(millis, 1e-6));
  return { name: bench.name, unit: "operations per second", ...spreadOf(rates) };
}

async function timedRunLoop(quick: boolean): Promise<BenchResult> {
  const events = quick ? 30_000 : 300_000;
  await runLoopRate(events);
  const rates: number[] = [];
  for (let i = 0; i < RUN_LOOP_RUNS; i += 1) rates.push(await runLoopRate(events));
  return { name: RUN_LOOP, unit: "events per CPU-second", ...spreadOf(rates) };
}
