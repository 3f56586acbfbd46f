/**
 * What pages cost: bytes read of the engine in parts of those returned, engine reads a page, pages that came early,
 * pages that kept their time; and how long a page of 2 MiB takes, in processes of its own. Counts are taken at the
 * engine port, from a server that has seen each record once; they are the same on any machine as long as no page comes
 * early. A filter chooses among parts like "memory, uniform 1 KiB"; one that names cassandra or dynamodb runs them, too.
 */
import { itemBytes, type KvStore } from "kvdal";
import {
  ADVISED_LINE,
  NODE_SETTINGS,
  type NodeSetting,
  runApart,
  type UnderSetting,
} from "../apart.ts";
import type { BenchOptions, BenchPlace } from "../named-bench.ts";
import { benchPlace } from "../place.ts";
import type { ReadCounts } from "./counted-engine.ts";
import { type EngineName, ENGINES, isRemote } from "./engines.ts";
import {
  LARGE_PAGES,
  type LargePageResult,
  type LatencyResult,
  lineOfLarge,
} from "./large-pages.ts";
import type { LargePageTask } from "./large-pages-process.ts";
import { LONGEST_MILLIS, NAMESPACE, ROWS_PER_CALL_MAX, withStore } from "./store.ts";
import { type Address, type Workload, WORKLOADS } from "./workloads.ts";

const PAGE_BYTES = 64 * 1024;

/** One engine and workload. */
export type PagesResult = {
  readonly engine: EngineName;
  readonly workload: string;
  readonly pages: number;
  readonly bytesReadPerByteReturned: number;
  readonly readsPerPage: number;
  /** Share of pages that ended before they were half full, with rows left to look at and more to come. */
  readonly early: number;
  /** Share of pages answered within the namespace's longest latency. */
  readonly deadlineKept: number;
};

/** The report. */
export type PagesReport = BenchPlace & {
  readonly results: readonly PagesResult[];
  readonly largePages: readonly LargePageResult[];
};

/** Runs the parts that the filter fits; undefined when it fits none. */
export async function runPagesBench(options: BenchOptions): Promise<PagesReport | undefined> {
  const results: PagesResult[] = [];
  const largePages: LargePageResult[] = [];
  for (const engine of ENGINES) {
    const parts = WORKLOADS.filter(({ name }) => isWanted(options.filter, engine, name));
    const large = LARGE_PAGES.filter(
      ({ name }) => !isRemote(engine) && isWanted(options.filter, engine, name),
    );
    if (parts.length > 0) {
      await withStore(engine, async ({ store, counts }) => {
        for (const workload of parts) {
          const result = await measure(store, counts, engine, workload, options.quick);
          results.push(result);
          options.say(lineOf(result));
        }
      });
    }
    for (const page of large) {
      for (const setting of NODE_SETTINGS) {
        const task = { engine, page, quick: options.quick };
        const result = { engine, ...(await timedApart(task, setting)) };
        largePages.push(result);
        options.say(lineOfLarge(result));
      }
    }
  }
  if (results.length === 0 && largePages.length === 0) return undefined;
  if (largePages.length > 0) options.say(ADVISED_LINE);
  return { ...benchPlace(), results, largePages };
}

function timedApart(
  task: LargePageTask,
  setting: NodeSetting,
): Promise<LatencyResult & UnderSetting> {
  return runApart({ from: import.meta, program: "./large-pages-process.ts", task, setting });
}

function isWanted(filter: string, engine: EngineName, part: string): boolean {
  return `${engine}, ${part}`.includes(filter) && (!isRemote(engine) || filter.includes(engine));
}

async function measure(
  { client, engine }: KvStore,
  counts: ReadCounts,
  name: EngineName,
  workload: Workload,
  quick: boolean,
): Promise<PagesResult> {
  const address: Address = { namespace: NAMESPACE, id: workload.name };
  const bytesMax = engine.capabilities.inlineBytesMax;
  await workload.fill(client, address, { share: quick ? 0.1 : 1, bytesMax });
  const selection = { pageSizeBytes: PAGE_BYTES };
  // The server sees the sizes once; how it finds them out is not what is measured here.
  for await (const page of client.pages({ ...address, selection })) void page;
  const total = { pages: 0, returned: 0, early: 0, kept: 0 };
  const begun = { ...counts };
  let pageToken: Uint8Array | undefined;
  do {
    const before = { ...counts };
    const at = performance.now();
    const page = await client.getItems({ ...address, selection, pageToken });
    const millis = performance.now() - at;
    const bytes = page.items.reduce((sum, item) => sum + itemBytes(item), 0);
    const rows = counts.rowsExamined - before.rowsExamined;
    pageToken = page.nextPageToken;
    total.pages += 1;
    total.returned += bytes;
    if (pageToken !== undefined && 2 * bytes < PAGE_BYTES && rows < ROWS_PER_CALL_MAX) {
      total.early += 1;
    }
    if (millis <= LONGEST_MILLIS) total.kept += 1;
  } while (pageToken !== undefined);
  return {
    engine: name,
    workload: workload.name,
    pages: total.pages,
    bytesReadPerByteReturned: (counts.bytes - begun.bytes) / total.returned,
    readsPerPage: (counts.reads - begun.reads) / total.pages,
    early: total.early / total.pages,
    deadlineKept: total.kept / total.pages,
  };
}

function lineOf(result: PagesResult): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return (
    `${`${result.engine}, ${result.workload}`.padEnd(34)} ` +
    `read/returned ${result.bytesReadPerByteReturned.toFixed(3)}, ` +
    `reads a page ${result.readsPerPage.toFixed(2)}, early ${percent(result.early)}, ` +
    `in time ${percent(result.deadlineKept)}, ${result.pages} pages`
  );
}
