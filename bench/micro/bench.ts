/** Single pieces, timed by themselves. The parts that a filter chooses from are the pieces. */
import type { BenchOptions } from "../named-bench.ts";
import { benchPlace } from "../place.ts";
import { benchLine, type BenchReport, type BenchResult, spreadOf } from "../report.ts";
import { engineBenches } from "./engine.ts";
import type { MicroBench } from "./micro-bench.ts";
import { modelBenches } from "./model.ts";
import { runLoopRate } from "./run-loop.ts";

const RUN_LOOP = "simulator: bare run loop";
const RUN_LOOP_RUNS = 9;

/** Runs the benches one after another. Loads tinybench, which the rest of the package does not need. */
export async function runMicroBenches(options: BenchOptions): Promise<BenchReport | undefined> {
  const wanted = (name: string): boolean => name.includes(options.filter);
  const benches: BenchResult[] = [];
  const take = (result: BenchResult): void => {
    benches.push(result);
    options.say(benchLine(result));
  };
  for (const bench of [...(await engineBenches()), ...modelBenches()]) {
    if (wanted(bench.name)) take(await timed(bench, options.quick));
  }
  if (wanted(RUN_LOOP)) take(await timedRunLoop(options.quick));
  return benches.length === 0 ? undefined : { ...benchPlace(), benches };
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
