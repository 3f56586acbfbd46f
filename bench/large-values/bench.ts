/**
 * Large values, each engine in processes of its own. First how much memory client and server take while a value of 256
 * MiB streams in and out, both in one process: it should be the windows of both, whatever the value's size; an engine
 * in memory holds the value beside. Then whether time grows as the size does, and what the layer costs beside the bare
 * driver that writes the same rows. The parts that a filter chooses from are the engines.
 */
import {
  ADVISED_LINE,
  NODE_SETTINGS,
  type NodeSetting,
  runApart,
  type UnderSetting,
} from "../apart.ts";
import type { BenchOptions, BenchPlace } from "../named-bench.ts";
import { benchPlace } from "../place.ts";
import type { LargeValuesResult, MeasureTask } from "./measure-engine.ts";

/** One engine's figures, from a process of its own. */
type MeasuredEngine = LargeValuesResult & UnderSetting;

/** The report. */
export type LargeValuesReport = BenchPlace & { readonly engines: readonly MeasuredEngine[] };

const ENGINES = ["memory", "rocksdb", "cassandra"];

/** Runs it, engine by engine. */
export async function runLargeValuesBench(
  options: BenchOptions,
): Promise<LargeValuesReport | undefined> {
  const names = ENGINES.filter((name) => name.includes(options.filter));
  if (names.length === 0) return undefined;
  const engines: MeasuredEngine[] = [];
  for (const engine of names) {
    for (const setting of NODE_SETTINGS) {
      const say = (line: string): void => options.say(`${engine}, ${setting.name}: ${line}`);
      engines.push(await measuredApart({ engine, quick: options.quick }, setting, say));
    }
  }
  options.say(ADVISED_LINE);
  return { ...benchPlace(), engines };
}

function measuredApart(
  task: MeasureTask,
  setting: NodeSetting,
  say: (line: string) => void,
): Promise<MeasuredEngine> {
  return runApart({ from: import.meta, program: "./process.ts", task, setting, say });
}
