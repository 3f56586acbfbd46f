/**
 * Large pages in processes of their own, as Node comes and with the options that README advises: how long one takes
 * at worst is for the most part how Node collects what the pages before it left.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { extname, join } from "node:path";
import type { EngineName } from "./engines.ts";
import type { LargePage, Latency, LatencyResult } from "./large-pages.ts";

/** Options of Node for a process of its own. */
type NodeSetting = { readonly name: string; readonly options: readonly string[] };

/**
 * Rows of an embedded engine are memory outside of the heap. As Node comes, a young generation that has grown lets
 * so much of it gather that V8 takes it for pressure (64 MB of it) and collects all of the heap, over and over; with
 * little room for young objects it goes with them, a few pages' worth at a time, and what lies outside is held
 * against the limit of the heap instead.
 */
const NODE_SETTINGS: readonly NodeSetting[] = [
  { name: "as Node comes", options: [] },
  {
    name: "as advised",
    options: [
      "--max-semi-space-size=4",
      "--external-memory-accounted-in-global-limit",
      "--initial-old-space-size=512",
    ],
  },
];

/** How long a page takes of one engine under one setting. */
export type LargePageResult = LatencyResult & {
  readonly engine: EngineName;
  readonly node: string;
  readonly nodeOptions: readonly string[];
};

/** What a process of its own is to time. */
export type LargePageTask = {
  readonly engine: EngineName;
  readonly page: LargePage;
  readonly quick: boolean;
};

/** Times such a page under each setting, one after another. Throws when a process ends without a result. */
export async function* largePagesIn(
  engine: EngineName,
  page: LargePage,
  quick: boolean,
): AsyncGenerator<LargePageResult> {
  for (const { name: node, options: nodeOptions } of NODE_SETTINGS) {
    const latency = await timedApart({ engine, page, quick }, nodeOptions);
    yield { engine, node, nodeOptions, ...latency };
  }
}

async function timedApart(task: LargePageTask, options: readonly string[]): Promise<LatencyResult> {
  const program = join(import.meta.dirname, `large-pages-process${extname(import.meta.filename)}`);
  const execArgv = [...process.execArgv, ...options];
  const child = fork(program, [JSON.stringify(task)], { execArgv });
  let result: LatencyResult | undefined;
  child.on("message", (message) => {
    result = message as LatencyResult;
  });
  const [code] = (await once(child, "close")) as [number | null, string | null];
  if (result !== undefined) return result;
  const found = `ended with ${code ?? "a signal"}`;
  throw new Error(`bench pages: the process for ${task.engine} ${found}, wanted its latencies`);
}

/** The result as a person reads it. */
export function lineOfLarge({ engine, page, node, pages, bare, ...own }: LargePageResult): string {
  const text = ({ p50, p99 }: Latency): string =>
    `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
  const beside = bare === null ? "" : `; the same rows by the engine's own iterator ${text(bare)}`;
  return `${engine}, ${page}, ${node}: ${text(own)}, ${pages} pages${beside}`;
}
