/**
 * Put and get of 256 bytes beside what one would use without the layer. In this process: keyv's memory store, the
 * memory engine's port, the whole client, with a profile that says where the client's time goes. Over a wire: the
 * vendors' bare clients. The engines are the parts; a filter chooses among them by name.
 */
import { benchEngine, chosenEngines } from "../engines.ts";
import type { BenchOptions, BenchPlace } from "../named-bench.ts";
import { benchPlace } from "../place.ts";
import { contest, type ContestFigures } from "./contest.ts";
import { inMemory } from "./in-memory.ts";
import { onServer } from "./on-servers.ts";
import { type ModuleShare, profileByModule } from "./profile.ts";

/** Engines that this bench knows. */
export const COMPARE_ENGINES: readonly string[] = ["memory", "cassandra", "dynamodb"];

/** One engine's figures; `skipped` says why there are none. */
export type CompareResult =
  | {
      readonly engine: string;
      readonly contest: readonly ContestFigures[];
      /** Of the whole client in memory: puts and gets alike. */
      readonly profile?: readonly ModuleShare[];
    }
  | { readonly engine: string; readonly skipped: string };

/** The report. */
export type CompareReport = BenchPlace & { readonly engines: readonly CompareResult[] };

/** Runs it, engine by engine. */
export async function runCompareBench(options: BenchOptions): Promise<CompareReport | undefined> {
  const chosen = chosenEngines(COMPARE_ENGINES, options.engines);
  const names = chosen.filter((name) => name.includes(options.filter));
  if (names.length === 0) return undefined;
  const engines: CompareResult[] = [];
  for (const engine of names) {
    const result = engine === "memory" ? await inProcess(options) : await overWire(engine, options);
    engines.push(result);
    if ("skipped" in result) options.say(`${engine}: skipped, ${result.skipped}`);
    else for (const line of linesOf(result)) options.say(line);
  }
  return { ...benchPlace(), engines };
}

async function inProcess({ quick }: BenchOptions): Promise<CompareResult> {
  const { contestants, client, end } = await inMemory();
  try {
    const size = { rounds: quick ? 2 : 15, calls: quick ? 1_000 : 20_000 };
    const figures = await contest(contestants, "runs", size);
    const profile = await profileByModule(async () => {
      for (let i = 0; i < size.calls * (quick ? 1 : 5); i += 1) {
        await client.put(i % 1000);
        await client.get(i % 1000);
      }
    });
    return { engine: "memory", contest: figures, profile };
  } finally {
    await end();
  }
}

async function overWire(name: string, { quick }: BenchOptions): Promise<CompareResult> {
  const engine = await benchEngine(name);
  if (typeof engine === "string") return { engine: name, skipped: engine };
  try {
    const { contestants, end } = await onServer(engine);
    try {
      const size = { rounds: quick ? 2 : 7, calls: quick ? 50 : 1000 };
      return { engine: name, contest: await contest(contestants, "calls", size) };
    } finally {
      await end();
    }
  } finally {
    await engine.end();
  }
}

function linesOf(result: Exclude<CompareResult, { readonly skipped: string }>): readonly string[] {
  const lines = result.contest.map(({ name, verb, micros, ratio }) => {
    const spread = `${micros.p25.toFixed(1)} to ${micros.p75.toFixed(1)}`;
    const took = `${micros.median.toFixed(1).padStart(8)} µs a ${verb} (${spread})`;
    const times = `${ratio.median.toFixed(2)} times (${ratio.p25.toFixed(2)} to ${ratio.p75.toFixed(2)})`;
    return `${result.engine}: ${name.padEnd(36)} ${took.padEnd(38)}  ${times} the first`;
  });
  if (result.profile === undefined) return lines;
  const shares = result.profile.map(
    ({ module, share }) => `${(share * 100).toFixed(0)} % ${module}`,
  );
  return [...lines, `memory: CPU of the kvdal client: ${shares.join(", ")}`];
}
