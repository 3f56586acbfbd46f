/** How much memory this process takes while something runs. */
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes above what there was before. */
export type MemoryGrowth = {
  /** Peak of the heap and of buffers beside it. */
  readonly heapAndExternal: number;
  /** Peak of the resident set, which also holds what native libraries take, and pages not given back. */
  readonly rss: number;
  /** What is still held at the end, after a collection: what an engine in this process keeps of the data. */
  readonly held: number;
};

const SAMPLE_MILLIS = 5;

/** Runs `work`, sampling the process's memory meanwhile. */
export async function watchMemory(work: () => Promise<void>): Promise<MemoryGrowth> {
  const collect = exposedCollector();
  await collect();
  const before = now();
  const peak = { ...before };
  const sample = (): void => {
    const { heap, rss } = now();
    peak.heap = Math.max(peak.heap, heap);
    peak.rss = Math.max(peak.rss, rss);
  };
  const timer = setInterval(sample, SAMPLE_MILLIS);
  try {
    await work();
    sample();
  } finally {
    clearInterval(timer);
  }
  await collect();
  return {
    heapAndExternal: peak.heap - before.heap,
    rss: peak.rss - before.rss,
    held: now().heap - before.heap,
  };
}

function now(): { heap: number; rss: number } {
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

/** Collects what is garbage; buffers are given back a turn after the objects that had them. */
function exposedCollector(): () => Promise<void> {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  return async () => {
    for (let i = 0; i < 3; i += 1) {
      gc();
      await setTimeout(20);
    }
  };
}
